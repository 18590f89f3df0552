/**
 * Whether it is the office's certificate that keeps this device away, and not the network.
 *
 * No answer to a request tells: fetch and `registration.update()` fail with the same TypeError whatever the reason
 * (Chromium 156, seen in tests/browser/test_certificates.py). Only the registration of a script that the browser does
 * not have yet says SecurityError for a certificate that it will not take. Only a page may register, so a page asks.
 */

// An address where there never is a script: should the office answer after all, nothing is registered.
export const PROBE = "/certificate-probe.js";
export const PROBE_SCOPE = "/certificate-probe/";

/**
 * `null`, `"expired"` or `"untrusted"`; to be asked when the office did not answer.
 *
 * `world`: `now()` in ms; `register(script, options)` as a page's `navigator.serviceWorker.register`, or absent.
 * `record`: the device's record, with the `certificate_until` that the office last said (an instant, or null).
 * A browser that tells no certificate from a dead server by itself (not Chromium) still knows an expired one by its date.
 */
export async function certificateTrouble(world, record) {
  const ended = record?.certificate_until ? Date.parse(record.certificate_until) <= world.now() : false;
  const refused = world.register ? await isRefused(world.register) : null;
  if (refused === false) return null;
  if (ended) return "expired";
  return refused ? "untrusted" : null;
}

/** True: the browser will not take the certificate. False: the office answered. Null: nobody answered, or nobody knows. */
async function isRefused(register) {
  try {
    const registration = await register(PROBE, { scope: PROBE_SCOPE });
    await registration?.unregister?.();
    return false;
  } catch (error) {
    if (error?.name === "SecurityError") return true;
    return /\b404\b/.test(error?.message ?? "") ? false : null;
  }
}
