// A post read as a command: its fields, the ids of what it makes, and what the form had shown.

import { clean, read } from "./fields.js";
import { derived, isId, mint } from "./ids.js";

// {command_id, command, fields, new, was, seen, complaints}. `params` are the path's; `scope` needs today, language
// and seed.
export function readPost(manifest, post, params, form, scope) {
  const declared = manifest.commands[post.command];
  const specs = declared.fields;
  let commandId = stated(form, "_command_id");
  if (!isId(commandId)) commandId = mint(scope.seed, post.command, "");

  const given = { ...form };
  for (const { name } of specs) if (Object.hasOwn(params, name)) given[name] = [params[name]];
  const made = {};
  for (const name of news(form, declared.effect ?? [])) made[name] = newIdOf(form, name, commandId);
  for (const spec of specs.filter((one) => one.new)) {
    const thing = spec.name.replace(/_id$/, "");
    const text = stated(given, spec.name);
    made[thing] = isId(text) ? text : newIdOf(form, thing, commandId);
    if (text === "") given[spec.name] = [made[thing]];
  }

  const { today, language } = scope;
  const reading = { today, language, words: manifest.words[language] ?? {}, sentences: manifest.sentences };
  const { values: fields, complaints } = read(specs, given, reading);
  const shown = specs.filter(({ name }) => Object.hasOwn(form, `_was.${name}`));
  // All of it: the fields of a line stand behind the name of their list.
  const before = Object.entries(form).filter(([name]) => name.startsWith("_was."));
  const was = read(
    shown.map((spec) => ({ ...spec, required: false })),
    Object.fromEntries(before.map(([name, texts]) => [name.slice("_was.".length), texts])),
    reading,
  ).values;
  const seen = last(form, "_seen") || null;
  return { command_id: commandId, command: post.command, fields, new: made, was, seen, complaints };
}

export const last = (form, name) => (Object.hasOwn(form, name) ? (form[name].at(-1) ?? "") : "");

const stated = (form, name) => clean(last(form, name)).toLowerCase();

function newIdOf(form, thing, commandId) {
  const text = stated(form, `_new.${thing}`);
  return isId(text) ? text : derived(commandId, thing);
}

// Everything new that the form or the effect names.
function news(form, effect) {
  const named = Object.keys(form).filter((name) => name.startsWith("_new.")).map((name) => name.slice(5));
  const used = names(effect).filter((name) => name.startsWith("new.")).map((name) => name.split(".")[1]);
  return new Set([...named, ...used]);
}

function names(declaration) {
  if (declaration === null || typeof declaration !== "object") return [];
  const own = typeof declaration.$ === "string" ? [declaration.$] : [];
  return [...own, ...Object.values(declaration).flatMap(names)];
}
