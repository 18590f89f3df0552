/** Scans with the camera while its button is on: what it reads goes to the scan form, as from a scanner. */

import { finder } from "./finding.js";
import { give, isWaitedFor } from "./scanned.js";
import { sightings } from "./sightings.js";

const SAY = {
  en: {
    looking: "Hold the code in front of the camera.",
    read: "Read: {text}",
    refused: "This device may not use its camera. Allow it in the browser's settings for this page, or type the code.",
    missing: "This device has no camera. Use a scanner, or type the code.",
    busy: "Another program uses the camera. Close it and try again, or type the code.",
    broken: "The camera cannot read codes now. Try again, use a scanner, or type the code.",
    torch: "Light",
  },
  es: {
    looking: "Ponga el código delante de la cámara.",
    read: "Leído: {text}",
    refused: "Este dispositivo no puede usar su cámara. Permítalo en los ajustes del navegador, o escriba el código.",
    missing: "Este dispositivo no tiene cámara. Use un lector o escriba el código.",
    busy: "Otro programa usa la cámara. Ciérrelo e inténtelo de nuevo, o escriba el código.",
    broken: "La cámara no puede leer códigos ahora. Inténtelo de nuevo, use un lector o escriba el código.",
    torch: "Luz",
  },
};
const WHY = {
  NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "missing", OverconstrainedError: "missing",
  NotReadableError: "busy",
};
const WANTED = { audio: false, video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } } };
const CONFIRMED_MS = 900;
const BETWEEN_FRAMES_MS = 40;

const words = SAY[document.documentElement.lang] ?? SAY.en;
let running = null;

for (const button of document.querySelectorAll("[data-camera]")) button.hidden = false;
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-camera]");
  if (button) running ? stop() : start(button);
});
document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); });
addEventListener("pagehide", () => stop());

async function start(button) {
  const run = { button, view: view(button) };
  running = run;
  button.setAttribute("aria-pressed", "true");
  try {
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("", "NotFoundError");
    run.stream = await navigator.mediaDevices.getUserMedia(WANTED);
    // Somebody may have pressed again while the browser was asking.
    if (running !== run) return end(run);
    run.view.video.srcObject = run.stream;
    await run.view.video.play();
    offerLight(run);
    say(run, words.looking);
    run.finder = await finder();
    await look(run);
  } catch (error) {
    if (running === run) stop(words[WHY[error.name]] ?? words.broken);
  }
  end(run);
}

async function look(run) {
  const { video } = run.view;
  const see = sightings(new Date().toLocaleDateString("en-CA"));
  while (running === run) {
    if (!run.stream.active) throw new DOMException("", "NotReadableError");
    const codes = video.videoWidth ? await run.finder.find(video) : [];
    const text = see(codes, performance.now());
    if (running === run && text !== null && isWaitedFor()) confirm(run, text);
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_FRAMES_MS));
  }
}

function confirm(run, text) {
  give(text);
  say(run, words.read.replace("{text}", () => text.replaceAll("\x1d", " ")));
  run.view.place.dataset.read = "";
  clearTimeout(run.timer);
  run.timer = setTimeout(() => delete run.view.place.dataset.read, CONFIRMED_MS);
}

function offerLight(run) {
  const [track] = run.stream.getVideoTracks();
  if (!track.getCapabilities?.().torch) return;
  const { light } = run.view;
  light.hidden = false;
  light.onclick = async () => {
    const on = light.getAttribute("aria-pressed") !== "true";
    await track.applyConstraints({ advanced: [{ torch: on }] }).catch(() => {});
    light.setAttribute("aria-pressed", String(on));
  };
}

/** With a sentence, what it shows of the camera goes and the sentence stays. */
function stop(sentence = "") {
  const run = running;
  if (!run) return;
  running = null;
  run.button.setAttribute("aria-pressed", "false");
  end(run);
  if (sentence) say(run, sentence);
  else run.view.place.remove();
  run.view.video.remove();
  run.view.light.remove();
}

function end(run) {
  for (const track of run.stream?.getTracks() ?? []) track.stop();
  run.finder?.end();
}

function say(run, sentence) {
  run.view.said.textContent = sentence;
}

function view(button) {
  for (const old of document.querySelectorAll(".camera")) old.remove();
  const place = Object.assign(document.createElement("div"), { className: "camera" });
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
  const said = Object.assign(document.createElement("p"), { className: "camera-said" });
  said.setAttribute("role", "status");
  const light = Object.assign(document.createElement("button"), { type: "button", className: "button", hidden: true });
  light.textContent = words.torch;
  place.append(video, said, light);
  button.after(place);
  return { place, video, said, light };
}
