/** What the office is asked when a device is opened or locked; its answers are never taken for more than they are. */

import { comeBack } from "./returning.js";

const ANSWERS_WITHIN_MS = 2000;

export function makeDoor(world) {
  async function ask(path, given) {
    const response = await world.fetch(path, {
      method: "POST", credentials: "same-origin", cache: "no-store", redirect: "error", signal: world.timeout(ANSWERS_WITHIN_MS),
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-Daysheet": "door" },
      body: JSON.stringify(given),
    });
    return { status: response.status, body: await response.json().catch(() => null) };
  }

  /** Nothing depends on these two: without an answer the office asks for a sign-in itself, in its own time. */
  const quietly = (path, given) => ask(path, given).then(({ status, body }) => (status === 200 ? body : null), () => null);

  return {
    /** Throws when nobody answers. `known` is the device's record: it may have to say first which device it is. */
    async unlock(replica, identity, known) {
      const unlock = () => ask("/devices/unlock", { replica_id: replica, identity_key: identity });
      const answer = await unlock();
      return answer.body?.error === "not_enrolled" && (await comeBack(world, known)) ? unlock() : answer;
    },
    register: (spki) => ask("/devices/key", { public_key: spki }),
    suspend: () => quietly("/devices/suspend", {}),
    resume: (person, suspended, signature) => quietly("/devices/resume", { staff_id: person, suspended, signature }),
  };
}
