// Loads the parts of the search on demand. They are scripts, because browsers do not let pages read other files
// from disk.
"use strict";

globalThis.backissue = (() => {

const asked = new Map(); // by name: the promise of a part, and what fulfils it
const read = new Map(); // by name: the rows of a part, by their first value
const form = document.getElementById("finder");

/** Returns the value of a part. */
function load(name) {
  if (!asked.has(name)) {
    const part = Promise.withResolvers ? Promise.withResolvers() : resolvers();
    const script = document.createElement("script");
    script.src = new URL(`${form.dataset.search}${name}.js?${form.dataset.generation}`, document.baseURI);
    script.onerror = () => {
      asked.delete(name);
      script.remove();
      part.reject(new Error(`${name}.js could not be loaded`));
    };
    asked.set(name, part);
    document.head.append(script);
  }
  return asked.get(name).promise;
}

function resolvers() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

/** Receives the value of a part. Each part calls this. */
const part = (name, value) => asked.get(name)?.resolve(value);

/** Returns the row with a key in sorted parts, or undefined. `firsts` are the first keys of the parts. */
async function row(kind, firsts, key) {
  let [low, high] = [0, firsts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (firsts[middle] <= key) low = middle + 1;
    else high = middle;
  }
  if (!low) return undefined;
  const name = `${kind}-${low - 1}`;
  if (!read.has(name)) read.set(name, new Map((await load(name)).map((each) => [each[0], each])));
  return read.get(name).get(key);
}

/** Returns the numbers for their differences. */
function summed(deltas) {
  let sum = 0;
  return deltas.map((delta) => (sum += delta));
}

return { load, part, row, summed };

})();
