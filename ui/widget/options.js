// What a site owner may choose, and what is said when a choice cannot be kept.

const OPTIONS = [
  "title",
  "welcome",
  "questions",
  "position",
  "accent",
  "on-accent",
  "scheme",
  "language",
  "heading",
  "locale",
  "open",
];
const SPOKEN = [...Object.keys(TEXTS), ...OTHERS]; // the language that came with the script first
const POSITIONS = ["bottom-right", "bottom-left", "inline"];
const SCHEMES = ["auto", "light", "dark"];
const MAX_QUESTIONS = 8;
const AA = 4.5; // WCAG 2.2, 1.4.3
// What text in the accent colour stands on, by scheme (see widget.css).
const PAPERS = { light: ["#ffffff", "#e6f0f1"], dark: ["#182123", "#1c2e32"] };

const HEX = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

const sixDigits = (colour) => (colour.length === 4 ? colour.replace(/[^#]/g, "$&$&") : colour);

// Relative luminance, WCAG 2.2.
const luminance = (colour) => {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => parseInt(sixDigits(colour).slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

const listed = (text) => {
  const parts = text.trim().startsWith("[") ? JSON.parse(text) : text.split("|");
  if (!parts.every((part) => typeof part === "string")) throw new TypeError();
  return parts.map((part) => part.trim()).filter(Boolean).slice(0, MAX_QUESTIONS);
};

// `read(name)` gives an attribute or null; `warn` is called with one line for each choice that cannot be kept.
const optionsFrom = (read, warn) => {
  const refuse = (name, wanted) => warn(`${name}="${read(name)}" is not used: wanted ${wanted}. The default stays.`);
  const among = (name, known) => {
    const value = read(name);
    if (value === null || known.includes(value)) return value;
    refuse(name, known.join(", "));
    return null;
  };
  const colour = (name) => {
    const value = read(name);
    if (value === null || HEX.test(value)) return value;
    refuse(name, "a colour like #0b5563");
    return null;
  };

  let questions = null;
  if (read("questions") !== null) {
    try {
      questions = listed(read("questions"));
    } catch {
      refuse("questions", 'a JSON list of texts, or texts with "|" between them');
    }
  }

  let accent = colour("accent");
  let onAccent = colour("on-accent");
  if (onAccent && !accent) {
    if (read("accent") === null) refuse("on-accent", "an accent with it");
    onAccent = null;
  }
  if (accent && !onAccent) onAccent = contrast(accent, "#ffffff") >= AA ? "#ffffff" : "#15201f";
  if (accent && contrast(accent, onAccent) < AA) {
    const ratio = Math.floor(contrast(accent, onAccent) * 100) / 100;
    warn(`${onAccent} on ${accent} is not used: its contrast is ${ratio}, wanted at least ${AA} (WCAG AA). The default stays.`);
    accent = onAccent = null;
  }

  return {
    title: read("title"),
    welcome: read("welcome"),
    questions,
    accent,
    onAccent,
    position: among("position", POSITIONS),
    scheme: among("scheme", SCHEMES) ?? "auto",
    locale: read("locale") && { locale: read("locale") }, // as a part of what is sent
    language: among("language", SPOKEN),
    heading: Number(among("heading", ["1", "2", "3", "4"]) ?? 2),
  };
};

const languageFor = (chosen) => {
  const wished = [document.documentElement.lang, ...(navigator.languages ?? [])];
  const known = wished.map((tag) => tag.toLowerCase().split("-")[0]).find((tag) => SPOKEN.includes(tag));
  return chosen ?? known ?? SPOKEN[0];
};
