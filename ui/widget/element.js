// The element <insights-help>: a button and a panel, or a panel in its place in the page.

const TAG = "insights-help";
const SLOW_MS = 400; // a reply that comes sooner needs no word that it is on its way
// The panel then fills the screen, so it is modal: nothing behind it can be seen, and nothing there may have the focus.
const SMALL = window.matchMedia("(max-width: 30em), (max-height: 26em)");
const TOUCH = window.matchMedia("(pointer: coarse)");
const DARK = window.matchMedia("(prefers-color-scheme: dark)");
const SHARED = new CSSStyleSheet();
SHARED.replaceSync(STYLES);

class InsightsHelp extends HTMLElement {
  static observedAttributes = OPTIONS;
  static contrast = contrast;

  #colours = new CSSStyleSheet();
  #say = null;
  #options = {};
  #asked = []; // earlier questions that a later one may refer to
  #pending = null;
  #warned = new Set();
  #alive = null;
  #shell = null;
  #isOpen = false;

  #words = make("span");
  #launcher = make("button", { type: "button", class: "launcher", click: () => this.open() }, icon(), this.#words);
  #title = make("div", { id: "title", class: "name", role: "heading", tabindex: "-1" });
  #new = make("button", { type: "button", class: "new", click: () => this.reset() });
  #close = make("button", { type: "button", class: "close", click: () => this.close() });
  #welcome = make("div", { class: "welcome" });
  #log = make("div", { class: "log", role: "log" });
  #scroll = make("div", { class: "scroll", role: "region", tabindex: "0" }, this.#welcome, this.#log);
  #label = make("label", { for: "box" });
  #hint = make("span", { id: "hint", class: "hint" });
  #box = make("textarea", {
    id: "box",
    rows: "1",
    autocomplete: "off",
    enterkeyhint: "send",
    "aria-describedby": "hint",
    keydown: (event) => this.#typed(event),
  });
  #send = make("button", { type: "button", class: "send", click: () => this.#submit() });
  #status = make("p", { class: "status", role: "status" });
  #about = make("p", { class: "about" });
  #content = [
    make("div", { class: "top" }, icon(), this.#title, this.#new, this.#close),
    this.#scroll,
    make(
      "div",
      { class: "composer" },
      make("div", { class: "words" }, this.#label, this.#hint, this.#status),
      make("div", { class: "row" }, this.#box, this.#send),
      this.#about,
    ),
  ];
  #root = make("section", { class: "root", keydown: (event) => this.#pressed(event) });

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [SHARED, this.#colours];
    shadow.append(this.#root);
  }

  connectedCallback() {
    this.#alive = new AbortController();
    const { signal } = this.#alive;
    SMALL.addEventListener("change", () => this.#refit(), { signal });
    DARK.addEventListener("change", () => this.#paint(), { signal });
    if (SMALL.matches) this.removeAttribute("open"); // it would cover the page unasked
    this.#configure();
  }

  disconnectedCallback() {
    this.#alive.abort();
    this.#halt();
    this.#isOpen = false;
    this.#shell?.remove();
    this.#shell = null;
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#alive || this.#alive.signal.aborted || before === now) return;
    if (name === "open") this.#followAttribute();
    else this.#configure();
  }

  /** The choices that could not be kept, a line each. */
  get refused() {
    return [...this.#warned];
  }

  /** Opens the panel and puts the focus into it. */
  open() {
    this.#show();
    // On a touch screen the box would open the keyboard over what there is to read.
    (TOUCH.matches ? this.#title : this.#box).focus();
  }

  /** Closes the panel; the conversation stays. */
  close() {
    if (this.#isInline || !this.#isOpen) return;
    const hadFocus = this.shadowRoot.activeElement !== null;
    this.#isOpen = false;
    this.#shell.close();
    this.removeAttribute("open");
    this.#launcher.hidden = false;
    if (hadFocus) this.#launcher.focus();
    this.#tell("close");
  }

  /** Asks `text` as if it had been typed; gives the reply, or null where there is none. */
  ask(text) {
    this.open();
    return this.#ask(String(text));
  }

  /** Forgets the conversation; what stands in the box stays. */
  reset() {
    const hadFocus = this.shadowRoot.activeElement !== null;
    this.#halt();
    this.#asked = [];
    this.#log.replaceChildren();
    this.#settle();
    if (hadFocus) this.#giveFocusBack(false);
  }

  get #isInline() {
    return this.#options.position === "inline";
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(`insights:${name}`, { detail, bubbles: true, composed: true }));
  }

  #warn(line) {
    if (this.#warned.has(line)) return;
    this.#warned.add(line);
    console.warn(`<${TAG}> ${line}`);
  }

  // --- What it looks like and says ------------------------------------------------------------------------------------

  #configure() {
    const options = optionsFrom(
      (name) => this.getAttribute(name),
      (line) => this.#warn(line),
    );
    const language = languageFor(options.language);
    if (language in TEXTS) this.#speak(options, language);
    else textsIn(language).then((spoken) => this.isConnected && this.#speak(options, spoken));
  }

  #speak(options, language) {
    const { direction } = TEXTS[language];
    const position = options.position ?? (direction === "rtl" ? "bottom-left" : "bottom-right");
    this.#options = { ...options, position };
    this.#say = { ...TEXTS[language], language, tag: (depth) => `h${Math.min(options.heading + depth, 6)}` };
    this.#root.lang = language;
    this.#root.dir = direction;
    this.#write(options.heading);
    this.#place(position);
    this.#paint();
    this.#followAttribute();
  }

  #write(level) {
    const say = this.#say;
    const { title, welcome, questions } = this.#options;
    const name = title ?? SITE.title;
    this.#words.textContent = title ?? say.welcome_title;
    this.#title.textContent = name;
    this.#title.setAttribute("aria-level", level);
    this.#root.setAttribute("aria-label", name);
    this.#new.textContent = say.new_conversation;
    this.#close.replaceChildren(make("span", { "aria-hidden": "true" }, "×"), unseen(say.close));
    this.#scroll.setAttribute("aria-label", say.conversation);
    this.#label.textContent = say.box_label;
    this.#hint.textContent = say.box_hint;
    this.#send.textContent = say.ask;
    this.#about.replaceChildren(`${say.about} `, make("strong", {}, say.emergency));
    const buttons = (questions ?? SITE.examples).map((question) =>
      make("button", { type: "button", class: "example", dir: "auto", click: () => this.#ask(question) }, question),
    );
    this.#welcome.replaceChildren(
      ...(name === say.welcome_title ? [] : [make(say.tag(1), {}, say.welcome_title)]),
      make("p", { dir: "auto" }, welcome ?? say.welcome),
      ...(buttons.length ? [make("p", { class: "label" }, say.examples), ...buttons] : []),
    );
    this.#settle();
  }

  // A dialog over the page, or a part of the page.
  #place(position) {
    const tag = position === "inline" ? "div" : "dialog";
    this.#root.className = `root ${position}`;
    if (this.#shell?.localName === tag) return;
    this.#isOpen = tag === "div";
    this.#shell = make(tag, { class: "panel", "aria-labelledby": tag === "dialog" && "title" });
    this.#shell.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    this.#shell.addEventListener("close", () => {
      if (!this.#shell?.hasAttribute("open")) this.close();
    });
    this.#shell.append(...this.#content);
    this.#close.hidden = tag === "div";
    this.#launcher.hidden = false;
    this.#root.replaceChildren(...(tag === "div" ? [] : [this.#launcher]), this.#shell);
  }

  #paint() {
    const { scheme, accent, onAccent } = this.#options;
    const isDark = scheme === "dark" || (scheme === "auto" && DARK.matches);
    this.#root.classList.toggle("dark", isDark);
    const papers = PAPERS[isDark ? "dark" : "light"];
    const isReadable = accent && papers.every((paper) => contrast(accent, paper) >= AA);
    const own = accent ? `--fill:${accent};--on-fill:${onAccent};${isReadable ? `--accent:${accent}` : ""}` : "";
    this.#colours.replaceSync(`.root.root{${own}}`);
  }

  // --- Open and closed ------------------------------------------------------------------------------------------------

  #followAttribute() {
    const wished = this.hasAttribute("open") && this.getAttribute("open") !== "false";
    if (!this.#shell || this.#isInline || wished === this.#isOpen) return;
    if (wished) this.#show();
    else this.close();
  }

  // Without moving the focus, but where the panel is modal.
  #show() {
    if (this.#isOpen || !this.#shell) return;
    this.#isOpen = true;
    this.#lift();
    this.#launcher.hidden = true;
    this.setAttribute("open", "");
    this.#tell("open");
  }

  #lift() {
    if (SMALL.matches) this.#shell.showModal();
    else this.#shell.setAttribute("open", "");
  }

  // The window changed between a size where the panel is modal and one where it is not.
  #refit() {
    if (this.#isInline || !this.#isOpen) return;
    const focused = this.shadowRoot.activeElement;
    const top = this.#scroll.scrollTop;
    this.#shell.close();
    this.#lift();
    this.#scroll.scrollTop = top;
    focused?.focus({ preventScroll: true });
  }

  #pressed(event) {
    if (event.key !== "Escape" || event.isComposing || this.#isInline || !this.#isOpen) return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }

  // --- Asking ---------------------------------------------------------------------------------------------------------

  #typed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    if (this.#pending) return;
    const question = this.#box.value;
    if (question.trim()) {
      this.#ask(question);
      return;
    }
    this.#status.textContent = this.#say.replies.empty;
    this.#box.focus();
  }

  async #ask(question, failed = null) {
    if (this.#pending || !question.trim()) return null;
    const controller = (this.#pending = new AbortController());
    const say = this.#say;
    this.#status.textContent = "";
    this.#send.setAttribute("aria-disabled", "true");
    const word = window.setTimeout(() => {
      if (this.#pending === controller) this.#status.textContent = say.waiting;
    }, SLOW_MS);
    let reply = null;
    let turn = null;
    try {
      reply = await lookUp({ question, history: this.#asked, ...this.#options.locale }, controller, say);
      turn = replyTurn(reply, say, (instead) => this.#ask(instead));
    } catch (error) {
      if (this.#pending !== controller) return null; // the conversation was forgotten meanwhile
      reply = null;
      // A reply that cannot be shown is a fault, and a fault is never an abstention.
      const found = error instanceof Error ? trouble("fault") : error;
      turn = troubleTurn(question, found, say, (old) => this.#ask(question, old));
    } finally {
      window.clearTimeout(word);
    }
    if (this.#pending !== controller) return null;
    this.#pending = null;
    this.#append(turn, question, failed, reply);
    if (!reply) return null;
    if (reply.kind === "answer" || reply.reason === "no_evidence") this.#asked = [...this.#asked, reply.question];
    this.#tell("reply", reply);
    return reply;
  }

  #append(turn, question, failed, reply) {
    const focused = this.shadowRoot.activeElement;
    failed?.remove();
    this.#log.append(turn);
    this.#settle();
    for (const box of [this.#shell, this.#scroll]) {
      box.scrollTop += turn.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientTop;
    }
    if (reply && reply.reason !== "too_long") {
      if (this.#box.value === question) this.#box.value = "";
    } else if (!this.#box.value.trim()) {
      this.#box.value = question;
    }
    if (focused) this.#giveFocusBack(focused === this.#box);
  }

  // On a touch screen the box would open the keyboard over the reply, so focus goes there only if it was there.
  #giveFocusBack(hadBox) {
    (TOUCH.matches && !hadBox ? this.#send : this.#box).focus({ preventScroll: true });
  }

  #halt() {
    this.#pending?.abort();
    this.#pending = null;
  }

  #settle() {
    const isEmpty = !this.#log.firstChild;
    this.#welcome.hidden = !isEmpty;
    this.#new.hidden = isEmpty;
    if (this.#pending) return;
    this.#status.textContent = "";
    this.#send.removeAttribute("aria-disabled");
  }
}
