// Filters entries by their values, and counts the values.
"use strict";

backissue.filters = (() => {

const HOW = "how"; // a version and this have to be of one pair
const { fold } = backissue.words;

const versionFacets = (site) => site.facets.filter((facet) => facet.order === "version").map((facet) => facet.name);
const paired = (site, name) => name === HOW || versionFacets(site).includes(name);

/** Returns the values of a filter for each entry, by its number. For versions, they are pairs with the evidence. */
async function valuesOf(site, name) {
  if (site.values.has(name)) return site.values.get(name);
  const held = Array.from({ length: site.size }, () => []);
  for (const facet of name === HOW ? versionFacets(site) : [name]) {
    for (const [value, entries] of await backissue.load("facet-" + facet)) {
      const shown = paired(site, name) ? value.split("/") : value;
      for (const entry of backissue.summed(entries)) held[entry].push(shown);
    }
  }
  site.values.set(name, held);
  return held;
}

/** Returns all values of a filter. */
async function all(site, name) {
  const at = name === HOW ? 1 : 0;
  const held = (await valuesOf(site, name)).flat();
  return [...new Set(paired(site, name) ? held.map((pair) => pair[at]) : held)];
}

/** Returns the values that a text means: v4.15 for 4.15, an issue by number, an author by a part of the name. */
async function meant(site, name, value) {
  const values = await all(site, name);
  const wanted = fold(value.trim());
  const { prefix } = site.facets.find((facet) => facet.name === name);
  const others = new Map(name === "author" ? site.spellings : []);
  const spellings = (each) => [each, ...(others.get(each) || [])].map(fold);
  const words = wanted.split(/\s+/);
  const ways = [
    (each) => spellings(each).includes(wanted),
    {
      issue: (each) => each.endsWith("/" + wanted),
      author: (each) => spellings(each).some((spelling) => words.every((word) => startsWord(spelling, word))),
    }[name] || ((each) => prefix !== undefined && each === prefix + wanted),
  ];
  return ways.map((way) => values.filter(way)).find((held) => held.length) || [];
}

const startsWord = (text, word) => text.split(/[^\p{L}\p{N}]+/u).some((each) => each.startsWith(word));

/** Returns the values of each entry for the selected filters. */
async function needed(site, chosen) {
  const names = Object.keys(chosen).filter((name) => chosen[name].length);
  return new Map(await Promise.all(names.map(async (name) => [name, await valuesOf(site, name)])));
}

/** Returns the values of an entry for a filter. Of pairs, only those that match the other filter. */
function valuesIn(site, held, entry, name, chosen) {
  const found = held.get(name)[entry];
  if (!paired(site, name)) return found;
  const at = name === HOW ? 1 : 0;
  const other = at ? versionFacets(site).flatMap((facet) => chosen[facet] || []) : chosen[HOW] || [];
  return found.filter((pair) => !other.length || other.includes(pair[1 - at])).map((pair) => pair[at]);
}

/** Returns the filters that an entry does not match. */
const missed = (site, held, entry, chosen, names) => names.filter((name) =>
  !valuesIn(site, held, entry, name, chosen).some((value) => chosen[name].includes(value)));

/** Returns the entries that match all filters. */
async function left(site, entries, chosen) {
  const held = await needed(site, chosen);
  return entries.filter((entry) => !missed(site, held, entry, chosen, [...held.keys()]).length);
}

/** Returns the number of entries for each value of each filter. */
async function counts(site, entries, chosen) {
  const names = site.facets.map((facet) => facet.name);
  const held = new Map(await Promise.all(names.map(async (name) => [name, await valuesOf(site, name)])));
  const active = names.filter((name) => chosen[name].length);
  const same = (a, b) => a === b || (paired(site, a) && paired(site, b));
  const found = Object.fromEntries(names.map((name) => [name, new Map(chosen[name].map((value) => [value, 0]))]));
  for (const entry of entries) {
    const lacking = missed(site, held, entry, chosen, active);
    for (const name of names) {
      if (!lacking.every((other) => same(other, name))) continue;
      for (const value of new Set(valuesIn(site, held, entry, name, chosen))) {
        found[name].set(value, (found[name].get(value) || 0) + 1);
      }
    }
  }
  return found;
}

return { HOW, all, counts, left, meant, valuesOf, versionFacets };

})();
