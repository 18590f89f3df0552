/** Hands a message to the service worker that answers for this page; without one there is nobody to tell. */

export async function tell(message) {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  const worker = workers.controller ?? (await workers.ready).active;
  worker?.postMessage(message);
}
