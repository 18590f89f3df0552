/** What a passkey gives this device and no other site: a secret by the PRF extension (WebAuthn Level 3), as a key to derive from. */

import { fromBase64url, toBase64url } from "../worker/bytes.js";

const CREDENTIAL_WITHIN_MS = 60_000;

/** The same for every credential: the secret differs by credential anyhow. */
export async function prfInput() {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode("daysheet data key 1")));
}

export const baseKey = (secret) => crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);

/** `{credential, key}` of one of these passkeys (any of this site where none is named); null when it has no PRF. Throws when the person does not. */
export async function evaluated(credentials = []) {
  const first = await prfInput();
  const found = await navigator.credentials.get({
    publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)), userVerification: "required", timeout: CREDENTIAL_WITHIN_MS,
      allowCredentials: credentials.map((id) => ({ type: "public-key", id: fromBase64url(id) })), extensions: { prf: { eval: { first } } },
    },
  });
  const secret = found.getClientExtensionResults().prf?.results?.first;
  return secret ? { credential: toBase64url(found.rawId), key: await baseKey(secret) } : null;
}
