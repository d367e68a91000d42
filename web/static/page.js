// A page's versions one at a time, by a slider; `#step-N` and `#version-N` choose one, `#compare-A-B` compares two.
"use strict";
(() => {
  const steps = [...document.querySelectorAll(".step")];
  const slider = document.getElementById("slider");
  if (!slider) return;
  const buttons = { earlier: document.getElementById("earlier"), later: document.getElementById("later") };

  const show = (chosen) => {
    for (const step of steps) step.hidden = step !== chosen;
    slider.value = chosen.dataset.step;
    slider.setAttribute("aria-valuetext", chosen.dataset.said);
    buttons.earlier.disabled = chosen === steps[0];
    buttons.later.disabled = chosen === steps.at(-1);
  };
  const shown = () => steps.findIndex((step) => !step.hidden);
  const keep = () => history.replaceState(null, "", `#${steps[shown()].id}`);

  slider.addEventListener("input", () => show(steps[slider.value - steps[0].dataset.step]));
  slider.addEventListener("change", keep);
  for (const [name, by] of [["earlier", -1], ["later", 1]]) {
    buttons[name].addEventListener("click", () => {
      show(steps[shown() + by]);
      keep();
    });
  }

  const follow = () => {
    const pair = /^#compare-(\d+)-(\d+)$/.exec(location.hash);
    if (pair) {
      document.dispatchEvent(new CustomEvent("compare", { detail: pair.slice(1) }));
      return;
    }
    const place = /^#(step|version)-\d+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    const step = place && place.closest(".step");
    if (!step) return;
    show(step);
    step.scrollIntoView();
  };
  show(steps.at(-1));
  addEventListener("hashchange", follow);
  addEventListener("DOMContentLoaded", follow);
})();
