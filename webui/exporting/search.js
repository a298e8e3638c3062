// Searches the entries of one JSON file, with the filters of the served page; the address says what is searched.
// Simpler than the served search: no corrections, no other forms of words, no OR.
"use strict";

(() => {
  const PAGE = 20;
  const SHOWN = 7; // values of a filter that are shown at once
  const LONGEST = 320; // characters of a short text
  const BEFORE = 100;
  const SORTS = ["relevance", "newest", "oldest"];
  const SURER = 2; // what an entry counts whose version, where one is asked for, is not told by its date alone
  const HOW_WORDS = { landed: (v) => "landed in " + v, stated: (v) => v + " stated", issue: (v) => "during " + v };
  const LETTER = /[\p{L}\p{N}]/u;
  const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
  const NOT_KNOWN = /(^|\s)(OR|NOT|AND)(\s|$)|[()]\S|\.\.|[<>]=?v?\d/;

  const form = document.getElementById("finder");
  let found = null; // what the file holds, each entry with its folded texts

  // --- words ---------------------------------------------------------------------------------------------------

  /** A text without case and accents, letter by letter, so that places in it are places in the text. */
  function fold(text) {
    if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
    return Array.from(text, (letter) => {
      const plain = letter.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
      return plain.length === letter.length ? plain : letter;
    }).join("");
  }

  /** Where a term next begins a word, or a part of a name, in a folded text; -1 for nowhere. */
  function find(text, term, from = 0) {
    const anywhere = UNSPACED.test(term);
    for (let at = text.indexOf(term, from); at >= 0; at = text.indexOf(term, at + 1)) {
      if (anywhere || at === 0 || !LETTER.test(text[at - 1]) || !LETTER.test(term[0])) return at;
    }
    return -1;
  }

  function endsWord(text, end) {
    return end >= text.length || !LETTER.test(text[end]);
  }

  /** What a term is worth in an entry: 0 where it does not occur, most in a title or as a whole name. */
  function worth(entry, term) {
    let sum = 0;
    const at = find(entry.folded.title, term);
    if (at >= 0) sum += endsWord(entry.folded.title, at + term.length) ? 8 : 5;
    if (entry.folded.names.includes(term)) sum += 10;
    else if (entry.folded.names.some((name) => find(name, term) >= 0)) sum += 4;
    const inBody = find(entry.folded.body, term);
    if (inBody >= 0) sum += endsWord(entry.folded.body, inBody + term.length) ? 2 : 1;
    if (entry.folded.people.some((name) => find(name, term) >= 0)) sum += 3;
    return sum;
  }

  // --- what is asked for ---------------------------------------------------------------------------------------

  /** What an address asks for; fields that were typed are filters like those that are ticked. */
  function asked(args) {
    const chosen = {};
    const notices = [];
    for (const { name } of found.facets) {
      chosen[name] = args.getAll(name).filter(Boolean).flatMap((value) => meant(name, value, notices));
    }
    const text = (args.get("q") || "").slice(0, 300);
    const query = { terms: [], without: [], text: [], chosen, notices };
    const fields = found.facets.map((facet) => facet.name).join("|");
    const token = new RegExp(`(-?)(?:(${fields}):)?(?:"([^"]*)"|(\\S+))`, "g");
    for (const [typed, minus, field, phrase, word] of text.matchAll(token)) {
      if (field && !minus) chosen[field].push(...meant(field, phrase ?? word, notices));
      else take(query, typed, minus, phrase === undefined ? trimmed(word) : phrase.trim());
    }
    if (NOT_KNOWN.test(text)) notices.push("OR, NOT, parentheses and ranges are searched as words here.");
    for (const name of Object.keys(chosen)) chosen[name] = [...new Set(chosen[name])];
    const sort = SORTS.includes(args.get("sort")) ? args.get("sort") : SORTS[0];
    return { ...query, text: query.text.join(" "), sort, page: Math.max(1, parseInt(args.get("page"), 10) || 1) };
  }

  function take(query, typed, minus, word) {
    query.text.push(typed);
    if (word) (minus ? query.without : query.terms).push(fold(word));
  }

  /** A word without what may stand around it: punctuation, the () of a call, the * of a beginning. */
  function trimmed(word) {
    return word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
  }

  /** The values of a filter that one means: v4.15 for 4.15, an issue by its number, an author by part of the name. */
  function meant(name, value, notices) {
    const wanted = fold(value.trim());
    const values = found.values[name];
    let held = values.filter((each) => fold(each) === wanted);
    if (!held.length && name === "kernel") held = values.filter((each) => each === "v" + wanted);
    if (!held.length && name === "issue") held = values.filter((each) => each.endsWith("/" + wanted));
    if (!held.length && name === "author") held = values.filter((each) => find(fold(each), wanted) >= 0);
    if (!held.length) notices.push(`No entry has ${name}:${value}.`);
    return held.length ? held : [value];
  }

  /** The address that asks for what is asked, with some of it changed. */
  function addressOf(query, changed = {}) {
    const { text, chosen, sort, page } = { ...query, page: 1, ...changed };
    const args = new URLSearchParams();
    if (text) args.set("q", text);
    for (const [name, values] of Object.entries(chosen)) for (const value of values) args.append(name, value);
    if (sort !== SORTS[0]) args.set("sort", sort);
    if (page > 1) args.set("page", page);
    args.sort();
    return "?" + args;
  }

  // --- entries -------------------------------------------------------------------------------------------------

  /** The values of an entry for a filter; of its pairs of version and way only those that the other filter leaves. */
  function values(entry, name, chosen) {
    const some = (wanted, value) => !wanted || !wanted.length || wanted.includes(value);
    if (name === "kernel") return (entry.kernel || []).filter((pair) => some(chosen.how, pair[1])).map((pair) => pair[0]);
    if (name === "how") return (entry.kernel || []).filter((pair) => some(chosen.kernel, pair[0])).map((pair) => pair[1]);
    return entry[name] || [];
  }

  function fits(entry, name, chosen) {
    return !chosen[name].length || values(entry, name, chosen).some((value) => chosen[name].includes(value));
  }

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

  /** The hits that all filters leave in order, and for each filter how many there would be with each value. */
  function answer(query) {
    const names = found.facets.map((facet) => facet.name);
    const paired = (name) => name === "kernel" || name === "how";
    const counts = Object.fromEntries(names.map((name) => [name, new Map(query.chosen[name].map((v) => [v, 0]))]));
    const hits = [];
    for (const hit of matching(query)) {
      const missed = names.filter((name) => !fits(hit.entry, name, query.chosen));
      if (!missed.length) hits.push(hit);
      for (const name of names) {
        if (!missed.every((other) => other === name || (paired(other) && paired(name)))) continue;
        for (const value of new Set(values(hit.entry, name, query.chosen))) {
          counts[name].set(value, (counts[name].get(value) || 0) + 1);
        }
      }
    }
    return { hits: ordered(hits, query), counts };
  }

  function ordered(hits, query) {
    const surely = ([version, how]) => how !== "issue" && query.chosen.kernel.includes(version);
    for (const hit of hits) if ((hit.entry.kernel || []).some(surely)) hit.score *= SURER;
    const newest = (a, b) => b.entry.order - a.entry.order || a.entry.place - b.entry.place;
    if (query.sort === "oldest") return hits.sort((a, b) => a.entry.order - b.entry.order || a.entry.place - b.entry.place);
    if (query.sort === "newest" || !query.terms.length) return hits.sort(newest);
    return hits.sort((a, b) => b.score - a.score || newest(a, b));
  }

  // --- what is shown -------------------------------------------------------------------------------------------

  /** An element with attributes, and with texts and elements in it; texts are never read as HTML. */
  function make(tag, attributes = {}, ...parts) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== false) made.setAttribute(name, value === true ? "" : value);
    made.append(...parts.flat().filter((part) => part !== null && part !== undefined));
    return made;
  }

  function entries(count) {
    return count + (count === 1 ? " entry" : " entries");
  }

  /** A text with the words that were searched for marked. */
  function marked(text, terms) {
    const folded = fold(text);
    const parts = [];
    let done = 0;
    for (;;) {
      const next = terms.map((term) => [find(folded, term, done), term.length]).filter(([at]) => at >= 0);
      if (!next.length) return [...parts, text.slice(done)];
      const [at, length] = next.sort((a, b) => a[0] - b[0] || b[1] - a[1])[0];
      parts.push(text.slice(done, at), make("mark", {}, text.slice(at, at + length)));
      done = at + length;
    }
  }

  /** The part of a body to show: what follows the title, around the first word that was searched for. */
  function snippet(entry, terms) {
    const body = entry.body.startsWith(entry.title) ? entry.body.slice(entry.title.length).replace(/^[ .:;–—\n]+/, "") : entry.body;
    if (body.length <= LONGEST) return body;
    const folded = fold(body);
    const first = Math.min(...terms.map((term) => find(folded, term)).filter((at) => at >= 0), body.length);
    const start = first < LONGEST - BEFORE || first === body.length ? 0 : body.lastIndexOf(" ", first - BEFORE) + 1;
    const end = body.lastIndexOf(" ", start + LONGEST);
    return body.slice(start, end > start ? end : start + LONGEST) + " …";
  }

  function kernels(entry) {
    const pairs = entry.kernel || [];
    const surer = new Set(pairs.filter(([, how]) => how !== "issue").map(([version]) => version));
    return pairs
      .filter(([version, how]) => how !== "issue" || !surer.has(version))
      .flatMap(([version, how]) => [make("span", { class: "kernel " + how }, HOW_WORDS[how](version)), " "]);
  }

  function shownHit({ entry }, terms) {
    const issue = found.issues[entry.issue[0]];
    const said = snippet(entry, terms);
    return make("li", {}, make("article", {},
      make("h2", {}, make("a", { href: entry.path }, marked(entry.title, terms))),
      make("p", { class: "about" },
        make("span", { class: "kind" }, entry.kind[0]), " ", kernels(entry),
        make("span", {}, `${issue.title}, ${issue.date}`),
        entry.author ? [" ", make("span", { class: "author" }, entry.author.join(", "))] : null),
      said ? make("p", { class: "snippet" }, marked(said, terms)) : null));
  }

  const collator = new Intl.Collator("en", { numeric: true });
  const ORDERS = {
    count: (a, b) => b.count - a.count || collator.compare(a.label, b.label),
    version: (a, b) => collator.compare(b.value, a.value),
    number: (a, b) => collator.compare(b.value, a.value),
  };

  function shownFacet(facet, counts, chosen) {
    const held = [...counts].map(([value, count]) => ({ value, count, label: facet.labels[value] || value }));
    if (!held.length) return null;
    held.sort(ORDERS[facet.order]);
    const boxes = held.map(({ value, count, label }) => make("li", {}, make("label", {},
      make("input", { type: "checkbox", name: facet.name, value, id: `${facet.name}-${value.replaceAll(" ", "-")}`, checked: chosen.includes(value) }),
      " ", make("span", {}, label), " ", make("span", { class: "count" }, `(${count})`))));
    const more = boxes.slice(SHOWN);
    const open = held.slice(SHOWN).some(({ value }) => chosen.includes(value)) || Boolean(document.getElementById("more-" + facet.name)?.open);
    return make("fieldset", {}, make("legend", {}, facet.label), make("ul", {}, boxes.slice(0, SHOWN)),
      more.length ? make("details", { id: "more-" + facet.name, open },
        make("summary", {}, `Show ${more.length} more ${facet.many}`), make("ul", {}, more)) : null);
  }

  function shownPages(query, total) {
    const last = Math.ceil(total / PAGE);
    if (last < 2) return null;
    const at = Math.min(query.page, last);
    const link = (rel, label, page) => make("a", { rel, href: addressOf(query, { page }) }, label);
    return make("nav", { class: "pages", "aria-label": "Pages of results" },
      at > 1 ? link("prev", "Previous", at - 1) : null, make("span", {}, `Page ${at} of ${last}`),
      at < last ? link("next", "Next", at + 1) : null);
  }

  function show() {
    const query = asked(new URLSearchParams(location.search));
    const { hits, counts } = answer(query);
    const start = (Math.min(query.page, Math.max(1, Math.ceil(hits.length / PAGE))) - 1) * PAGE;
    const focused = document.activeElement?.id;
    const filters = document.getElementById("filters");
    const open = filters ? filters.open : !matchMedia("(max-width: 55.99rem)").matches;
    form.elements.q.value = query.text;
    document.getElementById("answer").replaceChildren(
      make("div", { class: "side" }, make("details", { class: "filters", id: "filters", open }, make("summary", {}, "Filters"),
        found.facets.map((facet) => shownFacet(facet, counts[facet.name], query.chosen[facet.name])))),
      make("section", { class: "results", "aria-label": "Results" },
        make("div", { class: "above" }, make("p", { class: "total" }, entries(hits.length)),
          make("p", { class: "sort" }, make("label", { for: "sort" }, "Sort by"), " ",
            make("select", { id: "sort", name: "sort" }, SORTS.map((sort) => make("option", { selected: sort === query.sort }, sort))))),
        query.notices.map((notice) => make("p", { class: "notice" }, notice)),
        hits.length ? null : make("p", {}, "Nothing was found. Fewer words or filters find more."),
        make("ol", { class: "hits", start: start + 1 }, hits.slice(start, start + PAGE).map((hit) => shownHit(hit, query.terms))),
        shownPages(query, hits.length)));
    document.title = `${query.text || "Search"} – ${entries(hits.length)} – backissue`;
    document.getElementById("status").textContent = entries(hits.length);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  // --- what happens --------------------------------------------------------------------------------------------

  function go(address) {
    history.pushState({}, "", address);
    show();
  }

  /** The address of what the form says. */
  function submitted() {
    const args = new URLSearchParams([...new FormData(form)].filter(([, value]) => value && value !== SORTS[0]));
    args.sort();
    return "?" + args;
  }

  /** The file's entries with their texts folded, and for each filter the values that there are. */
  function prepared(file) {
    const days = Object.values(file.issues).map((issue) => issue.date).sort();
    const taken = { ...file, values: {} };
    for (const [place, entry] of file.entries.entries()) {
      const people = (entry.author || []).map(fold);
      const names = entry.names.map((name) => fold(name).replace(/^_+|_+$/g, ""));
      entry.folded = { title: fold(entry.title), body: fold(entry.body), names, people };
      Object.assign(entry, { place, order: days.indexOf(file.issues[entry.issue[0]].date) });
    }
    for (const { name } of file.facets) {
      taken.values[name] = [...new Set(file.entries.flatMap((entry) => values(entry, name, {})))];
    }
    return taken;
  }

  function sayWhyNot(why) {
    form.querySelector(".syntax").after(make("p", { class: "notice", role: "alert" }, why));
  }

  async function start() {
    try {
      const file = await fetch(new URL(form.dataset.entries, document.baseURI));
      if (!file.ok) throw new Error(file.statusText);
      found = prepared(await file.json());
    } catch (error) {
      return sayWhyNot(location.protocol === "file:"
        ? "This page was opened from the disk, where browsers let no script read another file: serve the folder (python -m http.server does) to search it, or look through it from here."
        : `The entries could not be read (${error.message}): look through them from here.`);
    }
    show();
    addEventListener("popstate", show);
    form.addEventListener("submit", (event) => { event.preventDefault(); go(submitted()); });
    form.addEventListener("change", (event) => {
      if (event.target.matches("input[type=checkbox], select")) go(submitted());
    });
    form.addEventListener("click", (event) => {
      const link = event.target.closest(".pages a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      go(link.getAttribute("href"));
      scrollTo(0, 0);
    });
  }

  if (form) start();
})();
