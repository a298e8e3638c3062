// Finds and ranks the entries of a query, as indexer/search does.
"use strict";

backissue.matching = (() => {

const OPTIONAL_WEIGHT = 0.3;
const PHRASE_WEIGHT = 1.3;
const RARE_WEIGHT = 0.3;
const SURE_WEIGHT = 2;
const UNSURE_WEIGHT = 0.85;
const NAME_WEIGHT = 6;
const SCALE = 100; // of a score
const EVERYWHERE = 0.2; // share of all entries
const MOST_JOINED = 6; // words that may be one name
const SEVERAL = 3; // words before an entry may lack some
const FEW = 5; // entries with all words, below which others are added
const LIKE_A_NAME = /\w_\w|[a-z0-9][A-Z]|\w\.\w|\w\(\)|^(?=[a-f]*\d)[0-9a-f]{7,}$/;
const { summed } = backissue;
const { fold, rowOf, resolved, tokens } = backissue.words;
const { left, valuesOf, versionFacets } = backissue.filters;

/** Returns the union of parts, as entries with their scores. */
function anyOf(parts) {
  if (parts.length === 1) return parts[0];
  const sums = new Map();
  for (const { entries, scores } of parts) {
    for (let at = 0; at < entries.length; at++) sums.set(entries[at], (sums.get(entries[at]) || 0) + scores[at]);
  }
  const entries = [...sums.keys()].sort((a, b) => a - b);
  return { entries, scores: entries.map((entry) => sums.get(entry)) };
}

/** Returns the entries in all parts, with the sum of their scores. */
function allOf(parts) {
  const [least, ...others] = [...parts].sort((a, b) => a.entries.length - b.entries.length);
  let sums = new Map(least.entries.map((entry, at) => [entry, least.scores[at]]));
  for (const { entries, scores } of others) {
    const more = new Map();
    for (let at = 0; at < entries.length; at++) {
      if (sums.has(entries[at])) more.set(entries[at], sums.get(entries[at]) + scores[at]);
    }
    sums = more;
  }
  const entries = [...sums.keys()].sort((a, b) => a - b);
  return { entries, scores: entries.map((entry) => sums.get(entry)) };
}

const weighed = ({ entries, scores }, weight) => ({ entries, scores: scores.map((score) => score * weight) });
const scored = (row) => ({ entries: row.ids, scores: row[3].map((score) => score / SCALE) });
const everything = (site) => ({ entries: Array.from({ length: site.size }, (_, at) => at), scores: Array(site.size).fill(0) });
const idf = (site, holders) => Math.log(Math.max(1, site.size) / (holders + 1)) + 1;

/** Returns the entries for one typed word. They need a row of each group. */
async function ofWord(site, word, said) {
  const { groups, read, corrected } = await resolved(site, word.text);
  for (const row of groups.flat()) {
    said.marks.push(row[0], ...row[4]);
    if (row[5]) said.read.push([word.text, row[5]]);
  }
  if (corrected) said.corrected.push([word.text, corrected]);
  if (read) said.read.push([word.text, read]);
  word.stem = groups.length === 1 && groups[0].length === 1 ? groups[0][0][1] || groups[0][0][0] : "";
  word.parts = fold(corrected || word.text).split("-");
  return groups.length ? allOf(groups.map((rows) => anyOf([...rows.map(scored), NOTHING]))) : everything(site);
}

const NOTHING = { entries: [], scores: [] };

/** Returns the entries for a phrase. */
async function ofPhrase(site, text, said) {
  const rows = [];
  for (const { ways } of tokens(text)) rows.push(await rowOf(site, ways.at(-1)));
  if (!rows.length) return everything(site);
  if (!rows.every(Boolean)) return NOTHING;
  said.marks.push(...rows.map((row) => row[0]));
  let starts = null;
  for (const [step, row] of rows.entries()) {
    const places = await backissue.row("places", site.firsts.places, row[0]);
    if (!places) return NOTHING;
    const here = new Set(summed(places[1]).map((place) => place - step));
    starts = starts ? starts.filter((place) => here.has(place)) : [...here];
  }
  const held = new Set(starts.map((place) => Math.floor(place / 2 ** 24)));
  const all = allOf(rows.map(scored));
  const keep = all.entries.map((entry) => held.has(entry));
  return {
    entries: all.entries.filter((_, at) => keep[at]),
    scores: all.scores.filter((_, at) => keep[at]).map((score) => PHRASE_WEIGHT * score),
  };
}

/** Returns the parts of a query. Words that form one identifier or have a common synonym are one part. */
async function conjuncts(site, words, said) {
  const heard = words.map(() => ({ marks: [], corrected: [], read: [] })); // in the order of the words, not of loading
  const each = await Promise.all(words.map((word, at) =>
    (word.phrase ? ofPhrase : ofWord)(site, word.phrase ? word.text : word, heard[at])));
  for (const one of heard) for (const [kind, more] of Object.entries(one)) said[kind].push(...more);
  const found = [];
  for (let at = 0; at < words.length;) {
    const { length, others } = await together(site, words, at, said);
    const typed = length > 1 ? allOf(each.slice(at, at + length)) : each[at];
    const part = others.length ? anyOf([typed, ...others]) : typed;
    found.push({ ...part, words: words.slice(at, at + length) });
    at += length;
  }
  return found;
}

/** Returns how many words belong together, and their joined form. */
async function together(site, words, at, said) {
  for (const phrasing of site.phrasings) {
    const length = phrasing.split(" ").length;
    if (words.slice(at, at + length).map((word) => word.stem).join(" ") !== phrasing) continue;
    const row = await rowOf(site, phrasing);
    said.marks.push(...row[4]);
    return { length, others: [scored(row), ...await joined(site, words.slice(at, at + length))] };
  }
  for (let length = Math.min(MOST_JOINED, words.length - at); length > 0; length--) {
    const others = await joined(site, words.slice(at, at + length));
    if (others.length) return { length, others };
  }
  return { length: 1, others: [] };
}

/** Returns the joined forms of words, with and without underscores, the usual one first. */
async function joined(site, words) {
  const parts = words.flatMap((word) => word.parts || [""]);
  if (parts.length < 2 || !parts.every((part) => /^[\p{L}\p{N}]+$/u.test(part))) return [];
  const rows = (await Promise.all(["_", ""].map((sign) => rowOf(site, parts.join(sign))))).filter(Boolean);
  const most = Math.max(...rows.map((row) => row.ids.length));
  return rows.map((row) => weighed(scored(row), Math.max(RARE_WEIGHT, row.ids.length / most)));
}

/** Returns the entries with some of the words, scored by their share of the total weight. */
function closest(site, parts) {
  const weights = parts.map(({ entries, words }) =>
    idf(site, entries.length) * (words.some((word) => LIKE_A_NAME.test(word.text)) ? NAME_WEIGHT : 1));
  const total = weights.reduce((a, b) => a + b, 0);
  const shares = new Map();
  for (const [at, { entries }] of parts.entries()) {
    for (const entry of entries) shares.set(entry, (shares.get(entry) || 0) + weights[at] / total);
  }
  const { entries, scores } = anyOf([...parts, NOTHING]);
  return { entries, scores: scores.map((score, at) => shares.get(entries[at]) ** 3 * (1 + score)) };
}

/** Returns the entries of a query before filters, with corrections and inferred filters. */
async function found(site, query, intent) {
  const said = { marks: [], corrected: [], read: [] };
  const parts = await conjuncts(site, intent.left, said);
  const everywhere = parts.every(({ entries }) => entries.length > EVERYWHERE * site.size);
  const changes = intent.version && everywhere;
  let all = parts.length && !changes ? allOf(parts) : everything(site);
  all = await added(site, all, intent, query, said);
  return { all, parts, said, changes };
}

/** Removes excluded entries, applies inferred filters, and adds the scores of optional words. */
async function added(site, part, intent, query, said) {
  const out = new Set();
  for (const word of query.without) {
    const silent = { marks: [], corrected: [], read: [] };
    const { entries } = await (word.phrase ? ofPhrase(site, word.text, silent) : ofWord(site, word, silent));
    if (!silent.corrected.length && !silent.read.length) for (const entry of entries) out.add(entry);
  }
  const scores = new Map(part.entries.map((entry, at) => [entry, part.scores[at]]));
  const entries = await left(site, part.entries.filter((entry) => !out.has(entry)), intent.implied);
  for (const word of intent.optional) {
    const more = await ofWord(site, word, { ...said, corrected: [], read: [] });
    for (const [at, entry] of more.entries.entries()) {
      if (scores.has(entry)) scores.set(entry, scores.get(entry) + OPTIONAL_WEIGHT * more.scores[at]);
    }
  }
  return { entries, scores: entries.map((entry) => scores.get(entry)) };
}

/** Returns the results of a query in order, all entries before filters, and the notices. */
async function answer(site, query) {
  let intent = await backissue.asking.intent(site, query.words);
  let { all, parts, said, changes } = await found(site, query, intent);
  if (!all.entries.length && Object.keys(intent.implied).length && !intent.implied.issue) {
    const plain = { left: query.words, optional: [], implied: {}, version: false };
    const without = await found(site, query, plain);
    if (without.all.entries.length) [intent, { all, parts, said, changes }] = [plain, without];
  }
  let ids = await left(site, all.entries, query.chosen);
  const full = ids.length;
  const plain = intent.left.length >= SEVERAL && intent.left.every((word) => !word.phrase);
  const few = plain && query.sort === "relevance" && full > 0 && full <= FEW;
  if ((!full || few) && parts.length > 1 && !changes) {
    all = await added(site, closest(site, parts), intent, query, said);
    ids = await left(site, all.entries, query.chosen);
  }
  return { ...said, hits: await ordered(site, query, intent, all, ids, changes), all, full, few };
}

/** Sorts entries. A version with strong evidence ranks before one that only the date suggests. */
async function ordered(site, query, intent, all, ids, changes) {
  const scores = new Map(all.entries.map((entry, at) => [entry, all.scores[at]]));
  if (changes && site.facets.some((facet) => facet.name === "kind")) {
    const kinds = await valuesOf(site, "kind");
    for (const entry of ids) scores.set(entry, (scores.get(entry) + 1) * (site.changes[kinds[entry][0]] ?? 1));
  }
  for (const facet of versionFacets(site)) {
    const wanted = [...(query.chosen[facet] || []), ...(intent.implied[facet] || [])];
    if (!wanted.length) continue;
    const held = await valuesOf(site, facet);
    for (const entry of ids) {
      const sure = held[entry].some(([version, how]) => how !== "issue" && wanted.includes(version));
      const several = held[entry].filter(([, how]) => how === "issue").length > 1;
      scores.set(entry, scores.get(entry) * (sure ? SURE_WEIGHT : several ? UNSURE_WEIGHT : 1));
    }
  }
  const way = query.sort === "oldest" ? 1 : -1;
  const byDay = (a, b) => way * (site.days[a] - site.days[b]) || a - b;
  const byScore = query.sort === "relevance";
  return ids.sort((a, b) => (byScore && scores.get(b) - scores.get(a)) || byDay(a, b));
}

return { answer };

})();
