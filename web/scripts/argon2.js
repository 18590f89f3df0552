/** Argon2id (RFC 9106) over a passphrase: 64 MiB, three passes. What leaves this worker cannot be read by any script. */

/* global hashwasm */
importScripts("../lib/argon2.js");

const MEMORY_KIB = 64 * 1024;
const PASSES = 3;

self.onmessage = async ({ data: { passphrase, salt } }) => {
  try {
    const secret = await hashwasm.argon2id({
      password: passphrase.normalize("NFC"), salt, parallelism: 1, iterations: PASSES, memorySize: MEMORY_KIB, hashLength: 32, outputType: "binary",
    });
    const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
    secret.fill(0);
    self.postMessage({ key });
  } catch (error) {
    self.postMessage({ error: String(error.message) });
  }
};
