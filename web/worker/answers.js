// Answers to pages and posts: status, headers and HTML, the same bytes from the server and from the worker.
//
// A house is {manifest, templates: {name: context => html}}; a scope is {site, actor, device, now, today, zone,
// language, seed}, with site and actor as objects; a view is what painting.js gives; params are texts by name, or
// lists of texts.

import { sentence } from "./fields.js";
import { gather, gatherAll, meets, read } from "./lists.js";
import { fill, parse, sheetName, TYPES } from "./paths.js";
import { last } from "./posts.js";
import { evaluate, walk } from "./values.js";

const NO_FORM = { command: "", values: {}, complaints: {}, complaint: "" };

// The page of this path and the path's parameters, or null.
export const pageAt = (manifest, path) => at(manifest.pages, (page) => page.paths, path, "page");
export const postAt = (manifest, path) => at(manifest.posts, (post) => [post.path], path, "post");

function at(declared, patterns, path, name) {
  for (const one of declared) {
    for (const pattern of patterns(one)) {
      const params = parse(pattern).match(path);
      if (params) return { [name]: one, params };
    }
  }
  return null;
}

// What the page's templates are given.
export function contextFor(house, page, given, view, scope, form = NO_FORM) {
  const params = parameters(page, given, scope);
  const seen = view.within(sheetsOf(page, params, scope));
  const known = knownOf(params, scope);
  const found = gatherAll(page.lists ?? {}, seen, known);
  const fitting = page.paths.filter((pattern) => parse(pattern).fits(params)).at(-1);
  const path = fitting === undefined ? "" : fill(fitting, params);
  return { ...found, ...about(house, scope, form), page: { name: page.name, path }, param: params };
}

// Every parameter that the page declares: as given, by default, or an empty text.
export function parameters(page, given, scope) {
  const types = Object.assign({}, ...page.paths.map((pattern) => parse(pattern).types));
  const params = {};
  for (const name of [...Object.keys(types), ...(page.parameters ?? [])]) {
    const value = one(own(given, name));
    params[name] = Object.hasOwn(types, name) && !TYPES[types[name]](value) ? "" : value;
  }
  for (const [name, value] of Object.entries(page.defaults ?? {})) {
    if ((params[name] ?? "") === "") params[name] = evaluate(value, knownOf(params, scope));
  }
  return params;
}

export function sheetsOf(page, params, { site, actor, device, today }) {
  const known = { ...params, site: site.id, actor: actor.id, device, today };
  return page.sheets.map((sheet) => sheetName(sheet, known)).filter((sheet) => sheet !== null);
}

// The patients whose page it is: what the access log is told, and what the office makes of the same path.
export function subjectsOf(page, given, view, scope) {
  const params = parameters(page, given, scope);
  const found = page.subjects.map((path) => {
    const [name, field] = path.split(".");
    const row = gather(page.lists[name], view.within(sheetsOf(page, params, scope)), knownOf(params, scope));
    return row === null ? null : walk(row, field);
  });
  return found.filter((subject) => subject);
}

// The rows of some lists of a page without parameters, outside of any answer.
export function listed(page, names, view, scope) {
  const params = parameters(page, {}, scope);
  const seen = view.within(sheetsOf(page, params, scope));
  return names.flatMap((name) => gather(page.lists[name], seen, knownOf(params, scope)));
}

export function renderPage(house, page, given, view, scope, form = NO_FORM, status = 200) {
  const answer = html(house.templates[page.template](contextFor(house, page, given, view, scope, form)), status);
  return page.camera ? { ...answer, headers: { ...answer.headers, ...house.manifest.with_camera } } : answer;
}

// One part of a page alone; 404 when there is no such part or its row is gone.
export function renderPart(house, page, name, given, view, scope) {
  const context = contextFor(house, page, given, view, scope);
  const body = partOf(house, page, name, given, view, scope, context);
  return body === null ? html("", 404) : html(body, 200);
}

// What a person searched for, which never stands in an address.
export function renderFind(house, page, form, view, scope, partial) {
  if (partial) return renderPart(house, page, page.find, form, view, scope);
  return renderPage(house, page, form, view, scope);
}

// The page it belongs to, after the write; `view` has the command's paint in it.
export function answerPost(house, post, params, form, fields, view, scope, partial) {
  const then = fill(post.then, { ...fields, ...params });
  if (!partial) return { status: 303, headers: { Location: then }, body: "" };
  const elsewhere = { status: 200, headers: { "HX-Redirect": then }, body: "" };
  const found = post.parts.length ? pageAt(house.manifest, then) : null;
  if (found === null) return elsewhere;
  const { page } = found;
  const given = { ...filters(page, form, fields), ...fields, ...params, ...found.params };
  const context = contextFor(house, page, given, view, scope);
  const bodies = post.parts.map((name) => partOf(house, page, name, given, view, scope, context));
  if (bodies[0] === null) return elsewhere;
  const further = post.parts.map((name, index) => {
    if (index === 0 || bodies[index] === null) return "";
    const target = targetOf(page, name, given);
    return `<hx-partial hx-target="#${target}" hx-swap="outerMorph">${bodies[index]}</hx-partial>`;
  });
  return html(bodies[0] + further.join(""), 200);
}

// 422: the form again, what was typed kept, each sentence beside its field; `complaint` is said of the whole.
export function complain(house, post, params, form, complaints, view, scope, partial, complaint = "") {
  const wrong = formAgain(house, post, form, complaints, scope, complaint);
  const found = formPage(house, post, { ...texts(form), ...params });
  const given = { ...texts(form), ...params, ...found?.params };
  if (found && !partial) return renderPage(house, found.page, given, view, scope, wrong, 422);
  const context =
    found && post.form ? contextFor(house, found.page, given, view, scope, wrong) : about(house, scope, wrong);
  return html(house.templates[post.form || "shell/_complaint.html"](context), 422);
}

export function formAgain({ manifest }, post, form, complaints, { language }, said) {
  const values = texts(Object.fromEntries(Object.entries(form).filter(([name]) => !name.startsWith("_"))));
  for (const { name, reader } of manifest.commands[post.command].fields) {
    if (reader === "lines" || reader === "quantity") continue;
    values[name] = reader === "choices" ? [...(own(form, name) ?? [])] : last(form, name);
  }
  const first = Object.values(complaints)[0];
  if (!said && first !== undefined) said = post.form ? sentence(manifest.sentences, "form.fields", language) : first;
  return { command: post.command, values, complaints: { ...complaints }, complaint: said };
}

function formPage({ manifest }, post, known) {
  const pattern = post.form_page || post.then;
  const names = [...pattern.matchAll(/\{([a-z0-9_]+)/g)];
  return names.every(([, name]) => Object.hasOwn(known, name)) ? pageAt(manifest, fill(pattern, known)) : null;
}

function partOf(house, page, name, given, view, scope, context) {
  const part = own(page.parts ?? {}, name);
  if (!part) return null;
  const render = house.templates[part.template];
  if (!part.of) return render(context);
  // Its row even when a filter would hide it: a visit that was just checked in is still the one that was tapped.
  const list = page.lists[part.of];
  const seen = view.within(sheetsOf(page, context.param, scope));
  const row = seen.get(list.list ?? list.one ?? list.by_id, one(own(given, part.id)));
  const always = (list.where ?? []).filter(([, , value]) => !value?.optional);
  if (row === null || !meets(row, read(always, knownOf(context.param, scope)), seen)) return null;
  return render({ ...context, [part.name]: row });
}

function targetOf(page, name, given) {
  const part = page.parts[name];
  return part.of ? `${name}-${one(own(given, part.id))}` : name;
}

function knownOf(params, { now, today, site, actor, device }) {
  return { param: params, now, today, site: site.id, actor: actor.id, device };
}

function about({ manifest }, { now, today, zone, language, site, actor, device, seed, purpose }, form) {
  const words = manifest.words[language] ?? {};
  // The pages that a device for this purpose has, whoever is at it.
  const opens = manifest.purposes?.[purpose]?.opens ?? [];
  return { now, today, zone, language, site, actor, seed, bearer: device ?? actor.id ?? "", words, form, assets: `/w/${manifest.build}`, opens };
}

// The page's own parameters that the form carried along, where they are not the command's.
function filters(page, form, fields) {
  const names = (page.parameters ?? []).filter((name) => Object.hasOwn(form, name) && !Object.hasOwn(fields, name));
  return Object.fromEntries(names.map((name) => [name, form[name]]));
}

const own = (object, name) => (Object.hasOwn(object, name) ? object[name] : undefined);
const mapped = (object, change) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
const texts = (form) => mapped(form, one);

// A parameter: a text, or a list when there are several.
function one(value) {
  if (value === null || value === undefined) return "";
  return Array.isArray(value) && value.length < 2 ? (value[0] ?? "") : value;
}

function html(body, status) {
  return { status, headers: { "Content-Type": "text/html; charset=utf-8" }, body };
}
