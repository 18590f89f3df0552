/** A browser that lost its cookie proves by the key beside its entries which device it is, and is given a new one. */

import { sign } from "./signing.js";

const ANSWERS_WITHIN_MS = 5000;

/** Whether the office knew the device again; false also when nobody answered. */
export async function comeBack(world, { device_id: id, identity, wiped = null }) {
  if (!id || !identity || wiped) return false;
  const challenge = (await ask(world, { device_id: id }))?.challenge;
  if (typeof challenge !== "string") return false;
  const signature = await sign(world, identity.key, `daysheet return\n${id}\n${challenge}`);
  return (await ask(world, { device_id: id, signature }))?.returned === id;
}

function ask(world, given) {
  return world.fetch("/devices/return", {
    method: "POST", credentials: "same-origin", cache: "no-store", redirect: "error", signal: world.timeout(ANSWERS_WITHIN_MS),
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-Daysheet": "return" },
    body: JSON.stringify(given),
  }).then((response) => (response.status === 200 ? response.json() : null)).catch(() => null);
}
