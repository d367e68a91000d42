// Search in the index that lies beside the page. Text goes into the page as text only, never as markup.
"use strict";
(() => {
  const MOST_PAGES = 100;
  const MOST_HITS = 3;
  const AROUND = 40;
  // Letter by letter, so that a place in the folded text is known in the shown one.
  const folded = (text) => Array.from(text, (letter) => letter.normalize("NFKC").toLowerCase());
  const fold = (text) => text.normalize("NFKC").toLowerCase();

  const pages = govwatchIndex.map((page) => ({
    ...page,
    head: fold([page.title, page.name, page.url, ...page.labels].join("\n")),
    folds: page.texts.map(([text]) => fold(text)),
  }));
  const field = document.getElementById("words");
  const results = document.getElementById("results");
  const found = document.getElementById("found");
  const phrase = (name) => {
    const template = document.getElementById("phrases").content;
    return template.querySelector(`[data-phrase="${name}"]`).cloneNode(true);
  };

  // Puts a stretch of the text around the first of the words into `element`, with the words marked.
  const showStretch = (element, text, words) => {
    const letters = Array.from(text);
    const parts = folded(text);
    const whole = parts.join("");
    const places = [];
    let at = 0;
    for (const part of parts) {
      for (let unit = 0; unit < part.length; unit++) places.push(at);
      at++;
    }
    const marked = new Set();
    for (const word of words) {
      for (let from = whole.indexOf(word); from >= 0; from = whole.indexOf(word, from + word.length)) {
        for (let unit = from; unit < from + word.length; unit++) marked.add(places[unit]);
      }
    }
    const first = marked.size ? Math.min(...marked) : 0;
    const start = Math.max(0, first - AROUND);
    const end = Math.min(letters.length, first + 2 * AROUND);
    if (start > 0) element.append("…");
    for (let from = start; from < end;) {
      let to = from + 1;
      while (to < end && marked.has(to) === marked.has(from)) to++;
      const piece = letters.slice(from, to).join("");
      if (marked.has(from)) element.append(Object.assign(document.createElement("mark"), { textContent: piece }));
      else element.append(piece);
      from = to;
    }
    if (end < letters.length) element.append("…");
  };

  const versionsOf = (numbers) => {
    const ranges = [];
    for (const number of numbers) {
      const last = ranges.at(-1);
      if (last && last[1] === number - 1) last[1] = number;
      else ranges.push([number, number]);
    }
    return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(", ");
  };

  const showHit = (place, page, index, words) => {
    const [text, numbers] = page.texts[index];
    const line = document.createElement("p");
    showStretch(line, text, words);
    const link = document.createElement("a");
    link.href = `page-${page.page}.html#version-${numbers.at(-1)}`;
    link.append(phrase("version"), ` ${versionsOf(numbers)}`);
    const state = phrase(numbers.includes(page.now) ? "now" : "was");
    const note = Object.assign(document.createElement("span"), { className: "quiet" });
    note.append(" ", link, " · ", state);
    line.append(note);
    place.append(line);
  };

  const showPage = (page, words) => {
    const item = document.getElementById("result").content.cloneNode(true);
    const link = item.querySelector("a");
    link.href = `page-${page.page}.html`;
    showStretch(link, page.title, words);
    item.querySelector(".url").textContent = page.url;
    const hits = page.folds.flatMap((text, index) => (words.some((word) => text.includes(word)) ? [index] : []));
    for (const index of hits.slice(0, MOST_HITS)) showHit(item.querySelector(".hits"), page, index, words);
    results.append(item);
  };

  const search = () => {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    results.replaceChildren();
    found.replaceChildren();
    if (!words.length) return;
    const holds = (page, word) => page.head.includes(word) || page.folds.some((text) => text.includes(word));
    const matching = pages.filter((page) => words.every((word) => holds(page, word)));
    for (const page of matching.slice(0, MOST_PAGES)) showPage(page, words);
    found.append(phrase("found"), ` ${matching.length}`);
    if (matching.length > MOST_PAGES) found.append(" ", phrase("more"));
    history.replaceState(null, "", `#${encodeURIComponent(field.value)}`);
  };

  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 100);
  });
  document.getElementById("search").addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  // Only then the form is shown, and can have the focus.
  addEventListener("DOMContentLoaded", () => field.focus());
  try { field.value = decodeURIComponent(location.hash.slice(1)); } catch { /* a hash that is no text */ }
  if (field.value) search();
})();
