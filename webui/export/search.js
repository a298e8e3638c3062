// Searches the entries of one JSON file, with the filters of the served page; the address says what is searched.
"use strict";

// In a function, so that its names are not those of script.js.
(() => {

const PAGE = 20;
const SHOWN = 7; // values of a filter that are shown at once
const LONGEST = 320; // characters of a short text
const HOW = "how"; // a version and this have to be of one pair
const SORTS = ["relevance", "newest", "oldest"];
const HOW_WORDS = { landed: (v) => "landed in " + v, merged: (v) => "merged in " + v, stated: (v) => "stated: " + v, issue: (v) => "in development for " + v };
const LETTER = /[\p{L}\p{N}]/u;
const UNSPACED = /^[\u3040-\u9fff\uac00-\ud7af]/;
const NOT_KNOWN = /(^|\s)(OR|NOT)\s|\(\w|\.\.v?\d|[<>]=?v?\d/;

const form = document.getElementById("finder");
let found = null; // what the file holds, each entry with its folded texts

/** A text without case and accents, letter by letter, so that places in it are places in the text. */
function fold(text) {
  return Array.from(text, (letter) => {
    if (letter <= "\x7f") return letter < "!" ? " " : letter.toLowerCase();
    const plain = letter.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
    return plain.length === letter.length ? plain : letter;
  }).join("");
}

/** Where a term next begins a word, or a part of a name, in a folded text; -1 for nowhere. */
function find(text, term, from = 0) {
  const anywhere = UNSPACED.test(term) || !LETTER.test(term[0]);
  for (let at = text.indexOf(term, from); at >= 0; at = text.indexOf(term, at + 1)) {
    if (anywhere || at === 0 || !LETTER.test(text[at - 1])) return at;
  }
  return -1;
}

const endsWord = (text, end) => end >= text.length || !LETTER.test(text[end]);

/** What a term is worth in an entry: 0 where it does not occur, most in a title or as a whole name. */
function worth(entry, term) {
  let sum = 0;
  const at = find(entry.folded.title, term);
  if (at >= 0) sum += endsWord(entry.folded.title, at + term.length) ? 8 : 5;
  if (entry.folded.names.includes(term)) sum += 10;
  else if (entry.folded.names.some((name) => find(name, term) >= 0)) sum += 4;
  const inBody = find(entry.folded.body, term);
  if (inBody >= 0) sum += endsWord(entry.folded.body, inBody + term.length) ? 2 : 1;
  return sum;
}

/** What an address asks for; fields that were typed are filters like those that are ticked. */
function asked(args) {
  const [chosen, notices] = [{}, []];
  for (const { name } of found.facets) {
    chosen[name] = args.getAll(name).filter(Boolean).flatMap((value) => meant(name, value, notices));
  }
  const text = (args.get("q") || "").slice(0, 300);
  const [terms, without, words] = [[], [], []];
  const fields = found.facets.map((facet) => facet.name).join("|");
  const token = new RegExp(`(-?)(?:(${fields}):)?(?:"([^"]*)"|(\\S+))`, "g");
  for (const [typed, minus, field, phrase, word] of text.matchAll(token)) {
    if (field && !minus) chosen[field].push(...meant(field, phrase ?? word, notices));
    else {
      words.push(typed);
      const term = fold(phrase === undefined ? trimmed(word) : phrase.trim());
      if (term) (minus ? without : terms).push(term);
    }
  }
  if (NOT_KNOWN.test(text)) notices.push("OR, NOT, parentheses and ranges are searched as words here.");
  for (const name of Object.keys(chosen)) chosen[name] = [...new Set(chosen[name])];
  const sort = SORTS.includes(args.get("sort")) ? args.get("sort") : SORTS[0];
  const page = Math.max(1, parseInt(args.get("page"), 10) || 1);
  return { text: words.join(" "), terms, without, chosen, notices, sort, page };
}

/** A word without the punctuation around it, as the () of a call and the * of a beginning. */
const trimmed = (word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");

/** The values of a filter that are meant: v4.15 by 4.15, an issue by its number, an author by part of the name. */
function meant(name, value, notices) {
  const wanted = fold(value.trim());
  const values = found.values[name];
  const { prefix } = found.facets.find((facet) => facet.name === name);
  const near = {
    issue: (each) => each.endsWith("/" + wanted),
    author: (each) => spellings(each).some((spelling) => find(fold(spelling), wanted) >= 0),
  }[name] || (prefix !== undefined && ((each) => each === prefix + wanted));
  const spellings = (each) => [each, ...(name === "author" && found.spellings[each] || [])];
  let held = values.filter((each) => fold(each) === wanted);
  if (!held.length) held = values.filter((each) => spellings(each).some((spelling) => fold(spelling) === wanted));
  if (!held.length && near) held = values.filter(near);
  if (!held.length) notices.push(`No entry has ${name}:${value}.`);
  return held.length ? held : [value];
}

/** The address of another page of the hits. */
function addressOf({ text, chosen, sort }, page) {
  const args = new URLSearchParams();
  if (text) args.set("q", text);
  for (const [name, values] of Object.entries(chosen)) for (const value of values) args.append(name, value);
  if (sort !== SORTS[0]) args.set("sort", sort);
  args.set("page", page);
  args.sort();
  return "?" + args;
}

/** The values of an entry for a filter; of its pairs only those that the other filter of them leaves. */
function values(entry, name, chosen) {
  const versions = versionFacets();
  if (name !== HOW && !versions.includes(name)) return entry[name] || [];
  const at = name === HOW ? 1 : 0;
  const other = at ? versions.flatMap((facet) => chosen[facet] || []) : chosen[HOW] || [];
  return (at ? pairs(entry) : entry[name] || []).filter((pair) => !other.length || other.includes(pair[1 - at])).map((pair) => pair[at]);
}

const versionFacets = () => found.facets.filter((facet) => facet.order === "version").map((facet) => facet.name);
const pairs = (entry) => versionFacets().flatMap((facet) => entry[facet] || []);

const fits = (entry, name, chosen) =>
  !chosen[name].length || values(entry, name, chosen).some((value) => chosen[name].includes(value));

/** The entries that have all words, each with what it is worth by them. */
function matching(query) {
  return found.entries.flatMap((entry) => {
    let score = 1;
    for (const term of query.terms) {
      const more = worth(entry, term);
      if (!more) return [];
      score += more;
    }
    return query.without.some((term) => worth(entry, term)) ? [] : [{ entry, score }];
  });
}

/** The hits in order, and for each value of a filter how many there would be with it. */
function answer(query) {
  const names = found.facets.map((facet) => facet.name);
  const paired = [HOW, ...versionFacets()]; // one version has to be both
  const same = (a, b) => a === b || (paired.includes(a) && paired.includes(b));
  const counts = Object.fromEntries(names.map((name) => [name, new Map(query.chosen[name].map((v) => [v, 0]))]));
  const hits = [];
  for (const hit of matching(query)) {
    const missed = names.filter((name) => !fits(hit.entry, name, query.chosen));
    if (!missed.length) hits.push(hit);
    for (const name of names) {
      if (!missed.every((other) => same(other, name))) continue;
      for (const value of new Set(values(hit.entry, name, query.chosen))) {
        counts[name].set(value, (counts[name].get(value) || 0) + 1);
      }
    }
  }
  return { hits: ordered(hits, query), counts };
}

/** Hits in order; one counts twice if a version that is asked for is not told by its date alone. */
function ordered(hits, query) {
  const surely = ([version, how]) => how !== "issue" && versionFacets().some((facet) => query.chosen[facet].includes(version));
  for (const hit of hits) if (pairs(hit.entry).some(surely)) hit.score *= 2;
  const way = query.sort === "oldest" ? 1 : -1;
  const byDay = (a, b) => way * (a.entry.day - b.entry.day) || a.entry.place - b.entry.place;
  const byScore = query.sort === "relevance" && query.terms.length;
  return hits.sort((a, b) => (byScore && b.score - a.score) || byDay(a, b));
}

/** An element; texts in it are never read as HTML. */
function make(tag, attributes = {}, ...parts) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...parts.flat().filter((part) => part !== null));
  return made;
}

const entries = (count) => count + (count === 1 ? " entry" : " entries");

/** A text with the words that were searched for marked. */
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

/** The part of a body to show, around the first word that was searched for. */
function snippet(entry, terms) {
  const { body } = entry;
  if (body.length <= LONGEST) return body;
  const folded = fold(body);
  const first = Math.min(...terms.map((term) => find(folded, term)).filter((at) => at >= 0), body.length);
  const start = first < LONGEST / 2 || first === body.length ? 0 : body.lastIndexOf(" ", first - LONGEST / 3) + 1;
  const end = body.lastIndexOf(" ", start + LONGEST);
  return body.slice(start, end > start ? end : start + LONGEST) + " …";
}

function versions(entry) {
  const surer = new Set(pairs(entry).filter(([, how]) => how !== "issue").map(([version]) => version));
  return pairs(entry)
    .filter(([version, how]) => how !== "issue" || !surer.has(version))
    .flatMap(([version, how]) => [make("span", { class: "version " + how }, HOW_WORDS[how](version)), " "]);
}

function shownHit({ entry }, terms) {
  const issue = found.issues[entry.issue[0]];
  const said = snippet(entry, terms);
  return make("li", {}, make("article", {},
    make("h2", {}, make("a", { href: entry.path }, marked(entry.title, terms))),
    make("p", { class: "about" },
      make("span", { class: "kind" }, entry.kind[0]), " ", versions(entry),
      make("span", {}, `${issue.title}, ${issue.date}`),
      entry.author ? [" ", make("span", { class: "author" }, (entry.written || entry.author).join(", "))] : null),
    said ? make("p", { class: "snippet" }, marked(said, terms)) : null));
}

const { compare } = new Intl.Collator("en", { numeric: true });
const byCount = (a, b) => b.count - a.count || compare(a.label, b.label);
const newest = (a, b) => compare(b.value, a.value);

function shownFacet(facet, counts, chosen) {
  const labels = new Map(Object.entries(facet.labels));
  const held = [...counts].map(([value, count]) => ({ value, count, label: labels.get(value) || value }));
  if (!held.length) return null;
  held.sort(facet.order === "count" ? byCount : newest);
  const boxes = held.map(({ value, count, label }) => make("li", {}, make("label", {},
    make("input", {
      type: "checkbox", name: facet.name, value,
      id: `${facet.name}-${value.replaceAll(" ", "-")}`, checked: chosen.includes(value),
    }),
    " ", make("span", {}, label), " ", make("span", { class: "count" }, `(${count})`))));
  const more = boxes.slice(SHOWN);
  const unfolded = document.getElementById("more-" + facet.name)?.open;
  const open = unfolded || held.slice(SHOWN).some(({ value }) => chosen.includes(value));
  return make("fieldset", {}, make("legend", {}, facet.label), make("ul", {}, boxes.slice(0, SHOWN)),
    more.length ? make("details", { id: "more-" + facet.name, open },
      make("summary", {}, `Show ${more.length} more ${more.length > 1 ? facet.many : facet.many.slice(0, -1)}`), make("ul", {}, more)) : null);
}

function shownPages(query, last) {
  if (last < 2) return null;
  const at = query.page;
  const link = (rel, label, page) => make("a", { rel, href: addressOf(query, page) }, label);
  return make("nav", { class: "pages", "aria-label": "Pages of results" },
    at > 1 ? link("prev", "Previous", at - 1) : null, make("span", {}, `Page ${at} of ${last}`),
    at < last ? link("next", "Next", at + 1) : null);
}

function show() {
  const query = asked(new URLSearchParams(location.search));
  const { hits, counts } = answer(query);
  const last = Math.ceil(hits.length / PAGE);
  query.page = Math.max(1, Math.min(query.page, last));
  const start = (query.page - 1) * PAGE;
  const shown = hits.slice(start, start + PAGE);
  const focused = document.activeElement?.id;
  const option = (sort) => make("option", { selected: sort === query.sort }, sort);
  const open = document.getElementById("filters")?.open ?? !matchMedia("(max-width: 55.99rem)").matches;
  form.elements.q.value = query.text;
  Object.assign(document.getElementById("answer"), { className: "columns" }).replaceChildren(
    make("div", { class: "side" }, make("details", { class: "filters", id: "filters", open },
      make("summary", {}, "Filters"),
      found.facets.map((facet) => shownFacet(facet, counts[facet.name], query.chosen[facet.name])))),
    make("section", { class: "results", "aria-label": "Results" },
      make("div", { class: "above" }, make("p", { class: "total" }, entries(hits.length)),
        make("p", { class: "sort" }, make("label", { for: "sort" }, "Sort by"), " ",
          make("select", { id: "sort", name: "sort" }, SORTS.map(option)))),
      query.notices.map((notice) => make("p", { class: "notice" }, notice)),
      hits.length ? null : make("p", {}, "Nothing was found. Fewer words or filters find more."),
      make("ol", { class: "hits", start: start + 1 }, shown.map((hit) => shownHit(hit, query.terms))),
      shownPages(query, last)));
  document.title = `${query.text || "Search"} – ${entries(hits.length)} – backissue`;
  document.getElementById("status").textContent = entries(hits.length);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** Shows what the form asks for, at its address. */
function go() {
  const said = [...new FormData(form)].filter(([name, value]) => value && (name !== "sort" || value !== SORTS[0]));
  const args = new URLSearchParams(said);
  args.sort();
  history.pushState({}, "", "?" + args);
  show();
}

/** Folds the texts of the entries, and lists the values of each filter. */
function prepare() {
  for (const [place, entry] of found.entries.entries()) {
    const names = [...entry.names, ...(entry.author || []), ...(entry.written || [])].map((name) => fold(name).replace(/^_+|_+$/g, ""));
    const day = Date.parse(found.issues[entry.issue[0]].date);
    Object.assign(entry, { place, day, folded: { title: fold(entry.title), body: fold(entry.body), names } });
  }
  for (const { name } of found.facets) {
    found.values[name] = [...new Set(found.entries.flatMap((entry) => values(entry, name, {})))];
  }
}

async function start() {
  try {
    const file = await fetch(new URL(form.dataset.entries, document.baseURI));
    if (!file.ok) throw new Error(file.statusText);
    found = { ...await file.json(), values: {} };
    prepare();
  } catch (error) {
    const why = location.protocol === "file:"
      ? "Browsers let no script read a file of the disk: serve this folder (python -m http.server does) to search it."
      : `The entries could not be read (${error.message}).`;
    form.elements.q.value = new URLSearchParams(location.search).get("q");
    return form.querySelector(".syntax").after(make("p", { class: "notice", role: "alert" }, why));
  }
  show();
  addEventListener("popstate", show);
  form.addEventListener("submit", (event) => { event.preventDefault(); go(); });
  form.addEventListener("change", (event) => {
    if (event.target.matches("input[type=checkbox], select")) go();
  });
}

if (form) start();

})();
