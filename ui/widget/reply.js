// A reply as elements: notices first, then quotes, or in plain words why there are none. As ui/render.py does it.

const LIST_ITEM = /^\s*(?:[-*+•◦▪–·]|(\(?[0-9]{1,3}[.)]|[a-z][.)]))\s/u;
const MAX_ECHO = 300; // characters of a question that was not looked up

// The pieces of a line, with the marked ranges (offsets in code points) in <mark>.
const marked = (points, offset, marks) => {
  const pieces = [];
  let done = 0;
  for (const [start, end] of marks) {
    const [first, last] = [Math.max(start - offset, done), Math.min(end - offset, points.length)];
    if (first >= last) continue;
    pieces.push(points.slice(done, first).join(""), make("mark", {}, points.slice(first, last).join("")));
    done = last;
  }
  return [...pieces, points.slice(done).join("")];
};

// A block for each line; the text content stays `text` exactly.
const prose = (text, marks = []) => {
  const pieces = [];
  const sorted = [...marks].sort((one, other) => one[0] - other[0]);
  let start = 0;
  let afterGap = false;
  for (const [number, line] of text.split("\n").entries()) {
    const points = Array.from(line);
    if (number) pieces.push("\n");
    if (line) {
      const item = LIST_ITEM.exec(line);
      const list = item ? (item[1] ? " item numbered" : " item") : "";
      pieces.push(make("span", { class: `line${list}${afterGap ? " gap" : ""}` }, ...marked(points, start, sorted)));
    }
    afterGap = number > 0 && !line;
    start += points.length + 1;
  }
  return pieces;
};

const sectionOf = (headings, title) =>
  headings
    .map(squeezed)
    .filter((heading) => heading.toLowerCase() !== title.toLowerCase())
    .join(" › ");

// The quote with all that is needed to find and check it again. The same text as the chat's.
const citedCopy = (quote, say) => {
  const { source } = quote;
  const section = sectionOf(quote.headings, source.title);
  const place = filled(say.characters, quote);
  return [
    `“${quote.text}”`,
    "",
    section ? filled(say.cited_section, { title: source.title, section }) : source.title,
    ...(quote.page ? [`${say.page}: ${quote.page}`] : []),
    `${say.publisher}: ${stated(source.publisher, say)}`,
    `${say.reviewed}: ${longDate(source.reviewed, say)}`,
    `${say.original}: ${stated(quote.original, say)}`,
    `${say.document}: ${quote.document}, ${say.digest} ${quote.sha256.slice(0, 12)}, ${place}`,
  ].join("\n");
};

// Outside https the clipboard is shut, but a selection can still be copied.
const copyBySelection = (text, beside) => {
  const area = make("textarea", { readonly: true, class: "unseen", "aria-hidden": "true" });
  area.value = text;
  beside.after(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  beside.focus({ preventScroll: true });
  return copied;
};

const copyButton = (quote, label, say) => {
  const said = make("span", { class: "copied" });
  const click = async () => {
    const text = citedCopy(quote, say);
    let copied = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      copied = copyBySelection(text, button);
    }
    said.textContent = copied ? say.copied : say.not_copied;
  };
  const button = make("button", { type: "button", class: "quiet", click }, say.copy, unseen(`, ${label}`));
  return [button, said];
};

const sourceLink = (place, label, context, say) => {
  const href = sourceAddress(place.link);
  const hidden = unseen(["", context, say.new_tab].filter((words, n) => !n || words).join(", "));
  return href ? make("a", { class: "quiet", href, target: "_blank", rel: "noopener" }, label, hidden) : label;
};

// At the place where the quote begins, if that is known.
const originalLink = (place, context, say) => {
  const href = outwardAddress(place.original);
  const hidden = unseen(["", context, say.new_tab].join(", "));
  return href ? [make("a", { class: "quiet", href, target: "_blank", rel: "noopener noreferrer" }, say.open_original, hidden)] : [];
};

const fact = (name, value) => make("div", {}, make("dt", {}, name), make("dd", {}, value));

const citation = (place, say) => {
  const { source } = place;
  const section = sectionOf(place.headings, source.title);
  const caption = make("figcaption", { class: "citation" }, english("p", { class: "title" }, make("cite", {}, source.title)));
  if (section) caption.append(make("p", { class: "section" }, `${say.section}: `, english("span", {}, section)));
  caption.append(
    make(
      "dl",
      { class: "facts" },
      ...(place.page ? [fact(say.page, english("span", {}, place.page))] : []),
      fact(say.publisher, stated(source.publisher, say)),
      fact(say.reviewed, longDate(source.reviewed, say)),
      fact(say.licence, stated(source.licence, say)),
    ),
  );
  if (place.overdue) {
    caption.append(make("p", { class: "overdue" }, filled(say.overdue, { day: longDate(source.review_due, say) })));
  }
  return caption;
};

const figure = (place, say) => {
  const marks = (place.evidence ?? []).map(([start, end]) => [start - place.start, end - place.start]);
  const text = english("blockquote", { class: "quote-text" }, ...prose(place.text, marks));
  return make("figure", {}, text, citation(place, say));
};

const alsoIn = (places, say) => {
  const item = (place) => {
    const title = english("span", {}, place.title ?? place.document);
    const section = sectionOf(place.headings ?? [], place.title ?? "");
    return make("li", {}, sourceLink(place, title, section, say));
  };
  return make("div", { class: "also" }, make("p", {}, say.also_in), make("ul", {}, ...places.map(item)));
};

const quoteCard = (quote, label, say) =>
  make(
    "article",
    { class: "card quote" },
    make(say.tag(2), { class: "label" }, label),
    make("p", { class: "sureness" }, say.sureness[quote.sureness]),
    figure(quote, say),
    ...(quote.also_in.length ? [alsoIn(quote.also_in, say)] : []),
    make(
      "div",
      { class: "actions" },
      sourceLink(quote, say.show_in_source, label, say),
      ...originalLink(quote, label, say),
      ...copyButton(quote, label, say),
    ),
  );

const answerParts = (reply, say) => {
  const count = reply.quotes.length;
  const label = (n) => (count > 1 ? filled(say.quote_of, { number: n + 1, count }) : say.quote);
  const cards = reply.quotes.map((quote, n) => quoteCard(quote, label(n), say));
  return [...cards, make("p", { class: "legend" }, say.marked)];
};

const closestCard = (place, say) =>
  make(
    "article",
    { class: "card closest" },
    make(say.tag(3), { class: "label" }, say.not_an_answer),
    figure(place, say),
    make(
      "div",
      { class: "actions" },
      sourceLink(place, say.show_in_source, say.not_an_answer, say),
      ...originalLink(place, say.not_an_answer, say),
    ),
  );

const topicItem = (place, say) => make("li", {}, sourceLink(place, english("span", {}, squeezed(place.text)), "", say));

const abstentionParts = (reply, say) => {
  const { reason, closest } = reply;
  const kind = ["no_evidence", "overdue"].includes(reason) ? "none" : "talk";
  const made = make(
    "div",
    { class: `abstention ${kind}` },
    make(say.tag(2), { class: "label" }, say.labels[reason]),
    make("p", {}, say.replies[reason]),
  );
  if (closest.length && reason === "topics") {
    made.append(make("ul", { class: "topics" }, ...closest.map((place) => topicItem(place, say))));
  } else if (closest.length) {
    const cards = closest.map((place) => closestCard(place, say));
    made.append(make("details", {}, make("summary", {}, say.closest), ...cards));
  }
  return [made];
};

const outward = (link, label, kind) => {
  const href = outwardAddress(link);
  if (!href) return make("p", {}, label);
  return make("p", { class: kind }, make("a", { href, target: "_blank", rel: "noopener noreferrer" }, label));
};

// Dials; a device without a telephone leaves it at the number, which stands there to be read.
const callLink = (number, say) => {
  const [before, after] = say.notice_call.split("{link}");
  const href = `tel:${number.replace(/[^0-9+*#]/g, "")}`;
  return make("a", { class: "call", href }, make("span", {}, before, make("bdi", { dir: "ltr" }, number), after));
};

const noticeParts = (notice, say, ask) => {
  const { link, instead } = notice;
  const isCall = /^tel:/i.test(link ?? "");
  const numbers = [...new Set([...(notice.numbers ?? []), ...(isCall ? [link.slice(4)] : [])])];
  const own = say.notice_texts[notice.kind];
  const text = own ? make("p", {}, own) : english("p", {}, notice.text);
  const made = make("div", { class: `notice ${notice.kind}` }, make(say.tag(2), { class: "label" }, say.notices[notice.kind]), text);
  if (numbers.length) made.append(make("p", { class: "actions" }, ...numbers.map((number) => callLink(number, say))));
  if (link && !isCall) {
    const shown = link.replace(/^(?:https?:\/\/|mailto:)|\/$/g, "");
    made.append(outward(link, filled(say.notice_link, { link: shown }), "notice-link"));
  }
  if (instead) {
    const label = filled(say.notice_instead, { question: instead });
    const button = make("button", { type: "button", class: "quiet", click: () => ask(instead) }, label);
    made.append(make("p", { class: "actions" }, button));
  }
  return made;
};

const turnOf = (question, say, ...body) => {
  const asked = question.trim();
  const heading = make(
    say.tag(1),
    { class: "asked" },
    make("span", { class: "label" }, say.asked),
    make("span", { class: "question", dir: "auto" }, asked),
  );
  return make("section", { class: "turn" }, ...(asked ? [heading] : []), ...body);
};

const replyTurn = (reply, say, ask) => {
  const lookedUpAs =
    reply.asked_as.trim() === reply.question.trim()
      ? []
      : [make("p", { class: "asked-as" }, `${say.looked_up_as} `, english("q", {}, reply.asked_as))];
  const body = reply.kind === "answer" ? answerParts(reply, say) : abstentionParts(reply, say);
  const notices = reply.notices.map((notice) => noticeParts(notice, say, ask));
  return turnOf(reply.question, say, ...notices, ...lookedUpAs, ...body);
};

// What stands in the place of a reply when there is none. It never looks like an abstention.
const troubleTurn = (question, trouble, say, retry) => {
  const points = Array.from(question.trim());
  const short = points.length > MAX_ECHO ? `${points.slice(0, MAX_ECHO).join("").trimEnd()}…` : question;
  const button = make("button", { type: "button", class: "retry", click: () => retry(turn) }, say.retry);
  const said = trouble.said
    ? english("p", {}, trouble.said)
    : make("p", {}, filled(say.troubles[trouble.code], { wait: trouble.wait }));
  const box = make(
    "div",
    { class: `error ${trouble.code}` },
    make(say.tag(2), { class: "label" }, say.trouble_labels[trouble.code] ?? say.error_label),
    said,
    ...(["refused", "too_long"].includes(trouble.code) ? [] : [make("div", { class: "actions" }, button)]),
  );
  const turn = turnOf(short, say, box);
  return turn;
};
