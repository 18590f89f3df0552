// A sentence put together on the server, in the language of the page; backend/translating.py says how, and does the same.

const HOLE = /\{([a-z_]+)(\|t)?\}/g;
const SEVERAL = /(?<=[.!?]) /;
const LONGEST = 400;

// By the table of words: what is found out about a table holds as long as the table does.
const known = new WeakMap();

export function sentence(words, said) {
  if (Object.hasOwn(words, said)) return words[said];
  const parts = said.split(SEVERAL);
  const each = parts.map((part) => spoken(words, part));
  const whole = each.every(Boolean) ? null : spoken(words, said);
  return whole || parts.map((part, at) => each[at] || part).join(" ");
}

function spoken(words, said) {
  if (Object.hasOwn(words, said)) return words[said];
  if ([...said].length > LONGEST) return null;
  for (const { key, regex, inner } of shapes(words)) {
    const values = regex.exec(said)?.groups;
    if (values) return words[key].replace(HOLE, (hole, name) => filled(words, values, inner, name) ?? hole);
  }
  return null;
}

function filled(words, values, inner, name) {
  if (!Object.hasOwn(values, name)) return null;
  return inner.has(name) ? sentence(words, values[name]) : values[name];
}

function shapes(words) {
  if (!known.has(words)) {
    const keys = Object.keys(words).filter((key) => key.includes("{"));
    const own = new Map(keys.map((key) => [key, key.replace(HOLE, "").length]));
    const begins = (key) => key.indexOf("{");
    keys.sort((one, other) => begins(other) - begins(one) || own.get(other) - own.get(one) || (one < other ? -1 : 1));
    known.set(words, keys.filter((key) => own.get(key)).map(shapeOf));
  }
  return known.get(words);
}

function shapeOf(key) {
  const inner = new Set();
  let [source, at] = ["", 0];
  for (const hole of key.matchAll(HOLE)) {
    source += `${plain(key.slice(at, hole.index))}(?<${hole[1]}>.+?)`;
    at = hole.index + hole[0].length;
    if (hole[2]) inner.add(hole[1]);
  }
  return { key, regex: new RegExp(`^${source}${plain(key.slice(at))}$`, "su"), inner };
}

function plain(text) {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
