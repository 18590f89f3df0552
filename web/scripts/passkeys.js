/** Adds a passkey on the account page, and tells the document, so that it may open this device as well. */

import { ask, offer, toBytes, toText } from "./ceremony.js";

for (const place of document.querySelectorAll("[data-add-passkey]")) offer(place, add);

async function add(place) {
  const options = await ask("/account/passkeys/options");
  const { prf } = options.extensions;
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    user: { ...options.user, id: toBytes(options.user.id) },
    excludeCredentials: options.excludeCredentials.map((one) => ({ ...one, id: toBytes(one.id) })),
    extensions: { prf: { eval: { first: toBytes(prf.eval.first) } } },
  };
  const made = await navigator.credentials.create({ publicKey });
  const { location: next } = await ask("/account/passkeys", {
    name: place.querySelector("input").value,
    credential: {
      id: made.id,
      rawId: toText(made.rawId),
      type: made.type,
      response: {
        clientDataJSON: toText(made.response.clientDataJSON),
        attestationObject: toText(made.response.attestationObject),
        transports: made.response.getTransports?.() ?? [],
      },
    },
  });
  const secret = made.getClientExtensionResults().prf?.results?.first ?? null;
  const detail = { credentialId: made.rawId, prf: secret, settled: [] };
  document.dispatchEvent(new CustomEvent("passkey-added", { detail }));
  // Whoever listens may push a promise: leaving the page now would end what they began.
  await Promise.allSettled(detail.settled);
  location.assign(next);
}
