(() => {
  "use strict";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  /* ---- language: ?lang=, then #…lang=, then the browser's; kept in the address */
  const asked = new URLSearchParams(location.search).get("lang");
  const browser = (navigator.language || "").toLowerCase().startsWith("en") ? "en" : "zh";
  let lang = asked === "en" || asked === "zh" ? asked : browser;

  function speak() {
    root.lang = lang === "zh" ? "zh-Hans" : "en";
    document.title = document.title.replace(/^(台账|Taizhang)/, lang === "zh" ? "台账" : "Taizhang");
    for (const node of document.querySelectorAll("[data-label-zh]")) {
      node.setAttribute("aria-label", lang === "zh" ? node.dataset.labelZh : node.dataset.labelEn);
    }
    showCount();
  }

  document.getElementById("language").addEventListener("click", () => {
    lang = lang === "zh" ? "en" : "zh";
    const address = new URL(location.href);
    address.searchParams.set("lang", lang);
    try { history.replaceState(null, "", address); } catch (error) { /* some viewers of files forbid it */ }
    speak();
    drawAll();
  });

  /* ---- charts: drawn one after the other, so that the page stays alive */
  const charts = [...document.querySelectorAll(".chart")].map((box) => {
    const texts = {};
    for (const code of ["zh", "en"]) {
      const script = box.querySelector(".figure-" + code);
      texts[code] = script.textContent;
      script.remove();
    }
    return { box, texts };
  });

  function draw({ box, texts }) {
    const figure = JSON.parse(texts[lang]);
    const style = getComputedStyle(root);
    const colour = (name) => style.getPropertyValue(name).trim();
    figure.layout.font = { ...figure.layout.font, color: colour("--ink"), family: getComputedStyle(document.body).fontFamily };
    figure.layout.xaxis.gridcolor = colour("--grid");
    figure.layout.hoverlabel = { ...figure.layout.hoverlabel, bgcolor: colour("--paper"), bordercolor: colour("--soft"), font: { color: colour("--ink") } };
    if (dark.matches) {
      const lighter = { "#0072B2": "#56B4E9", "#D55E00": "#FF9D66" };
      const marker = figure.data[0].marker;
      marker.color = marker.color.map((value) => lighter[value] || value);
      marker.line.color = marker.color;
    }
    return Plotly.react(box, figure.data, figure.layout, { displayModeBar: false, responsive: true });
  }

  for (const { box } of charts) {
    const details = box.parentNode.querySelector("details");
    details.addEventListener("toggle", () => { if (box.data) Plotly.Plots.resize(box); });
  }

  let turn = 0;
  function drawAll() {
    const mine = ++turn;
    const next = (at) => {
      if (mine !== turn) return;
      if (at >= charts.length) { root.dataset.drawn = lang; return; }
      draw(charts[at]);
      setTimeout(next, 0, at + 1);
    };
    delete root.dataset.drawn;
    next(0);
  }
  dark.addEventListener("change", drawAll);

  /* ---- printed rates: filter and search */
  const rows = [...document.querySelectorAll("#claim-table tbody tr")];
  const filters = [...document.querySelectorAll(".filter")];
  const search = document.getElementById("claim-search");
  let verdict = "";

  function showCount() {
    const place = document.getElementById("claim-count");
    if (!place) return;
    const shown = rows.filter((row) => !row.hidden).length;
    place.textContent = lang === "zh" ? `显示 ${shown} / ${rows.length}` : `${shown} of ${rows.length} shown`;
  }

  function sift() {
    const wanted = search.value.trim().toLowerCase().split(/\s+/);
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = (verdict && row.dataset.verdict !== verdict) || !wanted.every((word) => text.includes(word));
    }
    showCount();
  }

  for (const button of filters) {
    button.addEventListener("click", () => {
      verdict = button.dataset.verdict;
      for (const other of filters) other.setAttribute("aria-pressed", String(other === button));
      sift();
    });
  }
  if (search) search.addEventListener("input", sift);

  /* ---- tables: sorted by a column's head */
  function value(row, at) {
    const cell = row.cells[at].cloneNode(true);
    for (const hidden of cell.querySelectorAll(lang === "zh" ? ".en" : ".zh")) hidden.remove();
    const text = cell.textContent.trim();
    const number = text.replace(/,/g, "").match(/^-?\d+(\.\d+)?(?=$|[%‰℅]|\s*\/|–\d)/);
    return number && row.cells[at].classList.contains("num") ? Number(number[0]) : text;
  }

  /* ---- on narrow screens these tables are cards: every cell tells its column, and stays a cell to a reader */
  for (const table of document.querySelectorAll("table.cards")) {
    const heads = [...table.tHead.rows[0].cells];
    const text = (cell, code) => (cell.querySelector("." + code) || cell).textContent.trim();
    table.setAttribute("role", "table");
    for (const group of [table.tHead, table.tBodies[0]]) group.setAttribute("role", "rowgroup");
    for (const row of table.rows) {
      row.setAttribute("role", "row");
      [...row.cells].forEach((cell, at) => {
        const inHead = row.parentNode === table.tHead;
        cell.setAttribute("role", inHead ? "columnheader" : cell.tagName === "TH" ? "rowheader" : "cell");
        if (!inHead) { cell.dataset.zh = text(heads[at], "zh"); cell.dataset.en = text(heads[at], "en"); }
      });
    }
  }

  for (const button of document.querySelectorAll(".sortable .sort")) {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const body = head.closest("table").tBodies[0];
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const keyed = [...body.rows].map((row) => ({ row, key: value(row, head.cellIndex) }));
      const order = (a, b) => typeof a.key === "number" && typeof b.key === "number"
        ? a.key - b.key
        : typeof a.key === typeof b.key ? a.key.localeCompare(b.key, lang) : typeof a.key === "number" ? -1 : 1;
      keyed.sort((a, b) => (up ? order(a, b) : order(b, a)));
      body.append(...keyed.map(({ row }) => row));
    });
  }

  speak();
  drawAll();
})();
