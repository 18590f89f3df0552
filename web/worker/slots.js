/** Slots: the ways into this device. Each holds secrets wrapped under what one person brings, and opens with nothing else. */

import { fromBase64url, toBase64url } from "./bytes.js";

const text = new TextEncoder();
const plain = new TextDecoder();
const PIN_ROUNDS = 250_000;

/** The office's share opens the data key for whoever is signed in. */
export const deviceSlot = (device) => `${device}/server`;
/** One person's own: `share`, `pin`, `passphrase`, or `passkey:<credential>`. */
export const personSlot = (device, person, method) => `${device}/${person}/${method}`;

/** A secret that can only be derived from: what goes between page and worker. */
export const baseKey = (world, secret) => world.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);

/** Wraps `secrets`, bytes by name, under a base key; the record may be stored. */
export async function close(world, name, base, secrets) {
  const salt = world.random(16);
  return { salt, ...(await wrap(world, name, await hkdf(world, base, salt, name), secrets)) };
}

/** The secrets of a slot, or null when this base key does not open it. */
export const open = async (world, name, base, record) => unwrap(world, name, await hkdf(world, base, record.salt, name), record);

/** The same under a PIN: ten thousand guesses away from anybody, so what it wraps must lie under the data key besides. */
export async function closeWithPin(world, name, pin, secrets) {
  const salt = world.random(16);
  return { salt: toBase64url(salt), ...encoded(await wrap(world, name, await pbkdf2(world, pin, salt), secrets)) };
}

export async function openWithPin(world, name, pin, record) {
  const key = await pbkdf2(world, pin, fromBase64url(record.salt));
  return unwrap(world, name, key, { iv: fromBase64url(record.iv), data: fromBase64url(record.data) });
}

const encoded = ({ iv, data }) => ({ iv: toBase64url(iv), data: toBase64url(data) });

async function wrap(world, name, key, secrets) {
  const iv = world.random(12);
  const body = text.encode(JSON.stringify(Object.fromEntries(Object.entries(secrets).map(([of, bytes]) => [of, toBase64url(bytes)]))));
  const data = new Uint8Array(await world.subtle.encrypt({ name: "AES-GCM", iv, additionalData: text.encode(name) }, key, body));
  body.fill(0);
  return { iv, data };
}

async function unwrap(world, name, key, { iv, data }) {
  try {
    const body = new Uint8Array(await world.subtle.decrypt({ name: "AES-GCM", iv, additionalData: text.encode(name) }, key, data));
    const secrets = JSON.parse(plain.decode(body));
    body.fill(0);
    return Object.fromEntries(Object.entries(secrets).map(([of, encodedBytes]) => [of, fromBase64url(encodedBytes)]));
  } catch {
    return null;
  }
}

function hkdf(world, base, salt, name) {
  const how = { name: "HKDF", hash: "SHA-256", salt, info: text.encode(`daysheet slot ${name}`) };
  return world.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function pbkdf2(world, pin, salt) {
  const base = await world.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: PIN_ROUNDS };
  return world.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Slots of the first version held the data key alone, under a key of the device's id; they still open. */
export async function openFirstFormat(world, share, { device, iv, data }) {
  const base = await baseKey(world, share);
  const how = { name: "HKDF", hash: "SHA-256", salt: text.encode(device), info: text.encode("daysheet data key") };
  const key = await world.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  try {
    return { data: new Uint8Array(await world.subtle.decrypt({ name: "AES-GCM", iv, additionalData: text.encode(`slot ${device}`) }, key, data)) };
  } catch {
    return null;
  }
}
