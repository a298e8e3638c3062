// Finds the words of a query in the archive: as they are, by their stem, corrected, or by a part.
"use strict";

backissue.words = (() => {

const CJK = "\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\uac00-\\ud7af\\uff66-\\uff9f";
const LETTERS = `(?:(?![${CJK}])[\\p{L}\\p{N}\\p{M}_])+`;
const HYPHENED = `${LETTERS}(?:-${LETTERS})*`;
const TOKEN = new RegExp(
  `(?<cjk>[${CJK}]+)|\\[(?<optional>\\w{1,3})\\](?<rest>${LETTERS})|(?<dotted>${HYPHENED}(?:\\.${HYPHENED})+)` +
  `|(?<word>${LETTERS}(?:['’]\\p{L}+)*)(?<call>\\(\\))?`, "gu");
const NUMBERED = /^v?(\d+(?:\.\d+)+(?:-.*)?)$/;
const COMMIT = /^[0-9a-f]{13,40}$/;
const SHORT_COMMIT = 12;
const CODE_FILES = ["c", "h", "py", "go", "rs", "s", "o", "ko", "rst", "txt", "md", "sh"];
const ENDINGS = ["s", "es", "ed", "ing", "er", "ers", "e", "ly", "ion", "ions", "ation", "ations", "ment", "ments"];
const CAMEL = /[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g;
const SHORTEST = 3; // letters of a word that is corrected
const ACRONYM = 3; // letters; one more or another letter makes another acronym
const SHORTEST_START = 3; // letters of a word that others may begin with
const MOST_STARTS = 12;
const FARTHEST = 2; // edits
const LETTERS_AN_EDIT = 4;
const [DOUBLED, OTHER_LETTER, FIRST_LETTER] = [0.5, 1.5, 0.5]; // as indexer/search/spelling.py weighs them
const VOWELS = "aeiouy";

/** Removes case and accents letter by letter, so that positions stay the same. */
function fold(text) {
  return Array.from(text, (letter) => {
    if (letter <= "\x7f") return letter < "!" ? " " : letter.toLowerCase();
    const plain = letter.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
    return plain.length === letter.length ? plain : letter;
  }).join("");
}

/** Returns the form of a word in the archive. */
const listed = (word) => fold(word).replace(/['’]s$/, "").replace(/['’]/g, "").replace(/^_+|_+$/g, "") || word;

/** Returns the row of a word with its entries, or undefined if no entry contains it. */
async function rowOf(site, word) {
  const row = await backissue.row("words", site.firsts.words, word);
  if (row && !row.ids) row.ids = backissue.summed(row[2]);
  return row;
}

/** Returns the row of a word, or of its stem. */
async function known(site, word) {
  const whole = await rowOf(site, word);
  if (whole || !/^[a-z]{4,}$/.test(word)) return whole;
  for (const ending of ENDINGS) {
    if (!word.endsWith(ending)) continue;
    const rest = word.slice(0, -ending.length);
    const stems = [rest, rest.replace(/(.)\1$/, "$1"), rest.replace(/y$/, "i")];
    for (const stem of new Set(stems)) {
      const row = stem.length > 2 && await rowOf(site, stem);
      if (row) return row;
    }
  }
  return undefined;
}

/** Returns the words of a typed text, each with its possible forms in the archive, the best first. */
function* tokens(text) {
  for (const { groups: { cjk, optional, rest, dotted, word, call } } of text.matchAll(TOKEN)) {
    if (cjk) {
      const run = cjk.normalize("NFKC");
      for (let at = 0; at < Math.max(1, run.length - 1); at++) yield { ways: [run.slice(at, at + 2)], text: cjk };
    } else if (rest) {
      yield { ways: [listed(optional + rest), listed(rest)], text: optional + rest };
    } else if (dotted) {
      const whole = fold(dotted);
      const version = NUMBERED.exec(whole);
      const parts = whole.split(/[^\p{L}\p{N}_]+/u).filter((part) => part && !CODE_FILES.includes(part));
      yield version ? { ways: [version[1]], text: dotted } : { ways: [whole], parts, text: dotted };
    } else {
      const name = listed(word);
      const short = COMMIT.test(name) ? name.slice(0, SHORT_COMMIT) : name;
      yield { ways: call && !name.includes("_") ? [name + "()", name] : [short], text: word };
    }
  }
}

/** Returns groups of rows, of which an entry needs one each, and the corrections. */
async function resolved(site, text) {
  const found = { groups: [], read: "", corrected: "" };
  for (const token of tokens(text)) {
    const rows = await first(token.ways, (way) => known(site, way));
    if (rows) found.groups.push([rows]);
    else if (token.parts) {
      for (const part of token.parts) found.groups.push(await otherwise(site, part, part, found));
    } else found.groups.push(await otherwise(site, token.ways.at(-1), token.text, found));
  }
  return found;
}

async function first(values, find) {
  for (const value of values) {
    const found = await find(value);
    if (found) return found;
  }
  return undefined;
}

/** Returns the rows for an unknown word, and records its correction in `found`. */
async function otherwise(site, word, written, found) {
  const row = await known(site, word);
  if (row) return [row];
  const near = await nearest(site, word);
  if (near) {
    found.corrected = near;
    return [await rowOf(site, near)];
  }
  const part = await partOf(site, written);
  if (part) {
    found.read = part[0];
    return [part];
  }
  const longer = await beginning(site, word);
  if (longer.length) found.read = longer.slice(0, 3).join(" or ");
  return Promise.all(longer.map((each) => rowOf(site, each)));
}

/** Returns the row of the longest known part of an identifier. */
async function partOf(site, written) {
  const parts = written.includes("_") ? fold(written).split("_").filter(Boolean) : written.match(CAMEL) || [];
  const last = written.includes("_") || parts.length > 1 ? parts.length - 1 : 0;
  for (let length = last; length > 0; length--) {
    for (let at = 0; at + length <= parts.length; at++) {
      const run = parts.slice(at, at + length).map(fold).join("_");
      const row = run.length >= SHORTEST_START && await rowOf(site, run);
      if (row) return row;
    }
  }
  return undefined;
}

/** Returns the words of the archive by first letter, each with its number of entries. */
const spelt = (site, letter) => (site.firsts.spelling.includes(letter) ? backissue.load("spelling-" + letter) : []);

/** Returns the words that begin with a word. */
async function beginning(site, word) {
  if (word.length < SHORTEST_START) return [];
  const held = (await spelt(site, word[0])).filter(([each]) => each.startsWith(word));
  return held.sort((a, b) => b[1] - a[1]).slice(0, MOST_STARTS).map(([each]) => each);
}

/** Returns the correction of a word, "" if none is near enough. Digits are never corrected. */
async function nearest(site, word) {
  if (word.length < SHORTEST || !/^\w+$/.test(word) || await isEnglish(word)) return "";
  const most = Math.max(1, Math.min(FARTHEST, word.length / LETTERS_AN_EDIT));
  const digits = (text) => text.replace(/\D/g, "");
  let best = ["", most + 1e-9, 0];
  for (const letter of new Set([word[0], word[1]])) {
    for (const [other, holders] of await spelt(site, letter)) {
      if (Math.abs(other.length - word.length) > FARTHEST || digits(other) !== digits(word)) continue;
      const cost = distance(word, other);
      if (Math.min(word.length, other.length) <= ACRONYM && cost > slip(word, other)) continue;
      if (cost < best[1] || (cost === best[1] && holders > best[2])) best = [other, cost, holders];
    }
  }
  return best[0] || byParts(site, word);
}

/** Returns the known identifier that results from correcting the parts of another one. */
async function byParts(site, word) {
  const parts = word.split("_").filter(Boolean);
  if (parts.length < 2) return "";
  const mended = [];
  for (const part of parts) {
    mended.push(await known(site, part) ? part : await nearest(site, part) || (part.length <= ACRONYM ? part : ""));
  }
  const name = mended.join("_");
  return mended.every(Boolean) && await rowOf(site, name) ? name : "";
}

async function isEnglish(word) {
  const words = await backissue.load("english");
  return words.includes(word) || words.includes(word.replace(/s$/, ""));
}

/** Returns the largest cost of a correction to an acronym: two letters in the wrong order, or one doubled. */
const slip = (word, acronym) => ([...word].sort().join("") === [...acronym].sort().join("") ? 1 : DOUBLED);

/** Returns the weighted optimal string alignment distance of two words. */
function distance(word, other) {
  let [earlier, before, row] = [[], [], Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= word.length; i++) {
    [earlier, before, row] = [before, row, [i]];
    for (let j = 1; j <= other.length; j++) {
      let cost = Math.min(
        before[j] + (i > 1 && word[i - 1] === word[i - 2] ? DOUBLED : 1),
        row[j - 1] + (j > 1 && other[j - 1] === other[j - 2] ? DOUBLED : 1),
        before[j - 1] + replacing(word[i - 1], other[j - 1]));
      if (i > 1 && j > 1 && word[i - 1] === other[j - 2] && word[i - 2] === other[j - 1]) {
        cost = Math.min(cost, earlier[j - 2] + 1);
      }
      row.push(cost);
    }
  }
  return row.at(-1) + (word[0] === other[0] ? 0 : FIRST_LETTER);
}

function replacing(letter, wanted) {
  if (letter === wanted) return 0;
  return VOWELS.includes(letter) && VOWELS.includes(wanted) ? 1 : OTHER_LETTER;
}

return { fold, rowOf, resolved, tokens };

})();
