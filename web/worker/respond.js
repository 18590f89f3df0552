/** Answers a page's request from this device, or hands it to the office when this device may not or cannot. */

import { pageAt, parameters, renderFind, renderPage, renderPart, sheetsOf, subjectsOf } from "./answers.js";
import { CLOSED, IDLE, NOT_ENROLLED, SIGNED_OUT, UNREADABLE, UNREACHABLE } from "./keys.js";
import { fill, formOf } from "./paths.js";
import { isEmergency, mayOpen, mayOpenInEmergency } from "./permits.js";
import { answerForm } from "./saving.js";
import { officeTime, scopeOf } from "./scope.js";

const HTML = { "Content-Type": "text/html; charset=utf-8" };

const REFUSAL = {
  en: "Your role does not open this page. Ask the office manager.",
  es: "Su función no abre esta página. Pregunte a la gerencia.",
};
const refusalIn = ({ language }) => REFUSAL[language] ?? REFUSAL.en;
const NO_FORM = { command: "", values: {}, complaints: {}, complaint: "" };
/** Ends a session; every other form that is passed on and succeeds may have begun one. */
const SIGN_OUT = "/signout";

/** `opened()` gives `{desk}` or `{locked: why}`; `signOut()` ends the unlock, `signedIn()` lets the office say whose the next one is. */
export function makeRespond({ house, world, assets, device, keys, accesses, pages, opened, signOut, signedIn }) {
  const { manifest, templates } = house;

  function respond(route, { request, clientId, resultingClientId }) {
    if (route.asset) return assets.answer(request);
    if (route.home) return home(request);
    if (route.pass) return pass(request);
    if (route.office) return onlyOffice(request);
    const spare = request.method === "GET" ? request.clone() : null;
    return fromHere(route, request, clientId, resultingClientId).catch((error) => {
      world.report(error);
      const ours = () => plain("shell/error.html", 500);
      return spare ? world.fetch(spare).catch(ours) : ours();
    });
  }

  /** Nothing where the browser gives us no storage: the office answers then, as it would without a worker. */
  const record = () => device().then((open) => open.record(), (error) => { world.report(error); return null; });

  async function fromHere(route, request, clientId, comingId) {
    const known = await record();
    if (!known?.device_id || known.refused) return office(request);
    // A form can be read once, and the office may have to be given it after all.
    const forOffice = request.method === "POST" ? request.clone() : request;
    const { desk, locked } = await opened();
    if (locked) return whileLocked(locked, forOffice);
    pages.begun(comingId, desk);
    const scope = scopeOf(desk.session, officeTime(known, world.now()), world.newId());
    const form = request.method === "POST" ? await readForm(request) : formOf(new URL(request.url).search.slice(1));
    const { page, given } = pageOf(route, form);
    if (!page) return office(forOffice);
    const emergency = mayOpen(manifest, page, known.purpose, scope.actor) ? "" : await underGlass(page, known, desk, scope, route);
    if (emergency === null) return refused(page, known, scope, forOffice);
    // An emergency opens pages to be read; what may be done stays as it is.
    if (emergency && route.post && !route.post.emergency) return plain("shell/_complaint.html", 422, { form: { ...NO_FORM, complaint: refusalIn(scope) } });
    const sheets = sheetsOf(page, parameters(page, given, scope), scope);
    const exact = sheets.filter((name) => !name.endsWith("*"));
    const atOffice = await whenNotHere(known, desk, exact, forOffice);
    if (atOffice) return atOffice;
    await desk.load(sheets);
    if (isMissing(page, given, desk, scope, sheets, route)) return office(forOffice);
    const partial = request.headers.get("HX-Request-Type") === "partial";
    const answered = await answer(route, { page, given, form, desk, scope, partial, clientId });
    for (const subject of subjectsOf(page, given, desk.view(), scope)) {
      (await accesses()).note({ kind: "read", actor: scope.actor.id, subject, page: page.name, code: emergency });
    }
    return response(answered, request.url);
  }

  /** The code of a look in an emergency, or null where there is none. The form that declares one is taken as it comes. */
  async function underGlass(page, known, desk, scope, route) {
    if (!mayOpenInEmergency(manifest, page, known.purpose)) return null;
    const sheet = `glass/${scope.actor.id}`;
    await desk.load([sheet]);
    const declared = isEmergency(manifest, desk.view().within([sheet]).rows("glass"), scope.actor, new Date(scope.now));
    return declared || route.post?.emergency ? "break_glass" : null;
  }

  /** The office says why a page is not theirs, and how it opens in an emergency; without it, this device does. */
  async function refused(page, known, scope, request) {
    if (!mayOpenInEmergency(manifest, page, known.purpose)) return office(request);
    return office(request, () => plain("shell/refused.html", 403, { refusal: refusalIn(scope), actor: scope.actor }));
  }

  async function answer(route, { page, given, form, desk, scope, partial, clientId }) {
    if (route.post) return answerForm({ house, world, desk }, route, form, scope, { partial, page: clientId });
    if (route.find) return renderFind(house, page, form, desk.view(), scope, partial);
    if (route.part) return renderPart(house, page, route.part, given, desk.view(), scope);
    return renderPage(house, page, given, desk.view(), scope);
  }

  /** The page that a request is about; a form's is the one that it is answered with. */
  function pageOf(route, form) {
    if (route.page) return { page: route.page, given: { ...form, ...route.params } };
    const found = pageAt(manifest, fill(route.post.then, { ...texts(form), ...route.params }));
    return { page: found?.page, given: { ...form, ...route.params, ...found?.params } };
  }

  /** The office's answer while this device has not got all of the page; what it has is better than nothing. */
  async function whenNotHere(known, desk, sheets, request) {
    if (known.copy_at && sheets.every(desk.holds)) return null;
    try {
      return await world.fetch(request.clone());
    } catch {
      return sheets.every((name) => desk.names().includes(name)) ? null : plain("shell/needs_office.html", 503);
    }
  }

  /** A page about one thing that is not in the binder may still be at the office; not if this form just makes it. */
  function isMissing(page, given, desk, scope, sheets, { post, params: inPath }) {
    const params = parameters(page, given, scope);
    const seen = desk.view().within(sheets);
    const made = post ? manifest.commands[post.command].fields.filter((spec) => spec.new && !Object.hasOwn(inPath, spec.name)) : [];
    const named = (kind) => (made.some(({ name }) => name === `${kind}_id`) ? "" : params[`${kind}_id`]);
    return Object.values(page.lists).some(({ one: kind }) => kind && named(kind) && seen.get(kind, named(kind)) === null);
  }

  /** Where a device of this purpose opens. */
  async function home(request) {
    const known = await record();
    const at = known?.device_id && !known.refused ? manifest.purposes[known.purpose]?.home : null;
    return at ? Response.redirect(new URL(at, request.url), 303) : office(request);
  }

  /** A page that is not kept here. While the device is locked, whoever is signed in at the office may not be who stands here. */
  async function onlyOffice(request) {
    const known = await record();
    if (known?.device_id && !known.refused && !isOpenToAll(new URL(request.url).pathname)) {
      const { locked } = await opened();
      if (locked) return whileLocked(locked, request);
    }
    return office(request);
  }

  const isOpenToAll = (path) => manifest.open.some((start) => path === start || path.startsWith(`${start}/`));

  async function office(request, otherwise = () => plain("shell/needs_office.html", 503)) {
    try {
      return await world.fetch(request);
    } catch {
      return otherwise();
    }
  }

  async function pass(request) {
    let answer;
    try {
      answer = await world.fetch(request);
    } catch {
      return plain("shell/needs_office.html", 503);
    }
    const done = answer.ok || answer.redirected || answer.type === "opaqueredirect" || (answer.status >= 300 && answer.status < 400);
    if (done && request.method === "POST") await (new URL(request.url).pathname === SIGN_OUT ? signOut() : signedIn());
    return answer;
  }

  async function whileLocked(why, request) {
    if (why === NOT_ENROLLED || why === UNREADABLE) return office(request);
    // Who has no way in of their own can only sign in.
    if (why === SIGNED_OUT && !(await (await keys()).hasOwnWay())) return office(request);
    if (![SIGNED_OUT, UNREACHABLE, IDLE, CLOSED].includes(why)) throw new Error(`locked for an unknown reason: ${why}`);
    return plain("shell/locked.html", 503, { lock: await (await keys()).standing() });
  }

  /** A page that needs no rows: nobody may be signed in. */
  async function plain(template, status, more = {}) {
    const language = (await record())?.language ?? "en";
    const form = NO_FORM;
    const nobody = { id: "", name: "", roles: [] };
    const context = {
      language, words: manifest.words[language] ?? {}, assets: `/w/${manifest.build}`, page: { name: "", path: "" }, param: {},
      now: new Date(world.now()).toISOString(), actor: nobody, site: { id: "", name: "" }, form, seed: world.newId(), ...more,
    };
    return response({ status, headers: HTML, body: templates[template](context) });
  }

  function response({ status, headers, body }, base) {
    if (headers.Location) return Response.redirect(new URL(headers.Location, base), status);
    return new Response(body, { status, headers: { ...manifest.headers, ...headers, "Cache-Control": "no-store" } });
  }

  return respond;
}

const texts = (form) => Object.fromEntries(Object.entries(form).map(([name, values]) => [name, values.at(-1) ?? ""]));

async function readForm(request) {
  if (!request.headers.get("Content-Type")?.startsWith("multipart/form-data")) return formOf(await request.text());
  const form = {};
  for (const [name, value] of await request.formData()) if (typeof value === "string") (form[name] ??= []).push(value);
  return form;
}
