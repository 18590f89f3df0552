/** A person's signature on this device, and sealing to the office's public key; both pure functions of their keys. */

import { fromBase64url, joined, toBase64url } from "./bytes.js";

const text = new TextEncoder();
const ECDSA = { name: "ECDSA", namedCurve: "P-256" };
const ECDH = { name: "ECDH", namedCurve: "P-256" };
const ENVELOPE = new Uint8Array([1]);

/** A fresh pair as bytes: `{secret, spki}`. The secret part goes into a slot and is wiped; it is never stored as it is. */
export async function makePair(world) {
  const pair = await world.subtle.generateKey(ECDSA, true, ["sign", "verify"]);
  const [secret, spki] = await Promise.all([world.subtle.exportKey("pkcs8", pair.privateKey), world.subtle.exportKey("spki", pair.publicKey)]);
  return { secret: new Uint8Array(secret), spki: toBase64url(spki) };
}

/** The signing key in memory: no script can read it out again. */
export const importSecret = (world, secret) => world.subtle.importKey("pkcs8", secret, ECDSA, false, ["sign"]);

/** By this the device itself, and nobody in particular, says that it was wiped. It opens nothing. */
export async function makeIdentity(world) {
  const pair = await world.subtle.generateKey(ECDSA, false, ["sign", "verify"]);
  return { key: pair.privateKey, spki: toBase64url(await world.subtle.exportKey("spki", pair.publicKey)) };
}

/** r and s in base64url, as the office reads them. */
export async function sign(world, key, said) {
  return toBase64url(await world.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, text.encode(said)));
}

/** The short name by which the office knows a key: 16 hex digits of SHA-256. */
export async function keyId(world, spki) {
  const hash = new Uint8Array(await world.subtle.digest("SHA-256", fromBase64url(spki)));
  return Array.from(hash.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Only the office opens it: a point of our own, HKDF over the shared secret, AES-GCM. `kind` is command, access or file. */
export async function sealTo(world, { id, spki }, kind, plain) {
  const [office, ours] = await Promise.all([
    world.subtle.importKey("spki", fromBase64url(spki), ECDH, false, []), world.subtle.generateKey(ECDH, false, ["deriveBits"]),
  ]);
  const [exported, shared] = await Promise.all([
    world.subtle.exportKey("raw", ours.publicKey), world.subtle.deriveBits({ name: "ECDH", public: office }, ours.privateKey, 256),
  ]);
  const point = new Uint8Array(exported);
  const base = await world.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: point, info: text.encode(`daysheet hand-in ${kind}`) };
  const key = await world.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const iv = world.random(12);
  const head = fromBase64url(id);
  const body = typeof plain === "string" ? text.encode(plain) : plain;
  const sealed = new Uint8Array(await world.subtle.encrypt({ name: "AES-GCM", iv, additionalData: head }, key, body));
  return joined(ENVELOPE, head, point, iv, sealed);
}
