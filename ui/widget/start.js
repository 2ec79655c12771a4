// Defines the element, and puts one into the page where the page has none.

const place = () => {
  if (!SCRIPT || document.querySelector(TAG)) return;
  const element = document.createElement(TAG);
  for (const name of OPTIONS) {
    const value = SCRIPT.getAttribute(`data-${name}`);
    if (value !== null) element.setAttribute(name, value);
  }
  if (element.getAttribute("position") === "inline" && document.body.contains(SCRIPT)) SCRIPT.after(element);
  else document.body.append(element);
};

if (!customElements.get(TAG)) {
  customElements.define(TAG, InsightsHelp);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place, { once: true });
  else place();
}
