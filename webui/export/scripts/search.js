// Shows the results of the search in the URL, as the page of the server does.
"use strict";

(() => {

const PAGE = 20;
const SHOWN = 7; // values of a filter that are shown at once
const LONGEST = 320; // characters of a short text
const HOW_WORDS = { landed: (v) => "landed in " + v, merged: (v) => "merged in " + v, stated: (v) => "stated: " + v, issue: (v) => "in development for " + v };
const LETTER = /[\p{L}\p{N}]/u;
const { fold } = backissue.words;
const { SORTS } = backissue.asking;
const form = document.getElementById("finder");
let site = null; // what each search needs
let turn = 0;
let wanted = ""; // the query of the URL

/** Returns the next position of a term at the beginning of a word or part, or -1. */
function find(text, term, from) {
  for (let at = text.indexOf(term, from); at >= 0; at = text.indexOf(term, at + 1)) {
    if (at === 0 || !LETTER.test(term[0]) || !LETTER.test(text[at - 1])) return at;
  }
  return -1;
}

/** Creates an element. Its texts are never parsed as HTML. */
function make(tag, attributes = {}, ...parts) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...parts.flat().filter((part) => part !== null));
  return made;
}

const entries = (count) => count.toLocaleString("en") + (count === 1 ? " entry" : " entries");

/** Returns a text with the words of the query marked. */
function marked(text, terms) {
  const folded = fold(text);
  const parts = [];
  let done = 0;
  for (;;) {
    const next = terms.map((term) => [find(folded, term, done), term.length]).filter(([at]) => at >= 0);
    if (!next.length) return [...parts, text.slice(done)];
    const [at, length] = next.sort(([a, m], [b, n]) => a - b || n - m)[0];
    parts.push(text.slice(done, at), make("mark", {}, text.slice(at, at + length)));
    done = at + length;
  }
}

/** Returns the snippet of a text around the first word of the query. */
function snippet(body, terms) {
  if (body.length <= LONGEST) return body;
  const folded = fold(body);
  const first = Math.min(...terms.map((term) => find(folded, term, 0)).filter((at) => at >= 0), body.length);
  const start = first < LONGEST / 2 || first === body.length ? 0 : body.lastIndexOf(" ", first - LONGEST / 3) + 1;
  const end = body.lastIndexOf(" ", start + LONGEST);
  return body.slice(start, end > start ? end : start + LONGEST) + " …";
}

const SUREST = ["merged", "landed", "stated", "issue"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const TAG = /^(?:\[[^\]]{1,60}\]\s*)+(?=\S)/; // tags in brackets, such as [PATCH v2 05/15]

/** Formats a date: 20 Nov 2017. */
function day(date) {
  if (!date) return "undated";
  const [year, month, of] = date.split("-").map(Number);
  return make("time", { datetime: date }, `${of} ${MONTHS[month - 1]} ${year}`);
}

/** Creates the coloured label of a kind with its icon. */
function kindLabel(kind) {
  const [hue, drawing] = site.looks[kind] || site.looks[""];
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", drawing);
  for (const [name, value] of [["class", "icon"], ["viewBox", "0 0 16 16"], ["aria-hidden", "true"]]) icon.setAttribute(name, value);
  icon.append(path);
  return make("span", { class: "kind " + hue }, icon, " " + kind[0].toUpperCase() + kind.slice(1));
}

/** Creates a title. The tag before the subject of a mail is set apart. */
function headline(title, terms) {
  const tag = (TAG.exec(title) || [""])[0];
  return [tag ? make("span", { class: "tag" }, tag) : null, marked(title.slice(tag.length), terms)].flat();
}

/** Creates the labels of versions, each once, with its strongest evidence. */
function versions(pairs, kind) {
  const undated = site.reading.includes(kind) || pairs.some(([, , how]) => how === "merged");
  const seen = new Set();
  return [...pairs]
    .sort((a, b) => SUREST.indexOf(a[2]) - SUREST.indexOf(b[2]))
    .filter(([, version, how]) => !(undated && how === "issue") && !seen.has(version) && seen.add(version))
    .flatMap(([, version, how]) => [make("span", { class: "version " + how }, HOW_WORDS[how](version)), " "]);
}

/** Returns the record of an entry. */
async function record(entry) {
  const firsts = site.firsts.records;
  const [, path, title, body, kind, author, pairs] = await backissue.row("records", firsts, entry);
  return { path, title, body, kind, author, pairs, issue: site.issues[site.issueOf[entry]] };
}

function shownHit({ path, title, body, kind, author, pairs, issue }, terms) {
  const said = snippet(body, terms);
  return make("li", { class: kind === "patch" && "patch" }, make("article", {},
    make("h2", {}, make("a", { href: path }, headline(title, terms))),
    said ? make("p", { class: "snippet" }, marked(said, terms)) : null,
    make("div", { class: "about" },
      kindLabel(kind), " ", versions(pairs, kind),
      author ? [make("span", { class: "author" }, author), " "] : null,
      make("span", {}, `${issue[1]}, `, day(issue[2])))));
}

const { compare } = new Intl.Collator("en", { numeric: true });
const byCount = (a, b) => b.count - a.count || compare(a.label, b.label);
const newest = (a, b) => compare(b.value, a.value);

function shownFacet(facet, counts, chosen) {
  const labels = new Map(facet.labels);
  const held = [...counts].map(([value, count]) => ({ value, count, label: labels.get(value) || value }));
  if (!held.length) return null;
  held.sort(facet.order === "count" ? byCount : newest);
  const boxes = held.map(({ value, count, label }) => make("li", {}, make("label", {},
    make("input", {
      type: "checkbox", name: facet.name, value,
      id: `${facet.name}-${value.replaceAll(" ", "-")}`, checked: chosen.includes(value),
    }),
    " ", make("span", {}, label), " ", make("span", { class: "count" }, count.toLocaleString("en")))));
  const more = boxes.slice(SHOWN);
  const unfolded = document.getElementById("more-" + facet.name)?.open;
  const open = unfolded || held.slice(SHOWN).some(({ value }) => chosen.includes(value));
  return make("fieldset", {}, make("legend", {}, facet.label), make("ul", {}, boxes.slice(0, SHOWN)),
    more.length ? make("details", { id: "more-" + facet.name, open },
      make("summary", {},
        make("span", { class: "more" }, `Show ${more.length} more ${more.length > 1 ? facet.many : facet.many.slice(0, -1)}`),
        make("span", { class: "fewer" }, `Show fewer ${facet.many}`)), make("ul", {}, more)) : null);
}

/** Returns the URL of another page of results. */
function addressOf({ text, chosen, sort }, page) {
  const args = new URLSearchParams();
  if (text) args.set("q", text);
  for (const [name, values] of Object.entries(chosen)) for (const value of values) args.append(name, value);
  if (sort !== SORTS[0]) args.set("sort", sort);
  args.set("page", page);
  args.sort();
  return "?" + args;
}

function shownPages(query, last) {
  if (last < 2) return null;
  const at = query.page;
  const link = (rel, label, page) => make("a", { rel, class: "button quiet", href: addressOf(query, page) }, label);
  return make("nav", { class: "pages", "aria-label": "Pages of results" },
    at > 1 ? link("prev", "Previous", at - 1) : null, make("span", {}, `Page ${at} of ${last}`),
    at < last ? link("next", "Next", at + 1) : null);
}

function* notices(query, { hits, full, few, corrected, read }) {
  if (few && hits.length > full) yield `Only ${full === 1 ? "1 entry contains" : full + " entries contain"} all your words. The others contain some of them.`;
  else if (!full && hits.length) yield "No entry contains all your words. Showing the closest matches.";
  for (const [typed, meant] of corrected) yield `Showing results for ${meant}; no entry contains ${typed}.`;
  for (const [typed, meant] of read) yield `No entry contains ${typed}. Showing entries that contain ${meant}.`;
  yield* query.notices;
}

/** Changes the page. The focus stays on the element with its id. */
function change(how) {
  const focused = document.activeElement?.id;
  how();
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** Makes the fields match the selected filters until their values are counted. Those without a checkbox are hidden. */
function matched(facets, chosen) {
  const boxes = [...facets.querySelectorAll("input[type=checkbox]")];
  for (const box of boxes) box.checked = chosen[box.name].includes(box.value);
  const lacking = ([name, values]) => values.filter((value) => !boxes.some((box) => box.name === name && box.value === value))
    .map((value) => make("input", { type: "hidden", name, value }));
  facets.querySelectorAll("input[type=hidden]").forEach((each) => each.remove());
  facets.append(...Object.entries(chosen).flatMap(lacking));
}

const busy = (is) => document.getElementById("answer").setAttribute("aria-busy", is);

/** Shows the results of the URL, then counts the values of the filters. Until then they are marked as busy. */
async function show() {
  const now = ++turn;
  wanted = location.search;
  busy(true);
  alerts().forEach((each) => each.remove());
  await replace(now).catch((error) => now === turn && failed(error));
  if (now === turn) busy(false);
}

async function replace(now) {
  const typed = form.elements.q.value;
  const query = await backissue.asking.asked(site, new URLSearchParams(location.search));
  const found = await backissue.matching.answer(site, query);
  const last = Math.ceil(found.hits.length / PAGE);
  query.page = Math.max(1, Math.min(query.page, last));
  const start = (query.page - 1) * PAGE;
  const records = await Promise.all(found.hits.slice(start, start + PAGE).map(record));
  if (now !== turn) return;
  const terms = [...new Set(found.marks)].filter(Boolean);
  const option = (sort) => make("option", { selected: sort === query.sort }, sort);
  const open = document.getElementById("filters")?.open ?? !matchMedia("(max-width: 55.99rem)").matches;
  const filters = make("details", { class: "filters", id: "filters", open }, make("summary", {}, "Filters"));
  const facets = document.querySelector("#filters > div") || make("div", { class: "values" });
  matched(facets, query.chosen);
  if (form.elements.q.value === typed) form.elements.q.value = query.text; // otherwise the next query is being typed
  const results = make("section", { id: "results", "aria-label": "Results" },
    make("div", { class: "above" }, make("p", { class: "total" }, make("strong", {}, entries(found.hits.length))),
      make("p", { class: "sort" }, make("label", { for: "sort" }, "Sort by"), " ",
        make("select", { id: "sort", name: "sort" }, SORTS.map(option)))),
    [...notices(query, found)].map((notice) => make("p", { class: "notice" }, notice)),
    found.hits.length ? null : make("div", { class: "nothing" }, make("h2", {}, "Nothing found"),
      make("p", {}, "Try fewer words or filters.")),
    make("ol", { class: "hits", start: start + 1 }, records.map((each) => shownHit(each, terms))),
    shownPages(query, last));
  const answer = Object.assign(document.getElementById("answer"), { className: "columns" });
  change(() => {
    filters.append(facets);
    answer.replaceChildren(make("div", { class: "side" }, filters), results);
  });
  document.title = `${query.text || "Search"} – ${entries(found.hits.length)} – backissue`;
  document.getElementById("status").textContent = entries(found.hits.length);
  const counted = async () => {
    const counts = await backissue.filters.counts(site, found.all.entries, query.chosen);
    if (now !== turn) return;
    const shown = site.facets.map((facet) => shownFacet(facet, counts[facet.name], query.chosen[facet.name]));
    change(() => facets.replaceChildren(...shown.filter(Boolean)));
  };
  if (open) await counted();
  else filters.addEventListener("toggle", () => counted().catch(failed), { once: true });
}

/** Shows the results of the form, and changes the URL. */
function go() {
  const said = [...new FormData(form)].filter(([name, value]) => value && (name !== "sort" || value !== SORTS[0]));
  const args = new URLSearchParams(said);
  args.sort();
  history.pushState({}, "", "?" + args);
  show();
}

/** Loads the data that every search needs, with the issue and date of each entry. */
async function prepared() {
  const held = { ...await backissue.load("start"), values: new Map(), issueOf: [], days: [] };
  for (const [at, [, , date, count]] of held.issues.entries()) {
    for (let n = 0; n < count; n++) {
      held.issueOf.push(at);
      held.days.push(Date.parse(date || "1970-01-01"));
    }
  }
  return held;
}

const alerts = () => form.querySelectorAll(".notice[role=alert]");

function failed(error) {
  alerts().forEach((each) => each.remove());
  const why = `The search could not be loaded (${error.message}). Reload the page to try again.`;
  form.querySelector(".syntax").after(make("p", { class: "notice", role: "alert" }, why));
}

async function start() {
  form.elements.q.value = new URLSearchParams(location.search).get("q");
  site = await prepared();
  addEventListener("popstate", () => {
    if (location.search !== wanted) show(); // otherwise it was a jump within the page
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); go(); });
  form.addEventListener("change", (event) => {
    if (event.target.matches("input[type=checkbox], select")) go();
  });
  show();
}

start().catch(failed);

})();
