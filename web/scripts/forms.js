/** A form is sent once at a time, and what was typed stays when it could not be sent. */

const SAY = {
  en: "This could not be saved. Nothing you typed is lost: try again.",
  es: "No se pudo guardar. No se perdió nada de lo que escribió: inténtelo de nuevo.",
};
const GIVEN_UP_MS = 10_000;

const sending = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (sending.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  sending.add(form);
  setTimeout(() => sending.delete(form), GIVEN_UP_MS);
}, true);
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) for (const form of document.forms) sending.delete(form);
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.request.method === "POST" && ctx.sourceEvent?.type !== "repaint") complain("");
});
document.addEventListener("htmx:finally:request", ({ detail }) => {
  sending.delete(detail.ctx.sourceElement);
  sending.delete(detail.ctx.request.form);
  const form = detail.ctx.sourceElement;
  // A morph leaves what was typed where it stands, and the next entry begins with nothing.
  if (detail.ctx.response?.status === 200 && form.matches?.("form[data-empties]")) form.reset();
});
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx.response.status >= 500 && ctx.request.method === "POST") complain(ctx.response.headers.has("X-Daysheet-Complaint") ? ctx.text : null);
});
document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx?.request?.method === "POST" && !ctx.response) complain(null);
});

/** HTML from this device's worker, or null for our own words. */
function complain(html) {
  const place = document.getElementById("complaint");
  if (!place) return;
  if (html === null) {
    const notice = document.createElement("p");
    notice.className = "notice";
    notice.dataset.tone = "bad";
    notice.textContent = SAY[document.documentElement.lang] ?? SAY.en;
    place.replaceChildren(notice);
    place.scrollIntoView({ block: "nearest" });
  } else if (html !== "") {
    place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    place.scrollIntoView({ block: "nearest" });
  } else if (place.childElementCount) place.replaceChildren();
}
