/** On the page of today: a person is told on this device when something waits for them, where office and browser can. */

const place = () => document.querySelector("[data-push]");
const IS_APPLE_HAND_HELD = "standalone" in navigator;
const CAN = "PushManager" in window && "Notification" in window && Boolean(navigator.serviceWorker);

let key = null;
let failed = false;

begin();
document.addEventListener("htmx:after:swap", show);
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-push] form");
  if (!form) return;
  if (form.dataset.when === "off" && !form.elements.endpoint.value) {
    event.preventDefault();
    turnOn(form).catch(() => { failed = true; show(); });
  } else if (form.action.endsWith("/push/off")) {
    subscribed().then((known) => known?.unsubscribe()).catch(() => {});
  }
});

/** Nothing is said of it where the office has no key to give: it sends nothing, or cannot be reached. */
async function begin() {
  if (!place() || !(CAN || IS_APPLE_HAND_HELD)) return;
  const answer = await fetch("/today/push-key", { headers: { Accept: "application/json" }, cache: "no-store" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  ({ key } = await answer.json());
  await show();
}

async function show() {
  const at = place();
  if (!at || !key) return;
  const officeTells = !at.querySelector("[data-when='on']").hidden;
  const on = CAN && officeTells && Boolean(await subscribed());
  const denied = CAN && !on && Notification.permission === "denied";
  const shown = { on, off: CAN && !on && !denied, denied, home: !CAN, failed };
  for (const one of at.querySelectorAll("[data-when]")) one.hidden = !shown[one.dataset.when];
  at.hidden = false;
}

async function turnOn(form) {
  failed = false;
  if ((await Notification.requestPermission()) !== "granted") return show();
  const { endpoint, keys } = (await subscribe()).toJSON();
  Object.assign(form.elements.endpoint, { value: endpoint });
  Object.assign(form.elements.p256dh, { value: keys.p256dh });
  Object.assign(form.elements.auth, { value: keys.auth });
  form.requestSubmit();
}

/** What another office, or this one under an older key, subscribed to is of no use any more. */
async function subscribe() {
  const { pushManager } = await navigator.serviceWorker.ready;
  const wanted = { userVisibleOnly: true, applicationServerKey: key };
  try {
    return await pushManager.subscribe(wanted);
  } catch (error) {
    const old = await pushManager.getSubscription();
    if (!old) throw error;
    await old.unsubscribe();
    return pushManager.subscribe(wanted);
  }
}

async function subscribed() {
  return (await navigator.serviceWorker.ready).pushManager.getSubscription();
}
