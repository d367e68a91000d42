// The language of the interface, chosen before the first paint; what needs scripts is shown; print shows everything.
"use strict";
(() => {
  const KEY = "govwatch-language";
  const LANGUAGES = ["en", "zh-CN"];
  const root = document.documentElement;

  // Storage may be forbidden (a strict browser, a file on disk): then the choice holds for this view only.
  const remembered = () => {
    try { return localStorage.getItem(KEY); } catch { return null; }
  };
  const remember = (language) => {
    try { localStorage.setItem(KEY, language); } catch { /* not remembered */ }
  };

  const preferred = navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
  const chosen = remembered();
  root.lang = LANGUAGES.includes(chosen) ? chosen : preferred;

  addEventListener("DOMContentLoaded", () => {
    for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;
    document.getElementById("language").addEventListener("click", () => {
      root.lang = root.lang === "en" ? "zh-CN" : "en";
      remember(root.lang);
    });
  });

  const opened = [];
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details:not([open])")) {
      part.open = true;
      opened.push(part);
    }
  });
  addEventListener("afterprint", () => {
    for (const part of opened.splice(0)) part.open = false;
  });
})();
