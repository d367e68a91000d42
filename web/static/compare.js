// Any two versions of a page side by side, in the browser: lines that differ, and in each the stretch that differs.
"use strict";
(() => {
  const MOST_CELLS = 250000;
  const form = document.getElementById("compare");
  const place = document.getElementById("comparison");
  if (!form) return;

  const plain = (node) => {
    const copy = node.cloneNode(true);
    for (const part of copy.querySelectorAll("del, .word")) part.remove();
    return copy.textContent.trim();
  };
  const stepOf = (version) => document.getElementById(`version-${version}`)?.closest(".step");
  const linesOf = (step) => {
    const fields = [...step.querySelectorAll("dd:not(.gone)")].map(plain);
    const body = [...step.querySelectorAll(".body > p:not(.removed):not(.moved-away)")].map(plain);
    return [...fields, ...body];
  };

  // The lines of both in reading order; equal ones share a row (longest common run of lines), others in pairs.
  const align = (old, now) => {
    let start = 0;
    while (start < old.length && start < now.length && old[start] === now[start]) start++;
    let end = 0;
    const most = Math.min(old.length, now.length) - start;
    while (end < most && old.at(-1 - end) === now.at(-1 - end)) end++;
    const rows = old.slice(0, start).map((line) => [line, line]);
    rows.push(...middle(old.slice(start, old.length - end), now.slice(start, now.length - end)));
    rows.push(...old.slice(old.length - end).map((line) => [line, line]));
    return rows;
  };
  const middle = (old, now) => {
    const rows = [];
    let gone = [];
    let come = [];
    const flush = () => {
      for (let at = 0; at < Math.max(gone.length, come.length); at++) rows.push([gone[at] ?? "", come[at] ?? ""]);
      gone = [];
      come = [];
    };
    const lengths = old.length * now.length > MOST_CELLS ? null : commonLengths(old, now);
    let i = 0;
    let j = 0;
    while (lengths && i < old.length && j < now.length) {
      if (old[i] === now[j]) {
        flush();
        rows.push([old[i++], now[j++]]);
      } else if (lengths[i + 1][j] >= lengths[i][j + 1]) gone.push(old[i++]);
      else come.push(now[j++]);
    }
    gone.push(...old.slice(i));
    come.push(...now.slice(j));
    flush();
    return rows;
  };
  const commonLengths = (old, now) => {
    const lengths = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
    for (let i = old.length - 1; i >= 0; i--) {
      for (let j = now.length - 1; j >= 0; j--) {
        const next = Math.max(lengths[i + 1][j], lengths[i][j + 1]);
        lengths[i][j] = old[i] === now[j] ? lengths[i + 1][j + 1] + 1 : next;
      }
    }
    return lengths;
  };

  // What two lines share at their beginning and end, in whole letters, numbers and Latin words.
  const stretch = (old, now) => {
    const [one, other] = [old, now].map((text) => text.match(/[0-9]+|[A-Za-z]+|./gsu) ?? []);
    const most = Math.min(one.length, other.length);
    let start = 0;
    while (start < most && one[start] === other[start]) start++;
    let end = 0;
    while (end < most - start && one.at(-1 - end) === other.at(-1 - end)) end++;
    return [one, other].map((parts) => [
      parts.slice(0, start).join(""),
      parts.slice(start, parts.length - end).join(""),
      parts.slice(parts.length - end).join(""),
    ]);
  };

  const element = (name, ...content) => {
    const made = document.createElement(name);
    made.append(...content);
    return made;
  };
  const cell = ([before, differs, behind], tag) => {
    return element("td", before, ...(differs ? [element(tag, differs)] : []), behind);
  };
  const phrase = (name) => {
    const template = document.getElementById("phrases").content;
    return template.querySelector(`[data-phrase="${name}"]`).cloneNode(true);
  };
  const folded = (lines) => {
    const summary = element("summary", phrase("unchanged"), ` ${lines.length}`);
    const wide = element("td", element("details", summary, ...lines.map((line) => element("p", line))));
    wide.colSpan = 2;
    return element("tr", wide);
  };

  const tableOf = (rows, heads) => {
    const body = element("tbody");
    let same = [];
    const fold = () => {
      if (same.length) body.append(folded(same));
      same = [];
    };
    for (const [old, now] of rows) {
      if (old === now) {
        same.push(old);
        continue;
      }
      fold();
      const [gone, come] = stretch(old, now);
      body.append(element("tr", cell(gone, "del"), cell(come, "ins")));
    }
    fold();
    const columns = heads.map((text) => Object.assign(element("th", text), { scope: "col" }));
    return element("table", element("thead", element("tr", ...columns)), body);
  };

  const compare = (old, now) => {
    const steps = [stepOf(old), stepOf(now)];
    if (!steps.every(Boolean)) return;
    form.elements.from.value = old;
    form.elements.to.value = now;
    const rows = align(...steps.map(linesOf));
    const frame = element("div", tableOf(rows, steps.map((step) => step.dataset.said)));
    frame.className = "change sides";
    if (rows.every(([one, other]) => one === other)) frame.prepend(element("p", phrase("same")));
    place.replaceChildren(frame);
    place.focus();
    place.scrollIntoView();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [old, now] = [form.elements.from.value, form.elements.to.value];
    history.replaceState(null, "", `#compare-${old}-${now}`);
    compare(old, now);
  });
  document.addEventListener("compare", (event) => compare(...event.detail));
})();
