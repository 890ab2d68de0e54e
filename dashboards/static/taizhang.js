"use strict";
/* What the pages do in the browser. No request leaves the server that they came from. */
window.dash_clientside = window.dash_clientside || {};

window.dash_clientside.taizhang = {
  /* a choice changes the address, and nothing else does: the page follows the address */
  choose(values, ids, search, head) {
    const none = window.dash_clientside.no_update;
    if (!window.dash_clientside.callback_context.triggered.length) return none;
    const chosen = new URLSearchParams(search);
    const triggered = JSON.parse(window.dash_clientside.callback_context.triggered[0].prop_id.replace(/\.value$/, ""));
    const at = ids.findIndex((id) => id.name === triggered.name);
    const value = values[at] || "";
    const shown = head && head.shown ? head.shown[triggered.name] : null;   /* a box that is drawn has been chosen by nobody */
    if ((chosen.get(triggered.name) || "") === value || shown === value) return none;
    if (value) chosen.set(triggered.name, value); else chosen.delete(triggered.name);
    chosen.delete("from");
    window.taizhang.stays = true;
    const text = chosen.toString();
    return text ? "?" + text : "";
  },

  /* a click on a mark follows its link */
  follow(clicks) {
    const none = window.dash_clientside.no_update;
    const triggered = window.dash_clientside.callback_context.triggered[0];
    const point = triggered && triggered.value && triggered.value.points && triggered.value.points[0];
    let link = point && point.customdata;
    if (Array.isArray(link)) link = link[0];
    return typeof link === "string" && link.startsWith("/") ? link : none;
  },

  /* title and language of the document; the heading is focused where the page has changed */
  head(head) {
    if (!head) return window.dash_clientside.no_update;
    document.title = head.title + " · 台账 taizhang";
    document.documentElement.lang = head.lang === "en" ? "en" : "zh-Hans";
    document.body.dataset.page = head.page;
    for (const tab of document.querySelectorAll("#top .page")) {   /* the framework's links take no such attribute */
      if (tab.classList.contains("current")) tab.setAttribute("aria-current", "page"); else tab.removeAttribute("aria-current");
    }
    if (window.taizhang.page !== undefined && window.taizhang.page !== head.page) {
      setTimeout(() => { const title = document.getElementById("title"); if (title) title.focus(); }, 50);
    }
    window.taizhang.page = head.page;
    if (location.hash.length > 1 && !window.taizhang.stays) setTimeout(window.taizhang.reach, 50);
    window.taizhang.stays = false;
    return head.title;
  },
};

window.taizhang = {
  page: undefined,

  /* light or dark: as the visitor chose, else as the machine is set */
  scheme() {
    let kept = null;
    try { kept = localStorage.getItem("taizhang-scheme"); } catch (error) { /* kept from us: then the machine's */ }
    return kept || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  },
  paint() { document.documentElement.setAttribute("data-mantine-color-scheme", window.taizhang.scheme()); },
  turn() {
    const next = window.taizhang.scheme() === "dark" ? "light" : "dark";
    try { localStorage.setItem("taizhang-scheme", next); } catch (error) { /* then for this page only */ }
    document.documentElement.setAttribute("data-mantine-color-scheme", next);
  },

  stays: false,                           /* what is chosen in a box leaves the page where it is */

  /* a link that names a card of the page leads there */
  reach() {
    const target = document.getElementById(location.hash.slice(1));
    if (target) target.scrollIntoView();
  },

  /* tables come as lists, [tag, attributes, ...children]: hundreds of components of the framework would take long */
  node(spec) {
    if (typeof spec === "string") return document.createTextNode(spec);
    const [tag, attributes, ...children] = spec;
    if (!window.taizhang.tags.has(tag)) throw new Error(tag);
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      const text = String(value);
      if (name.startsWith("on") || name === "style" || (name === "href" && !/^[/#]/.test(text))) throw new Error(name);
      if (name === "src" && !text.startsWith("data:image/")) throw new Error(name);
      element.setAttribute(name, text);
    }
    element.append(...children.map(window.taizhang.node));
    return element;
  },
  tags: new Set(["a", "abbr", "b", "br", "caption", "code", "div", "em", "img", "li", "ol", "p", "small", "span", "strong",
                 "table", "tbody", "td", "th", "thead", "tr", "ul"]),
  fill(box) {
    if (box.tableShown === box.dataset.table) return;
    box.tableShown = box.dataset.table;
    box.replaceChildren(window.taizhang.node(JSON.parse(box.dataset.table)));
  },
  /* those that are seen at once; those that are folded away when there is time, or when they are opened or taken along */
  fillAll(root = document) {
    const hidden = [];
    for (const box of root.querySelectorAll("[data-table]")) {
      if (root === document && box.closest("details:not([open])")) hidden.push(box); else window.taizhang.fill(box);
    }
    if (hidden.length) (window.requestIdleCallback || setTimeout)(() => hidden.forEach(window.taizhang.fill));
  },

  rows(card) {
    window.taizhang.fillAll(card);
    return [...card.querySelectorAll("table tr")].map((row) =>
      [...row.cells].map((cell) => cell.textContent.trim().replace(/\s+/g, " ")).join("\t")).join("\n");
  },
  async copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
    } catch (error) {                       /* an address without https: the old way */
      const box = document.createElement("textarea");
      box.value = text;
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    const before = button.textContent;
    button.textContent = document.documentElement.lang === "en" ? "Copied" : "已复制";
    setTimeout(() => { button.textContent = before; }, 1500);
  },
  picture(card, kind) {
    const plot = card.querySelector(".js-plotly-plot");
    const name = [document.body.dataset.page || "overview", card.id.replace("card-", "")].join("-");
    /* a picture is for light paper, whatever the page's colours */
    const paper = { paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff", font: { ...plot.layout.font, color: "#1a1f24" },
                    title: { text: card.querySelector("h2").textContent, font: { size: 15 } },
                    margin: { ...plot.layout.margin, t: (plot.layout.margin.t || 0) + 30 },
                    height: plot.layout.height + 30 };
    return window.Plotly.downloadImage({ data: plot.data, layout: { ...plot.layout, ...paper } },
      { format: kind, filename: "taizhang-" + name, width: plot.clientWidth, height: paper.height, scale: kind === "png" ? 2 : 1 });
  },
  print(card) {
    document.body.classList.add("one-card");
    card.classList.add("printed");
    window.addEventListener("afterprint", () => {
      document.body.classList.remove("one-card");
      card.classList.remove("printed");
    }, { once: true });
    window.print();
  },
};

/* the first sight of a page came with the document: it goes as soon as the page itself is there */
const first = new MutationObserver(() => {
  if (!document.querySelector("#main #title")) return;
  first.disconnect();
  window.taizhang.fillAll();
  document.getElementById("first")?.remove();
});
first.observe(document, { childList: true, subtree: true });

new MutationObserver(() => window.taizhang.fillAll()).observe(document, {
  childList: true, subtree: true, attributes: true, attributeFilter: ["data-table"],
});
document.addEventListener("toggle", (event) => { if (event.target.open) window.taizhang.fillAll(event.target); }, true);
window.addEventListener("beforeprint", () => window.taizhang.fillAll(document.body));
/* links in tables change the address like those of the framework, without a reload */
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-table] a[href^='/']");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  history.pushState({}, "", link.getAttribute("href"));
  window.dispatchEvent(new PopStateEvent("popstate"));
  if (!location.hash) window.scrollTo(0, 0);
});

window.taizhang.paint();
new MutationObserver(() => {              /* the framework sets its own once: ours counts */
  const root = document.documentElement;
  if (root.getAttribute("data-mantine-color-scheme") !== window.taizhang.scheme()) window.taizhang.paint();
}).observe(document.documentElement, { attributes: true, attributeFilter: ["data-mantine-color-scheme"] });

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take]");
  if (!button) {
    for (const menu of document.querySelectorAll("details.tools[open]")) if (!menu.contains(event.target)) menu.open = false;
    return;
  }
  const card = button.closest(".card");
  const ways = {
    theme: () => window.taizhang.turn(),
    copy: () => window.taizhang.copy(window.taizhang.rows(card), button),
    sql: () => window.taizhang.copy(card.querySelector(".sql code").textContent, button),
    png: () => window.taizhang.picture(card, "png"),
    svg: () => window.taizhang.picture(card, "svg"),
    print: () => window.taizhang.print(card),
  };
  ways[button.dataset.take]();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.tools[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

/* typing into a box looks for something else: it replaces what stands there */
document.addEventListener("focusin", (event) => { if (event.target.matches(".fields input")) event.target.select(); });
