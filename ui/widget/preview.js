// The page on which a site owner tries the widget: makes it anew at each choice, and the lines to copy.
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const form = byId("options");
  const server = new URL(".", document.baseURI);
  const escaped = (text) =>
    text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

  // The chosen options as [name, value], those at their default left out.
  const chosen = () => {
    const options = [];
    for (const field of form.elements) {
      if (field.type === "checkbox") {
        if (field.checked) options.push([field.name, ""]);
      } else if (field.name === "questions") {
        const questions = field.value.split("\n").map((line) => line.trim()).filter(Boolean);
        if (questions.length) options.push([field.name, JSON.stringify(questions)]);
      } else if (field.value.trim()) {
        options.push([field.name, field.value.trim()]);
      }
    }
    return options;
  };

  const show = () => {
    const options = chosen();
    const attributes = options.map(([name, value]) => (value ? ` data-${name}="${escaped(value)}"` : ` data-${name}`));
    const framed = new URL("embed", server);
    for (const [name, value] of options) {
      if (["language", "scheme", "accent", "on-accent"].includes(name)) framed.searchParams.set(name, value);
    }
    const title = byId("title").value.trim() || byId("title").placeholder;
    byId("snippet").textContent = `<script src="${escaped(new URL("widget.js", server).href)}"${attributes.join("")} defer></script>`;
    byId("iframe").textContent =
      `<iframe src="${escaped(framed.href)}" title="${escaped(title)}" allow="clipboard-write" width="100%" height="640"></iframe>`;
    byId("host").textContent = server.origin;

    const element = document.createElement("insights-help");
    for (const [name, value] of options) element.setAttribute(name, value);
    const isInline = byId("position").value === "inline";
    for (const old of document.querySelectorAll("insights-help")) old.remove();
    (isInline ? byId("stage") : document.body).append(element);
    byId("where").textContent = isInline
      ? "Here it is, as it will be in your page."
      : "It is in the corner of this page, as it will be on yours.";
    byId("contrast").textContent = element.refused.join(" ");
  };

  const copy = async (button) => {
    const said = button.parentElement.querySelector(".said");
    try {
      await navigator.clipboard.writeText(byId(button.dataset.copy).textContent);
      said.textContent = "Copied";
    } catch {
      window.getSelection().selectAllChildren(byId(button.dataset.copy));
      said.textContent = "Selected: copy it with the keyboard or the menu.";
    }
  };

  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(button));
  show();
})();
