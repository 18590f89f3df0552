/** A passkey says who is here: to sign in, or once more before something about signing in is changed. */

import { ask, offer, toBytes, toText } from "./ceremony.js";
import { mayLeave } from "./leaving.js";

for (const place of document.querySelectorAll("[data-passkey]")) offer(place, use);

async function use(place) {
  const path = place.dataset.passkey;
  const options = await ask(`${path}/options`);
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    allowCredentials: options.allowCredentials.map((one) => ({ ...one, id: toBytes(one.id) })),
  };
  const { id, rawId, type, response } = await navigator.credentials.get({ publicKey });
  const { location: next } = await ask(path, {
    id,
    rawId: toText(rawId),
    type,
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: response.userHandle ? toText(response.userHandle) : null,
    },
  });
  await mayLeave();
  location.assign(next);
}
