// Asks the server. What goes wrong comes back as a trouble: a code, and words where the server has some.

const TIMEOUT_MS = 30_000;

const QUIETLY = { credentials: "omit", referrerPolicy: "no-referrer" };

// The browser's language is here; the sentences of another come when it is spoken. Where they cannot be had, it stays.
const textsIn = async (language) => {
  try {
    TEXTS[language] ??= await (await window.fetch(`${BASE}widget.${language}.json`, QUIETLY)).json();
    return language;
  } catch {
    return SPOKEN[0];
  }
};

const trouble = (code, more = {}) => ({ code, ...more });

// "in 5 seconds", in the language of the interface; from a number of seconds or a date (RFC 9110, 10.2.3).
const waitFrom = (header, say) => {
  const seconds = /^\d+$/.test(header ?? "") ? Number(header) : (Date.parse(header ?? "") - Date.now()) / 1000;
  const whole = Math.ceil(seconds);
  if (!(whole > 0)) return say.soon;
  const [count, unit] = whole < 120 ? [whole, "second"] : [Math.ceil(whole / 60), "minute"];
  return new Intl.RelativeTimeFormat(say.language).format(count, unit);
};

const refusal = async (response, say) => {
  if (response.status === 429 || response.status === 503) {
    return trouble("busy", { wait: waitFrom(response.headers.get("retry-after"), say) });
  }
  let error = {};
  try {
    error = (await response.json()).error ?? {};
  } catch {
    return trouble("fault");
  }
  if (error.code === "too_long") return trouble("too_long");
  return response.status < 500 && typeof error.message === "string"
    ? trouble("refused", { said: error.message })
    : trouble("fault");
};

// The reply to a question; throws a trouble.
const lookUp = async (body, controller, say) => {
  const timer = window.setTimeout(() => controller.abort("timeout"), TIMEOUT_MS);
  try {
    const response = await window.fetch(`${BASE}api/ask`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      ...QUIETLY,
      cache: "no-store",
      redirect: "error",
      signal: controller.signal,
    });
    if (!response.ok) throw await refusal(response, say);
    return await response.json();
  } catch (error) {
    if (error.code && typeof error.code === "string") throw error;
    if (controller.signal.reason === "timeout") throw trouble("timeout");
    if (error instanceof SyntaxError) throw trouble("fault");
    throw trouble(navigator.onLine ? "unreachable" : "offline");
  } finally {
    window.clearTimeout(timer);
  }
};
