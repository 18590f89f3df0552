/** How soon sync tries again after a failure: later each time, with jitter so that tablets do not come back all at once. */

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

export function makePace(world) {
  let failures = 0;
  let notBefore = 0;
  let timer = null;

  function cancel() {
    if (timer !== null) world.clearTimer(timer);
    timer = null;
  }

  return {
    cancel,
    wait: () => Math.max(0, notBefore - world.mono()),
    succeeded() {
      failures = 0;
      notBefore = 0;
      cancel();
    },
    failed() {
      const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
      failures += 1;
      notBefore = world.mono() + longest * (0.5 + world.chance() / 2);
    },
    later(kick) {
      cancel();
      timer = world.timer(() => { timer = null; kick(); }, Math.max(0, notBefore - world.mono()) + 1);
    },
  };
}
