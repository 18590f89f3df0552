/** One request to /sync and its answer; whatever is not the office's own answer counts as no answer. */

const ANSWERS_WITHIN_MS = 30_000;
const WORTH_ZIPPING = 1024;

/** The office did not answer: no network, a captive portal, a proxy's error page, a timeout. */
export class Unreachable extends Error {}

/** The office answered, and asks to be left alone for a moment. */
export class Busy extends Error {}

/** `{status, body}` of the office's answer; throws Unreachable for everything else. */
export async function exchange(world, request) {
  const text = JSON.stringify(request);
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-Daysheet": "sync" };
  let response;
  let body;
  try {
    const zipped = text.length > WORTH_ZIPPING && world.zip ? await world.zip(text) : null;
    if (zipped) headers["Content-Encoding"] = "gzip";
    response = await world.fetch("/sync", {
      method: "POST", headers, body: zipped ?? text, credentials: "same-origin", cache: "no-store", redirect: "error",
      signal: world.timeout(ANSWERS_WITHIN_MS),
    });
    body = await response.json();
  } catch (error) {
    throw new Unreachable("no answer", { cause: error });
  }
  if (!isTheOffice(response.status, body)) throw new Unreachable(`something else answered ${response.status}`);
  return { status: response.status, body };
}

/** A hotel's sign-in page says 200 too, and may even say it in JSON. */
function isTheOffice(status, body) {
  if (body === null || typeof body !== "object") return false;
  if (status === 200) return typeof body.request_id === "string" && Number.isInteger(body.acked_n);
  return typeof body.error === "string";
}
