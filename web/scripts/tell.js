/** Hands a message to the service worker that answers for this page; without one there is nobody to tell. */

const ANSWERS_WITHIN_MS = 20_000;

export async function tell(message) {
  (await worker())?.postMessage(message);
}

/** The worker's answer, or `{error: "nobody"}`. */
export async function ask(message) {
  const at = await worker();
  if (!at) return { error: "nobody" };
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const give = (answer) => { clearTimeout(late); port1.close(); resolve(answer); };
    const late = setTimeout(() => give({ error: "nobody" }), ANSWERS_WITHIN_MS);
    port1.onmessage = ({ data }) => give(data);
    at.postMessage(message, [port2]);
  });
}

async function worker() {
  const workers = navigator.serviceWorker;
  return workers ? workers.controller ?? (await workers.ready).active : null;
}
