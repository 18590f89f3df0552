/** Marks the rows that were changed here and are not sent yet. */

let unsent = new Set();

navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data.type !== "status") return;
  unsent = new Set(data.unsent);
  mark();
});
document.addEventListener("htmx:after:swap", mark);

function mark() {
  for (const row of document.querySelectorAll("[data-row]")) row.toggleAttribute("data-unsent", unsent.has(row.dataset.row));
}
