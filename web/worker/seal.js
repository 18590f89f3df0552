/** Seals records of the device's database and gives them blind names; pure functions of the two keys of an unlock. */

const text = new TextEncoder();
const plain = new TextDecoder();
const KEY_BITS = 256;

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

/** The two keys of a device from its data key's bytes: for records, and for their names. */
export async function importKeys(world, raw, deviceId) {
  const data = await world.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  const base = await world.subtle.importKey("raw", raw, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: text.encode(deviceId), info: text.encode("daysheet names") };
  const names = await world.subtle.deriveKey(how, base, { name: "HMAC", hash: "SHA-256", length: KEY_BITS }, false, ["sign"]);
  return { device: deviceId, data, names };
}
