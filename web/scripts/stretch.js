/** Turns a passphrase into a key slowly, in a worker of its own, which alone may run WASM. */

import { fromBase64url, toBase64url } from "../worker/bytes.js";

const ANSWERS_WITHIN_MS = 30_000;

/** A key to derive from, which no script can read; `salt` in base64url. */
export function stretched(passphrase, salt) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./argon2.js", import.meta.url));
    const end = (settle, value) => { clearTimeout(late); worker.terminate(); settle(value); };
    const late = setTimeout(() => end(reject, new Error("no answer")), ANSWERS_WITHIN_MS);
    worker.onmessage = ({ data }) => (data.key ? end(resolve, data.key) : end(reject, new Error(data.error)));
    worker.onerror = () => end(reject, new Error("the worker failed"));
    worker.postMessage({ passphrase, salt: fromBase64url(salt) });
  });
}

export const freshSalt = () => toBase64url(crypto.getRandomValues(new Uint8Array(16)));
