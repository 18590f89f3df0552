/** Of the lots that a form offers, only those in the place that is chosen in it. Without this, all with their places. */

document.addEventListener("focusin", ({ target }) => {
  const list = target.list;
  if (list?.dataset.lots === undefined) return;
  const place = document.getElementById(list.dataset.lots)?.value;
  for (const option of list.options) option.disabled = option.dataset.place !== place;
});
