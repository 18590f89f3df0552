/** Seals records of the device's database and gives them blind names; pure functions of the two keys of an unlock. */

const text = new TextEncoder();
const plain = new TextDecoder();
const KEY_BITS = 256;

/** A fresh data key, wrapped by the server's share: `{slot, keys}`. The slot may be stored; the keys live in memory only. */
export async function createKeys(world, share, deviceId) {
  const raw = world.random(32);
  try {
    const iv = world.random(12);
    const wrapping = await wrappingKey(world, share, deviceId);
    const data = await world.subtle.encrypt(aes(iv, slotName(deviceId)), wrapping, raw);
    return { slot: { v: 1, device: deviceId, iv, data: new Uint8Array(data) }, keys: await importKeys(world, raw, deviceId) };
  } finally {
    raw.fill(0);
  }
}

/** The keys in a stored slot, or null when this share does not open it. */
export async function unwrapKeys(world, share, slot) {
  const wrapping = await wrappingKey(world, share, slot.device);
  let raw;
  try {
    raw = new Uint8Array(await world.subtle.decrypt(aes(slot.iv, slotName(slot.device)), wrapping, slot.data));
  } catch {
    return null;
  }
  try {
    return await importKeys(world, raw, slot.device);
  } finally {
    raw.fill(0);
  }
}

/** What seals and opens with `keys`. `name` and `version` bind a record to its place, so none can be swapped for another. */
export function sealer(world, keys) {
  const bound = (store, name, version) => text.encode(JSON.stringify([keys.device, store, name, version]));

  async function seal(store, name, version, value) {
    const iv = world.random(12);
    const body = text.encode(JSON.stringify(value));
    const data = await world.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(store, name, version) }, keys.data, body);
    return { iv, data: new Uint8Array(data) };
  }

  async function open(store, name, version, sealed) {
    const algorithm = { name: "AES-GCM", iv: sealed.iv, additionalData: bound(store, name, version) };
    return JSON.parse(plain.decode(await world.subtle.decrypt(algorithm, keys.data, sealed.data)));
  }

  /** A name nobody can read back: the first 16 bytes of HMAC-SHA256, in hex. */
  async function blind(name) {
    const mac = new Uint8Array(await world.subtle.sign("HMAC", keys.names, text.encode(name)));
    return Array.from(mac.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  return { device: keys.device, seal, open, blind };
}

async function importKeys(world, raw, deviceId) {
  const data = await world.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  const names = await derive(world, raw, deviceId, "daysheet names", { name: "HMAC", hash: "SHA-256", length: KEY_BITS }, ["sign"]);
  return { device: deviceId, data, names };
}

function wrappingKey(world, share, deviceId) {
  return derive(world, fromBase64url(share), deviceId, "daysheet data key", { name: "AES-GCM", length: KEY_BITS }, ["encrypt", "decrypt"]);
}

async function derive(world, secret, salt, info, algorithm, uses) {
  const base = await world.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: text.encode(salt), info: text.encode(info) };
  return world.subtle.deriveKey(how, base, algorithm, false, uses);
}

const aes = (iv, name) => ({ name: "AES-GCM", iv, additionalData: text.encode(name) });
const slotName = (deviceId) => `slot ${deviceId}`;

function fromBase64url(encoded) {
  const binary = atob(encoded.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
