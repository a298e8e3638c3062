// Parses a URL into words, phrases, excluded words and filters, and infers filters from words.
"use strict";

backissue.asking = (() => {

const SORTS = ["relevance", "newest", "oldest"];
const LONGEST = 300; // characters of a query
const NOT_KNOWN = /(^|\s)(OR|NOT)\s|\(\w|\.\.v?\d|[<>]=?v?\d/;
const VERSION = /^([a-z]*)(\d+\.\d+)(?:\.\d+)?$/;
const ISSUES = ["issue", "issues", "edition", "editions"];
const { fold } = backissue.words;
const { meant, all } = backissue.filters;

/** Returns the query of a URL. Typed fields are filters, as checkboxes are. */
async function asked(site, args) {
  const query = { words: [], without: [], chosen: {}, notices: [] };
  const take = async (name, value) => {
    const held = await meant(site, name, value);
    if (!held.length) query.notices.push(`No entry has ${name}:${value}.`);
    query.chosen[name].push(...(held.length ? held : [value]));
  };
  for (const { name } of site.facets) query.chosen[name] = [];
  for (const { name } of site.facets) for (const value of args.getAll(name).filter(Boolean)) await take(name, value);
  const text = (args.get("q") || "").slice(0, LONGEST);
  const typed = [];
  const fields = site.facets.map((facet) => facet.name).join("|");
  const token = new RegExp(`(-?)(?:(${fields}):)?(?:"([^"]*)"|(\\S+))`, "g");
  for (const [all, minus, field, phrase, word] of text.matchAll(token)) {
    if (field && !minus) {
      await take(field, phrase ?? word);
      continue;
    }
    typed.push(all);
    (minus ? query.without : query.words).push({ text: phrase ?? word, phrase: phrase !== undefined });
  }
  if (NOT_KNOWN.test(text)) query.notices.push("OR, NOT, parentheses and ranges are searched as words here.");
  for (const name of Object.keys(query.chosen)) query.chosen[name] = [...new Set(query.chosen[name])];
  query.text = typed.join(" ");
  query.sort = SORTS.includes(args.get("sort")) ? args.get("sort") : SORTS[0];
  query.page = Math.max(1, parseInt(args.get("page"), 10) || 1);
  return query;
}

/** Returns the words to find, the words that only add to the score, and the inferred filters. */
async function intent(site, words) {
  const { implied, used } = await impliedBy(site, words);
  let left = words.filter((word) => !used.has(word));
  const optional = [];
  for (const dropped of [site.common, site.question, implied.issue ? ISSUES : []]) {
    const is = (word) => !word.phrase && dropped.includes(word.text.toLowerCase().replace(/[.,:;!?]+$/, ""));
    const kept = left.filter((word) => !is(word));
    if (!kept.length && !used.size) continue;
    if (dropped === site.question) optional.push(...left.filter(is));
    left = kept;
  }
  const topics = site.facets.find((facet) => facet.name === "topic");
  const named = fold(left.map((word) => word.text).join(" "));
  const version = backissue.filters.versionFacets(site).some((facet) => implied[facet]);
  const topic = version && topics && topics.labels.find((pair) => pair.some((text) => fold(text) === named));
  if (topic) {
    implied.topic = [topic[0]];
    optional.push(...left);
    left = [];
  }
  return { left, optional, implied, version };
}

/** Returns the filters inferred from words: a version, an issue. */
async function impliedBy(site, words) {
  const [implied, used] = [{}, new Set()];
  const texts = words.map((word) => (word.phrase ? "" : fold(word.text).replace(/[.,:;!?]+$/, "")));
  for (const [at, text] of texts.entries()) {
    const number = ISSUES.includes(text) && /^#?(\d{1,4})$/.exec(texts[at + 1]);
    if (number) {
      const held = site.issues.map(([key]) => key).filter((key) => key.endsWith("/" + Number(number[1])));
      implied.issue = held.length ? held : [number[1]];
      used.add(words[at]).add(words[at + 1]);
    }
    const match = VERSION.exec(text);
    for (const facet of match ? site.facets.filter((each) => each.order === "version") : []) {
      const named = facet.names.includes(texts[at - 1]);
      const product = site.products.includes(texts[at - 1]);
      const value = facet.prefix + match[2];
      const sure = match[1] === facet.prefix && match[1] && !product;
      const bare = !match[1] && !product && (await all(site, facet.name)).includes(value);
      if (!sure && !bare) continue;
      implied[facet.name] = [value];
      used.add(words[at]);
      if (named) used.add(words[at - 1]);
    }
  }
  return { implied, used };
}

return { SORTS, asked, intent };

})();
