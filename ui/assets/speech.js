// Reads quotes aloud and takes dictation with the browser's own speech, where it has it and only when asked to.
"use strict";

(() => {
  const speech = window.speechSynthesis;
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  let reading = null; // the button whose quote is being read
  let recognition = null; // what listens
  let isAllowed = false; // what listening means has been read; kept for this page only

  const byId = (id) => document.getElementById(id);
  const said = () => byId("log").dataset;
  const box = () => document.querySelector("#box textarea");

  const name = (button, text) => {
    button.querySelector(".does").textContent = text;
  };

  const hush = () => {
    if (!reading) return;
    name(reading, said().readAloud);
    reading = null;
    speech.cancel();
  };

  // A voice of the device itself keeps the text on it; a voice from elsewhere would send it there.
  const voice = () => {
    const english = speech.getVoices().filter((one) => one.lang.toLowerCase().startsWith("en"));
    return english.find((one) => one.localService) ?? english[0] ?? null;
  };

  const read = (button) => {
    const isReading = button === reading;
    hush();
    if (isReading) return;
    const utterance = new SpeechSynthesisUtterance(button.dataset.say);
    utterance.lang = "en";
    utterance.voice = voice();
    const end = () => {
      if (reading === button) hush();
    };
    utterance.addEventListener("end", end);
    utterance.addEventListener("error", end);
    reading = button;
    name(button, said().stopReading);
    speech.speak(utterance);
  };

  const stopListening = () => {
    recognition?.stop();
  };

  const listen = () => {
    hush();
    let heard = false;
    recognition = new Recognition();
    recognition.lang = navigator.language.startsWith("en") ? navigator.language : "en-US"; // as the documents are
    recognition.addEventListener("result", (event) => {
      heard = true;
      const words = [...event.results].map((result) => result[0].transcript.trim()).join(" ");
      const typed = box().value.trimEnd();
      box().value = typed ? `${typed} ${words}` : words;
      box().dispatchEvent(new Event("input", { bubbles: true }));
    });
    recognition.addEventListener("end", () => {
      recognition = null;
      byId("dictate").textContent = said().dictate;
      byId("status").textContent = heard ? "" : said().dictationFailed;
      if (heard) box().focus({ preventScroll: true });
    });
    byId("dictate").textContent = said().stopDictating;
    byId("status").textContent = said().dictating;
    recognition.start();
  };

  const dictate = () => {
    if (recognition) stopListening();
    else if (isAllowed) listen();
    else {
      const note = byId("dictation");
      note.hidden = !note.hidden;
      if (!note.hidden) byId("listen").focus();
    }
  };

  const allow = () => {
    isAllowed = true;
    byId("dictation").hidden = true;
    byId("dictate").focus();
    listen();
  };

  // Shows the buttons of a new turn that this browser can serve.
  const offer = (turn) => {
    for (const button of turn.querySelectorAll("[data-say]")) button.hidden = !speech;
  };

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    if ("say" in button.dataset) read(button);
    else if (button.id === "dictate") dictate();
    else if (button.id === "listen") allow();
  });
  window.addEventListener("pagehide", () => {
    hush();
    recognition?.abort();
  });
  if (Recognition) document.documentElement.classList.add("hears");

  Object.assign(window.insights, { hush, offer });
})();
