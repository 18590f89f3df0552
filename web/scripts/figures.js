/** Puts beside each device what changes by the minute; while the office does not answer, what it said last stays. */

const EVERY_MS = 10_000;

const place = document.getElementById("figures");

async function look() {
  if (document.hidden) return;
  let answer;
  try {
    answer = await fetch(place.dataset.from, { headers: { Accept: "text/html", "HX-Request-Type": "partial" }, cache: "no-store" });
  } catch {
    return;
  }
  if (!answer.ok || answer.redirected) return;
  const said = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const figures of said.querySelectorAll("[data-figures]")) {
    document.getElementById(`figures-${figures.dataset.figures}`)?.replaceChildren(...figures.childNodes);
  }
  place.replaceChildren(...said.querySelectorAll("[data-as-of]"));
}

if (place) {
  look();
  setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
}
