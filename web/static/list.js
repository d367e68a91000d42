// The list of pages shows only those whose title, name, address or labels hold all the words that are typed.
"use strict";
(() => {
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const field = document.getElementById("filter");
  if (!field) return;
  const rows = [...document.querySelectorAll("tr[data-text]")].map((row) => [row, fold(row.dataset.text)]);

  const filter = () => {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [row, text] of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      shown += !row.hidden;
    }
    document.getElementById("shown").textContent = `${shown} / ${rows.length}`;
  };
  field.addEventListener("input", filter);
  filter();
})();
