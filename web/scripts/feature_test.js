/** Tests what this browser can do, shows it line by line, and fills it into the form that enrols the device. */

const NAME = "daysheet-test";
const PATIENCE_MS = 10_000;
const CEREMONY_MS = 60_000;

const place = document.querySelector("[data-feature-test]");
const TESTS = { storage, database, crypto: encryption, worker, wake_lock: wakeLock };

for (const part of place.querySelectorAll("[data-needs-script]")) part.hidden = false;
for (const [name, test] of Object.entries(TESTS)) run(name, test);
for (const button of place.querySelectorAll("[data-test]")) {
  button.addEventListener("click", () => run(button.dataset.test, button.dataset.test === "camera" ? camera : passkey));
}

async function run(name, test) {
  let found;
  try {
    found = await Promise.race([test(), new Promise((resolve) => setTimeout(resolve, CEREMONY_MS, "untested"))]);
  } catch {
    found = "no";
  }
  show(name, found);
}

function show(name, found) {
  const line = place.querySelector(`[data-feature="${name}"]`);
  const shown = line.querySelector(`[data-when="${found}"]`) ? found : "no";
  for (const each of line.querySelectorAll("[data-when]")) each.hidden = each.dataset.when !== shown;
  line.dataset.result = found;
  line.querySelector("input").value = found;
  if (name === "storage") place.querySelector("[data-not-durable]").hidden = found !== "no";
}

async function storage() {
  if (!navigator.storage?.persist) return "no";
  return (await navigator.storage.persisted()) || (await navigator.storage.persist()) ? "yes" : "no";
}

/** Written, read back, and thrown away again. */
async function database() {
  const base = await done(Object.assign(indexedDB.open(NAME, 1), {
    onupgradeneeded: ({ target }) => target.result.createObjectStore("kept"),
  }));
  try {
    const bytes = new Uint8Array([1, 2, 3]);
    await done(base.transaction("kept", "readwrite", { durability: "strict" }).objectStore("kept").put(bytes, "it"));
    const back = await done(base.transaction("kept").objectStore("kept").get("it"));
    return back?.length === 3 && back[2] === 3 ? "yes" : "no";
  } finally {
    base.close();
    indexedDB.deleteDatabase(NAME);
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** The three that the device's keys are made of. */
async function encryption() {
  const { subtle } = crypto;
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const base = await subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: new Uint8Array(0) };
  const key = await subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const sealing = { name: "AES-GCM", iv: crypto.getRandomValues(new Uint8Array(12)) };
  const opened = await subtle.decrypt(sealing, key, await subtle.encrypt(sealing, key, secret));
  const pair = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const signing = { name: "ECDSA", hash: "SHA-256" };
  const fits = await subtle.verify(signing, pair.publicKey, await subtle.sign(signing, pair.privateKey, secret), secret);
  return fits && new Uint8Array(opened)[31] === secret[31] ? "yes" : "no";
}

/** It is registered by every page; here it is waited for. */
async function worker() {
  if (!navigator.serviceWorker) return "no";
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null));
  return (await Promise.race([navigator.serviceWorker.ready, late])) ? "yes" : "no";
}

/** A real ceremony with a throwaway passkey: whether the device's lock can give a secret that opens the keys. */
async function passkey() {
  if (!window.PublicKeyCredential || !navigator.credentials?.create) return "none";
  const random = () => crypto.getRandomValues(new Uint8Array(32));
  try {
    const made = await navigator.credentials.create({
      publicKey: {
        challenge: random(),
        rp: { name: "Daysheet" },
        user: { id: random(), name: NAME, displayName: NAME },
        pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }],
        authenticatorSelection: { residentKey: "discouraged", userVerification: "preferred" },
        extensions: { prf: { eval: { first: random() } } },
        timeout: CEREMONY_MS,
      },
    });
    return made?.getClientExtensionResults().prf?.enabled ? "yes" : "no";
  } catch (error) {
    // Whoever cancels has tested nothing.
    return error.name === "NotAllowedError" || error.name === "AbortError" ? "untested" : "none";
  }
}

/** Asked for and let go of at once. */
async function camera() {
  if (!navigator.mediaDevices?.getUserMedia) return "no";
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  for (const track of stream.getTracks()) track.stop();
  return "yes";
}

async function wakeLock() {
  if (!navigator.wakeLock) return "no";
  const lock = await navigator.wakeLock.request("screen");
  await lock.release();
  return "yes";
}
