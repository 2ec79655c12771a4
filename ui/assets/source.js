// Marks the range that the address names (#start-end, in code points), brings it into view and moves the focus to it.
"use strict";

(() => {
  const text = document.getElementById("text");
  const place = document.getElementById("place");
  if (!text || !place) return;

  const clear = () => {
    for (const mark of text.querySelectorAll("mark")) mark.replaceWith(...mark.childNodes);
    text.normalize();
  };

  // The UTF-16 offset in `data` of its code point number `count`: JavaScript counts other units than Python.
  const unitsOf = (data, count) => {
    let units = 0;
    for (let point = 0; point < count; point += 1) units += data.codePointAt(units) > 0xffff ? 2 : 1;
    return units;
  };

  // One mark for each piece of text in [start, end); none if the range does not lie in the text.
  const mark = (start, end) => {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    const pieces = [];
    let done = 0;
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const length = [...node.data].length;
      const [first, last] = [Math.max(start - done, 0), Math.min(end - done, length)];
      if (first < last) pieces.push([node, unitsOf(node.data, first), unitsOf(node.data, last)]);
      done += length;
    }
    if (!(start < end && end <= done)) return [];
    return pieces.map(([node, first, last]) => {
      const range = document.createRange();
      range.setStart(node, first);
      range.setEnd(node, last);
      const element = document.createElement("mark");
      range.surroundContents(element);
      return element;
    });
  };

  // On which page of the original a position stands, and a link to there, as far as they are known.
  const showOriginal = (start) => {
    const [, page, original] = JSON.parse(place.dataset.places ?? "[]").findLast(([first]) => first <= start) ?? [];
    if (page) place.append(` ${page}.`);
    if (!/^https?:/i.test(original ?? "")) return;
    const link = document.createElement("a");
    link.href = original;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.textContent = place.dataset.original;
    place.append(" ", link);
  };

  const show = () => {
    clear();
    place.textContent = "";
    place.className = "";
    const hash = window.location.hash;
    if (hash.length < 2) return;
    const numbers = /^#(\d{1,12})-(\d{1,12})$/.exec(hash);
    const marks = numbers ? mark(Number(numbers[1]), Number(numbers[2])) : [];
    if (marks.length === 0) {
      place.className = "missing";
      place.textContent = place.dataset.notFound;
      return;
    }
    place.textContent = place.dataset.found.replace("{start}", numbers[1]).replace("{end}", numbers[2]);
    showOriginal(Number(numbers[1]));
    const seen = marks.find((element) => element.textContent.trim()) ?? marks[0];
    seen.tabIndex = -1;
    seen.scrollIntoView({ block: "start", behavior: "instant" });
    seen.focus({ preventScroll: true });
  };

  window.addEventListener("hashchange", show);
  show();
})();
