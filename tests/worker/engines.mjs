// Answers the questions of tests/building/engines.py with the worker's engines.

import { readFileSync } from "node:fs";
import * as answers from "./answers.js";
import { apply } from "./effects.js";
import { read } from "./fields.js";
import { derived, mint } from "./ids.js";
import { gather } from "./lists.js";
import { paint, paintNext, Painted } from "./painting.js";
import { covers, fill, formOf, parse, sheetName } from "./paths.js";
import { readPost } from "./posts.js";
import { readScan } from "./scanning.js";
import { seeing } from "./sight.js";
import { compare, evaluate, holds } from "./values.js";

const sentences = JSON.parse(readFileSync(new URL("./sentences.json", import.meta.url), "utf-8"));

// Rows as the questions give them: [[kind, id, row, sheets]…].
class Rows {
  #kinds = new Map();

  constructor(held) {
    for (const [kind, id, row, sheets] of held) {
      if (!this.#kinds.has(kind)) this.#kinds.set(kind, new Map());
      this.#kinds.get(kind).set(id, { row: { kind, id, ...row }, sheets });
    }
  }

  get(kind, id, sheets) {
    const held = this.#kinds.get(kind)?.get(id);
    return held && held.sheets.some((sheet) => covers(sheets, sheet)) ? held.row : null;
  }

  rows(sheets, kind) {
    const found = [];
    for (const held of this.#kinds.get(kind)?.values() ?? []) {
      if (held.sheets.some((sheet) => covers(sheets, sheet))) found.push(held.row);
    }
    return found;
  }
}

const base = (question) => new Rows(question.rows ?? []);
const painted = (question) =>
  paint(base(question), question.pending ?? [], question.commands ?? {}, question.ranks ?? {});

/** The same painted as a device does it: what was there when it was opened, then each as it is saved. */
function grew(question) {
  const { pending = [], commands = {}, ranks = {} } = question;
  // On a device what is undone came before its undo; drawn, it may come after.
  const undone = new Set(pending.filter(({ command }) => command === "undo").map(({ fields }) => fields.command_id));
  const before = pending.findLastIndex(({ command, command_id: id }) => command === "undo" || undone.has(id)) + 1;
  const view = paint(base(question), pending.slice(0, before), commands, ranks);
  for (const entry of pending.slice(before)) paintNext(view, entry, commands, ranks);
  return view;
}

const byCodePoint = (left, right) => compare(left, right);

function spelled(value) {
  if (Array.isArray(value)) return `[${value.map(spelled).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort(byCodePoint);
  return `{${names.map((name) => `${JSON.stringify(name)}:${spelled(value[name])}`).join(",")}}`;
}

const spelling = new Proxy({}, { get: (_, name) => (context) => `<${name}>${spelled(context)}</${name}>` });

function seen(question, view) {
  const touched = [...view.touched].sort(byCodePoint);
  const kinds = new Set([...touched.map((one) => one.split(":")[0]), ...(question.rows ?? []).map(([kind]) => kind)]);
  const within = view.within(question.sheets ?? ["*"]);
  const rows = [...kinds].map((kind) => [kind, [...within.rows(kind)].sort((a, b) => compare(a.id, b.id))]);
  return { touched, rows: Object.fromEntries(rows) };
}

const CALLS = {
  render_page: (house, view, scope, a) => answers.renderPage(house, a.page, a.given, view, scope),
  render_part: (house, view, scope, a) => answers.renderPart(house, a.page, a.name, a.given, view, scope),
  render_find: (house, view, scope, a) => answers.renderFind(house, a.page, a.form, view, scope, a.partial),
  answer_post: (house, view, scope, a) =>
    answers.answerPost(house, a.post, a.params, a.form, a.fields, view, scope, a.partial),
  complain: (house, view, scope, a) =>
    answers.complain(house, a.post, a.params, a.form, a.complaints, view, scope, a.partial, a.complaint),
};

const ASKED = {
  evaluate: (q) => evaluate(q.value, { ...q.scope, get: (kind, id) => painted(q).get(kind, id) }),
  compare: (q) => Math.sign(compare(q.left, q.right)),
  holds: (q) => holds(q.left, q.op, q.right),
  list: (q) => gather(q.list, painted(q).within(q.sheets ?? ["*"]), q.scope ?? {}),
  apply(q) {
    const view = new Painted(base(q));
    apply(q.effect, view, q.command, q.ranks ?? {});
    return seen(q, view);
  },
  paint(q) {
    const whole = seen(q, painted(q));
    const grown = seen(q, grew(q));
    if (spelled(grown) !== spelled(whole)) throw new Error(`painted one by one it is ${spelled(grown)}`);
    return whole;
  },
  read: (q) => read(q.specs, q.form, { today: q.today, language: q.language, words: q.words ?? {}, sentences }),
  match: (q) => parse(q.pattern).match(q.path),
  fill: (q) => fill(q.pattern, q.params),
  sheet: (q) => sheetName(q.pattern, q.params),
  covers: (q) => covers(q.patterns, q.sheet),
  form: (q) => formOf(q.text),
  mint: (q) => mint(q.seed, q.label, q.value),
  derived: (q) => derived(q.command_id, q.label),
  scan: (q) => readScan(q.text, q.today),
  post: (q) => readPost({ ...q.manifest, sentences }, q.post, q.params, q.form, q.scope),
  answer(q) {
    const house = { manifest: { ...q.manifest, sentences }, templates: spelling };
    const { status, headers, body } = CALLS[q.call](house, painted(q), q.scope, q.arguments);
    return [status, headers, body];
  },
  speed(q) {
    const people = Array.from({ length: 50_000 }, (_, n) => {
      const family = ["ruiz", "ito", "o neil", "nguyen"][n % 4];
      return [`p${n}`, { id: `p${n}`, kind: "patient", search: `${family} ana 1985 04 30 55501${n}`, sort_key: `${family} ${n}` }];
    });
    const sheets = new Map([["patients/main", new Map([["patient", new Map(people)]])], ["office/main", new Map()]]);
    const held = seeing({ names: () => [...sheets.keys()], rows: (name) => sheets.get(name) });
    const view = paint(held, [], {}, {}).within(["patients/main"]);
    const list = { list: "patient", where: [["matches", "search", "ana 5550149"]], sort: ["sort_key"], limit: 20 };
    const taken = (work) => {
      const times = Array.from({ length: 15 }, () => {
        const start = process.cpuUsage();
        work();
        return process.cpuUsage(start).user / 1000;
      });
      return times.sort((a, b) => a - b)[7];
    };
    return {
      matches: taken(() => gather(list, view, {})),
      paint: taken(() => paint(held, q.pending, q.commands, q.ranks)),
    };
  },
};

export const answer = ({ all }) => all.map((question) => ASKED[question.ask](question));
