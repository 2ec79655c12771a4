// Small tools: elements without any HTML text, filled-in sentences, dates, addresses.

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
};

const SVG = "http://www.w3.org/2000/svg";

const icon = () => {
  const image = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  image.setAttribute("viewBox", "5 5 22 19");
  image.setAttribute("class", "icon");
  image.setAttribute("aria-hidden", "true");
  path.setAttribute("fill", "currentColor");
  path.setAttribute(
    "d",
    "M7 21v-6c0-4 2-6.500 5.500-7v2.800c-1.700.4-2.500 1.600-2.500 3.200h3v7zm11 0v-6c0-4 2-6.500 5.500-7v2.800c-1.700.4-2.500 1.600-2.500 3.200h3v7z",
  );
  image.append(path);
  return image;
};

const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

const unseen = (words) => make("span", { class: "unseen" }, words);

// What the documents say is English, whatever the language around it.
const english = (tag, attributes, ...children) => make(tag, { lang: "en", dir: "ltr", ...attributes }, ...children);

const squeezed = (text) => text.trim().replace(/\s+/g, " ");

const NOT_STATED = "not stated"; // the API's word for what nobody has stated

const stated = (value, say) => (value && value !== NOT_STATED ? value : say.not_stated);

// A date without doubt about which number is the month.
const longDate = (day, say) => {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  return year ? filled(say.date_form, { day: Number(date), month: say.months[month - 1], year }) : say.not_stated;
};

const addressOf = (text, base) => {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
};

// A page of the server that this script came from; nothing else is linked as a source.
const sourceAddress = (text) => {
  const address = addressOf(text, BASE);
  return text && address?.origin === new URL(BASE).origin ? address.href : null;
};

const outwardAddress = (text) => {
  const address = addressOf(text);
  return address && ["https:", "http:", "tel:", "mailto:"].includes(address.protocol) ? address.href : null;
};
