// Makes the pages quicker to use: filters apply at once, suggestions while typing, keyboard shortcuts.
// Everything works without it.
"use strict";

const NARROW = "(max-width: 55.99rem)";
const ABOUT = "link[rel=canonical], link[rel=alternate], meta[name=description], meta[property]";  // metadata of a page
const KEYS_OFF = "backissue-keys-off";
document.documentElement.classList.add("scripted");

// --- filters apply at once -------------------------------------------------------------------------------------

const form = document.getElementById("search");
let asked = 0;
let wanted = location.pathname + location.search;

/** Returns the URL of the form's search, sorted, without empty and default values. */
function addressOf(form) {
  const usual = { sort: "relevance" };
  const args = [...new FormData(form)].filter(([name, value]) => value && usual[name] !== value);
  args.sort(([a, x], [b, y]) => (a + "\0" + x < b + "\0" + y ? -1 : 1));
  const query = new URLSearchParams(args).toString();
  return query ? "/?" + query : "/";
}

/** Returns the body of a response, read by a method of it, or undefined if it failed or could not be loaded whole. */
function loaded(address, method, options) {
  return fetch(address, options).then((answer) => (answer.ok ? answer[method]() : undefined)).catch(() => undefined);
}

/** Replaces the results by those of a URL. Until then they are marked as busy. Focus and scroll position stay. */
async function show(address) {
  const turn = ++asked;
  wanted = address;
  document.getElementById("answer").setAttribute("aria-busy", "true");
  const html = await loaded(address, "text", { headers: { Accept: "text/html" } });
  if (turn !== asked) return;
  const page = new DOMParser().parseFromString(html || "", "text/html");
  const fresh = page.getElementById("answer");
  if (!fresh) return location.assign(address);
  const held = document.getElementById("answer");
  const focused = held.contains(document.activeElement) ? document.activeElement.id || "results" : "";
  const unfolded = new Set([...document.querySelectorAll("#answer details[open]")].map((each) => each.id));
  for (const each of fresh.querySelectorAll("details[id]")) each.open = unfolded.has(each.id) || each.open;
  if (matchMedia(NARROW).matches && !unfolded.has("filters")) fresh.querySelector("#filters")?.removeAttribute("open");
  held.replaceWith(fresh);
  current = -1;
  document.title = page.title;
  for (const each of document.head.querySelectorAll(ABOUT)) each.remove();
  document.head.append(...page.head.querySelectorAll(ABOUT));
  document.getElementById("status").textContent = page.getElementById("status").textContent;
  if (focused) (document.getElementById(focused) || document.getElementById("results")).focus({ preventScroll: true });
}

/** Closes the filters in a narrow window and goes to the results. */
function toResults() {
  document.getElementById("filters").open = false;
  const results = document.getElementById("results");
  results.focus({ preventScroll: true });
  results.scrollIntoView();
}

function go(address) {
  history.pushState({}, "", address);
  return show(address);
}

if (form) {
  if (matchMedia(NARROW).matches) document.getElementById("filters")?.removeAttribute("open");
  form.addEventListener("change", (event) => {
    if (event.target.matches("input[type=checkbox], select")) go(addressOf(form));
  });
  form.addEventListener("submit", (event) => {
    suggestions.close();
    if (!document.getElementById("answer")) return;  // the front page has no results to replace
    event.preventDefault();
    if (event.submitter?.id === "apply") return toResults();
    go(addressOf(form));
  });
  form.addEventListener("click", (event) => {
    const link = event.target.closest(".chips a, .timeline a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(link.getAttribute("href"));
  });
  addEventListener("popstate", () => {
    const address = location.pathname + location.search;
    if (address === wanted) return;  // a jump within the page
    suggestions.close();
    form.elements.q.value = new URLSearchParams(location.search).get("q") || "";
    show(address);
  });
}

// --- suggestions ------------------------------------------------------------------------------------

const PAUSE = 600;  // milliseconds without a key until the number of suggestions is announced
const GROUPS = {
  field: "Fields", version: "Versions", issue: "Issues", topic: "Topics", identifier: "Names", series: "Series",
  author: "Authors", title: "Titles",
};
const SEARCHED = { identifier: (text) => text, author: (text) => `author:"${text}"` };  // other groups lead to a page

/** Suggestions below a search field (a combobox): arrow keys select, Enter accepts, Escape closes.
 *  The list is marked as busy while those of the typed text are missing. */
class Suggestions {
  constructor(input) {
    this.input = input;
    this.turn = 0;
    this.list = Object.assign(document.createElement("div"), { id: "suggestions", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Suggestions");
    this.busy(false);
    input.after(this.list);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-controls": this.list.id, "aria-expanded": "false",
    })) input.setAttribute(name, value);
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => { this.leaving = setTimeout(() => this.close(), 150); });
    input.addEventListener("focus", () => clearTimeout(this.leaving));
    this.list.addEventListener("mousedown", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) { event.preventDefault(); this.take(option); }
    });
  }

  get options() { return [...this.list.querySelectorAll("[role=option]")]; }
  get chosen() { return this.list.querySelector("[aria-selected=true]"); }
  busy(is) { this.list.setAttribute("aria-busy", String(is)); }

  typed() {
    this.wait();
    const text = this.input.value.trim();
    if (text.length < 2) return this.close();
    this.busy(true);
    this.waiting = setTimeout(() => this.ask(text), 70);
  }

  async ask(text) {
    const { turn } = this;
    const answer = await loaded("/api/v1/suggest?" + new URLSearchParams({ q: text }), "json");
    if (turn === this.turn) this.fill(answer?.suggestions || []);  // otherwise they are no longer wanted
  }

  fill(found) {
    this.list.replaceChildren();
    for (const [group, label] of Object.entries(GROUPS)) {
      const held = found.filter((each) => each.group === group);
      if (!held.length) continue;
      const part = document.createElement("div");
      part.setAttribute("role", "group");
      part.setAttribute("aria-label", label);
      part.append(Object.assign(document.createElement("span"), { textContent: label, ariaHidden: "true" }));
      for (const each of held) part.append(this.option(each, found.indexOf(each)));
      this.list.append(part);
    }
    this.busy(false);
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.input.removeAttribute("aria-activedescendant");
    if (found.length) {
      const said = found.length + (found.length === 1 ? " suggestion" : " suggestions");
      this.saying = setTimeout(() => say(said), PAUSE);
    }
  }

  option({ group, text, count, target, page_url }, position) {
    const made = document.createElement("div");
    made.id = "option-" + position;
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    if (group === "field") made.dataset.field = target;
    else if (SEARCHED[group]) made.dataset.text = SEARCHED[group](text);
    else made.dataset.page = page_url;
    made.append(Object.assign(document.createElement("span"), { textContent: text }));
    if (count > 0 && group !== "title") made.append(Object.assign(document.createElement("span"), { textContent: String(count) }));
    return made;
  }

  pressed(event) {
    if (event.key === "Escape") {
      if (!this.list.hidden) event.preventDefault();  // otherwise a browser may clear the field
      return this.close();
    }
    if (this.list.hidden) return;
    if (event.key === "Enter" && this.chosen) { event.preventDefault(); return this.take(this.chosen); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.wait();  // others must not replace the list from which one selects
    const options = this.options;
    const at = options.indexOf(this.chosen);
    this.chosen?.setAttribute("aria-selected", "false");
    const next = options[(at + step + options.length + (at < 0 && step < 0 ? 1 : 0)) % options.length];
    next.setAttribute("aria-selected", "true");
    next.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", next.id);
  }

  take(option) {
    const { field, text, page } = option.dataset;
    this.close();
    if (page) return location.assign(page);
    this.input.value = text || field;
    if (text || !field.endsWith(":")) this.input.form.requestSubmit();
    else this.typed();
  }

  /** Discards pending suggestions and announcements. */
  wait() {
    clearTimeout(this.waiting);
    clearTimeout(this.saying);
    this.busy(false);
    this.turn++;
  }

  close() {
    this.wait();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

function say(text) {
  const status = document.getElementById("status");
  if (status) status.textContent = text;
}

const suggestions = form ? new Suggestions(form.elements.q) : null;

// --- copying citations --------------------------------------------------------------------------------------

for (const format of navigator.clipboard ? document.querySelectorAll(".citations details") : []) {
  format.addEventListener("toggle", async () => {
    if (!format.open) return;
    for (const other of document.querySelectorAll(".citations details[open]")) if (other !== format) other.open = false;
    const name = format.querySelector("summary").textContent;
    const done = await navigator.clipboard.writeText(format.querySelector("pre").textContent).then(() => true, () => false);
    say(done ? "Copied as " + name + "." : "The browser did not allow copying. Select the text to copy it.");
  });
}

// --- keys ------------------------------------------------------------------------------------------------------

const keys = document.getElementById("keys");
let current = -1;

function store(value) {
  try { return value === undefined ? localStorage.getItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, value); }
  catch { return null; }  // storage may be refused; then the shortcuts are on
}

function move(step) {
  const hits = [...document.querySelectorAll(".hits article")];
  if (!hits.length) return;
  const focused = hits.findIndex((hit) => hit.contains(document.activeElement));
  if (focused >= 0) current = focused;
  current = Math.min(Math.max(current + step, 0), hits.length - 1);
  hits.forEach((hit, i) => hit.classList.toggle("current", i === current));
  hits[current].querySelector("h2 a").focus();
}

const ACTIONS = {
  "/": () => { const box = document.querySelector("#q, #find"); box?.focus(); box?.select(); },
  j: () => move(1),
  k: () => move(-1),
  o: () => document.querySelector(".hits article.current h2 a")?.click(),
  "?": () => location.assign(document.querySelector("a[rel=help]").href + "#keys-help"),
};

if (keys) {
  keys.hidden = false;
  const box = keys.querySelector("input");
  box.checked = store() !== "1";
  box.addEventListener("change", () => store(box.checked ? "0" : "1"));
}

addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || store() === "1") return;
  const action = ACTIONS[event.key];
  if (action) { event.preventDefault(); action(); }
});
