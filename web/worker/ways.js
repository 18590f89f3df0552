/** The ways into this device: opened with what the office releases, or with what a person brings, also offline. */

import { fromBase64url } from "./bytes.js";
import { importKeys, sealer } from "./seal.js";
import { importSecret, keyId, makePair } from "./signing.js";
import { baseKey, close, closeWithPin, deviceSlot, open, openFirstFormat, openWithPin, personSlot } from "./slots.js";

const FORMAT = 2;
const PIN = /^[0-9]{6}$/;
const text = new TextEncoder();
const plain = new TextDecoder();

export function makeWays(world, store, door) {
  const get = (name) => store.read(["slots"], (tx) => tx.objectStore("slots").get(name));
  const put = (name, record) => store.write(["slots"], (tx) => tx.objectStore("slots").put(record, name));

  /** The raw secrets behind the office's answer: `{data, signing, spki}`, or null when its share does not open what is here. */
  async function secretsOf(answer) {
    const data = await dataKey(answer);
    return data && { data, ...(await signingKey(answer)) };
  }

  async function dataKey({ device: { id }, share }) {
    const name = deviceSlot(id);
    const secret = fromBase64url(share);
    const base = await baseKey(world, secret);
    const known = await get(name);
    if (known && !known.salt) return (await openFirstFormat(world, secret, known))?.data ?? null;
    if (known) return (await open(world, name, base, known))?.data ?? null;
    const data = world.random(32);
    const made = { v: FORMAT, device: id, ...(await close(world, name, base, { data })) };
    // Another look-up may have been first; the key that was stored is the key.
    const kept = await store.write(["slots"], async (tx) => {
      const already = await tx.objectStore("slots").get(name);
      if (!already) await tx.objectStore("slots").put(made, name);
      return already ?? null;
    });
    return kept ? (await open(world, name, base, kept))?.data ?? null : data;
  }

  /** The person's own key on this device: kept under the share that the office releases to them alone. */
  async function signingKey({ device: { id }, actor, personal, keys }) {
    const name = personSlot(id, actor.id, "share");
    const base = await baseKey(world, fromBase64url(personal));
    const known = await get(name);
    const opened = known && await open(world, name, base, known);
    if (opened) {
      // An office that was restored from a backup may have forgotten it.
      if (!keys.includes(await keyId(world, known.spki))) await register(known.spki);
      return { signing: opened.signing, spki: known.spki };
    }
    const { secret, spki } = await makePair(world);
    await register(spki);
    await put(name, { v: FORMAT, device: id, person: actor.id, name: actor.name, method: "share", spki, ...(await close(world, name, base, { signing: secret })) });
    return { signing: secret, spki };
  }

  async function register(spki) {
    const { status } = await door.register(spki);
    if (status !== 200) throw new Error(`the office took no key: ${status}`);
  }

  /** What lives in memory of them; the bytes are wiped. */
  async function inMemory({ data, signing }, device) {
    const opened = { keys: data ? await importKeys(world, data, device) : null, signing: await importSecret(world, signing) };
    data?.fill(0);
    signing.fill(0);
    return opened;
  }

  /** Adds a way in for the person of this answer of the office. `given` is a PIN, or a base key with a `salt` or `credential`. */
  async function add(answer, { method, pin, key, salt = null, credential = null }) {
    if (method === "pin" ? !PIN.test(pin ?? "") : !key) return { error: "malformed" };
    const secrets = await secretsOf(answer);
    if (!secrets) return { error: "unreadable" };
    const { device, actor } = answer;
    const session = text.encode(JSON.stringify(sessionOf(answer)));
    const name = personSlot(device.id, actor.id, method === "passkey" ? `passkey:${credential}` : method);
    const about = { v: FORMAT, device: device.id, person: actor.id, name: actor.name, method, credential, spki: secrets.spki, stretch: salt };
    if (method === "pin") {
      const closed = await closeWithPin(world, name, pin, { signing: secrets.signing, session });
      const { keys } = await inMemory(secrets, device.id);
      await put(name, { ...about, sealed: await sealer(world, keys).seal("slots", name, FORMAT, closed) });
      return { ok: true };
    }
    const closed = await close(world, name, key, { data: secrets.data, signing: secrets.signing, session });
    await inMemory(secrets, device.id);
    await put(name, { ...about, ...closed });
    return { ok: true };
  }

  /** `{keys, signing, session}` for what a person brought, or null. A PIN needs the keys that are still in memory. */
  async function enter(device, { method, person, pin, key, credential }, keys) {
    const name = personSlot(device, person, method === "passkey" ? `passkey:${credential}` : method);
    const record = await get(name);
    if (!record) return null;
    const secrets = method === "pin" ? await withPin(name, record, pin, keys) : await open(world, name, key, record);
    if (!secrets) return null;
    const session = JSON.parse(plain.decode(secrets.session));
    const opened = await inMemory(secrets, device);
    return { keys: opened.keys ?? keys, signing: opened.signing, session };
  }

  async function withPin(name, record, pin, keys) {
    if (!keys || !PIN.test(pin ?? "")) return null;
    let closed;
    try {
      closed = await sealer(world, keys).open("slots", name, FORMAT, record.sealed);
    } catch {
      return null;
    }
    return openWithPin(world, name, pin, closed);
  }

  /** Who may open this device and how: `[{id, name, pin, passphrase, passkeys, stretch}]`, by name. */
  async function people(device) {
    const found = new Map();
    for (const slot of await store.read(["slots"], (tx) => tx.objectStore("slots").getAll())) {
      if (slot.device !== device || !slot.person) continue;
      const one = found.get(slot.person) ?? { id: slot.person, name: slot.name, pin: false, passphrase: false, passkeys: [], stretch: "" };
      if (slot.method === "pin") one.pin = true;
      if (slot.method === "passphrase") Object.assign(one, { passphrase: true, stretch: slot.stretch });
      if (slot.method === "passkey") one.passkeys.push(slot.credential);
      found.set(slot.person, one);
    }
    return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** They work here no longer, or do not want this way any more. */
  function remove(device, person, method = null) {
    return store.write(["slots"], async (tx) => {
      const slots = tx.objectStore("slots");
      for (const name of await slots.getAllKeys()) {
        const record = await slots.get(name);
        if (record.device === device && record.person === person && (method === null || record.method === method)) await slots.delete(name);
      }
    });
  }

  return { secretsOf, inMemory, add, enter, people, remove };
}

/** Who acts, where: what is known offline of a person who opened the device. */
export function sessionOf({ device, actor, site, language }) {
  return { device, actor, site, language };
}
