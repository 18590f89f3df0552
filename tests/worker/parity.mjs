// Answers pages and posts with the worker's own engine, from the very files that a device is given.

import * as answers from "./answers.js";
import { manifest } from "./manifest.js";
import { paint } from "./painting.js";
import { readPost } from "./posts.js";
import { OWN_SHEET, seeing } from "./sight.js";
import { templates } from "./templates.js";

const house = { manifest, templates };

// The sheets as a binder has them in memory; the device's own is made by itself.
function viewOf(rows, pending) {
  const sheets = new Map();
  for (const [kind, id, body, names] of rows) {
    for (const name of names) {
      if (!sheets.has(name)) sheets.set(name, new Map());
      if (!sheets.get(name).has(kind)) sheets.get(name).set(kind, new Map());
      sheets.get(name).get(kind).set(id, { kind, id, ...body });
    }
  }
  const own = sheets.get(OWN_SHEET) ?? new Map();
  sheets.delete(OWN_SHEET);
  const binder = { names: () => [...sheets.keys()], rows: (name) => sheets.get(name) };
  return paint(seeing(binder, () => own), pending, manifest.commands, manifest.ranks);
}

const find = (list, name, value) => list.find((one) => one[name] === value);

function posted({ path, params, form, partial, said }, { rows, scope }) {
  const post = find(manifest.posts, "path", path);
  const { complaints, ...read } = readPost(manifest, post, params, form, scope);
  if (said || Object.keys(complaints).length) return answers.complain(house, post, params, form, complaints, viewOf(rows, []), scope, partial, said);
  const command = { ...read, actor: scope.actor.id, made_at: scope.now, site: scope.site.id, today: scope.today, device: scope.device };
  return answers.answerPost(house, post, params, form, read.fields, viewOf(rows, [command]), scope, partial);
}

function shown({ page: name, part, given, form, partial }, { view, scope }) {
  const page = find(manifest.pages, "name", name);
  if (form) return answers.renderFind(house, page, form, view, scope, partial);
  if (part) return answers.renderPart(house, page, part, given, view, scope);
  return answers.renderPage(house, page, given, view, scope);
}

export function answer({ rows, scope, asked }) {
  const given = { rows, scope, view: viewOf(rows, []) };
  return asked.map((one) => {
    const { status, headers, body } = one.path ? posted(one, given) : shown(one, given);
    return [status, headers, body];
  });
}
