// Keeps the conversation: appends each turn to the log, gives the focus back, copies quotes, sets the size of the text.
"use strict";

window.insights = (() => {
  const SLOW_MS = 400; // a reply that comes sooner needs no word that it is on its way
  const STILL_FRAMES = 6; // a tenth of a second
  let asked = null;
  let timer = null;
  let draft = ""; // what was in the box when a button asked something else

  const byId = (id) => document.getElementById(id);
  const box = () => document.querySelector("#box textarea");
  const idle = () => document.querySelectorAll("#new, .example");
  const isOnTouchScreen = () => window.matchMedia("(pointer: coarse)").matches;

  const say = (text) => {
    byId("status").textContent = text;
  };

  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  // Said here because a server that is not there cannot say it.
  const unreachable = (question) => {
    const said = byId("log").dataset;
    return make(
      "section",
      { class: "turn", "data-keep": "" },
      make(
        "h2",
        { class: "asked" },
        make("span", { class: "label" }, said.asked),
        make("span", { class: "question", dir: "auto" }, question),
      ),
      make(
        "div",
        { class: "error" },
        make("h3", { class: "label" }, said.errorLabel),
        make("p", {}, said.unreachable),
      ),
    );
  };

  const parsed = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.querySelector(".turn");
  };

  const settle = () => {
    window.clearTimeout(timer);
    say("");
    for (const button of idle()) button.disabled = false;
  };

  // On a touch screen the box would open the keyboard over the reply, so focus goes there only if it was there.
  const giveFocusBack = (hadBox) => {
    const target = isOnTouchScreen() && !hadBox ? document.querySelector("#send") : box();
    target.focus({ preventScroll: true });
  };

  // Before the question goes out. What comes after it, Gradio's state and the language, passes through.
  const begin = (question, ...others) => {
    asked = question;
    window.insights.hush();
    window.clearTimeout(timer);
    timer = window.setTimeout(() => say(byId("log").dataset.waiting), SLOW_MS);
    for (const button of idle()) button.disabled = true;
    return [question, ...others];
  };

  // Gives what the box is to hold: what was typed, unless it has been looked up.
  const append = (turn, typed) => {
    const hadBox = document.activeElement === box();
    settle();
    window.insights.offer(turn);
    byId("log").append(turn);
    turn.scrollIntoView({ block: "start", behavior: "instant" });
    giveFocusBack(hadBox);
    if ("keep" in turn.dataset) return typed.trim() ? typed : asked;
    if (typed !== asked) return typed;
    const kept = draft;
    draft = "";
    return kept;
  };

  const show = (typed, latest) => append(parsed(latest), typed);

  const fail = (typed) => append(unreachable(asked), typed);

  const clear = () => {
    window.insights.hush();
    settle();
    byId("log").replaceChildren();
    window.scrollTo({ top: 0, behavior: "instant" });
    giveFocusBack(false);
  };

  // Outside https the clipboard is shut, but a selection can still be copied.
  const copyBySelection = (text) => {
    const area = make("textarea", { readonly: "", class: "unseen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  };

  const copy = async (button) => {
    const text = button.dataset.copy;
    let copied = false;
    try {
      await navigator.clipboard.writeText(text);
      copied = true;
    } catch {
      copied = copyBySelection(text);
      button.focus({ preventScroll: true });
    }
    const said = byId("log").dataset;
    button.parentElement.querySelector(".copied").textContent = copied ? said.copied : said.notCopied;
  };

  // Where no reply comes, Gradio would wait for the server and then load the page anew, and what was typed and read would
  // be gone. A refusal in its own form makes it an error like any other.
  const fetched = window.fetch.bind(window);
  const refused = () =>
    new Response('{"error": "no reply"}', { status: 503, headers: { "content-type": "application/json" } });
  window.fetch = async (address, options) => {
    if (!String(address).includes("/gradio_api/run/")) return fetched(address, options);
    try {
      const response = await fetched(address, options);
      return response.headers.get("content-type")?.startsWith("application/json") ? response : refused();
    } catch {
      return refused();
    }
  };

  // Asks what a button says, and leaves what is being typed in the box for afterwards.
  const ask = (question) => {
    draft = box().value;
    box().value = question;
    box().dispatchEvent(new Event("input", { bubbles: true }));
    document.querySelector("#send").click();
  };

  // Gradio declares the page to be in the browser's language, whatever it was sent in.
  const root = document.documentElement;
  const language = root.lang;
  new MutationObserver(() => {
    if (root.lang !== language) root.lang = language;
  }).observe(root, { attributeFilter: ["lang"] });

  // Gradio builds the page in pieces, whose styles come one by one. It is shown when nothing has moved for some frames.
  const settleDown = (before, stillFrames) => {
    const send = byId("send");
    const top = send ? send.getBoundingClientRect().top : null;
    const still = top !== null && top === before ? stillFrames + 1 : 0;
    if (still >= STILL_FRAMES) root.classList.add("settled");
    else window.requestAnimationFrame(() => settleDown(top, still));
  };
  settleDown(null, 0);

  // The size of all text, in percent of the usual one. What stands at the top of the window stays there.
  const resize = (button) => {
    for (const other of document.querySelectorAll("[data-size]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    const before = button.getBoundingClientRect().top;
    root.dataset.textSize = button.dataset.size;
    window.scrollBy({ top: button.getBoundingClientRect().top - before, behavior: "instant" });
  };

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    if ("copy" in button.dataset) copy(button);
    else if ("ask" in button.dataset) ask(button.dataset.ask);
    else if ("size" in button.dataset) resize(button);
  });

  return { begin, show, fail, clear };
})();
