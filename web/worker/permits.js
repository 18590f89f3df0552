/** Who may see what where: the office's own table, read the same way as the office reads it. */

/** Whether the device's purpose and the person's roles allow the page and every sheet that it is made of. */
export function mayOpen({ purposes, reviewers }, page, purpose, actor) {
  const allowed = new Set(["device", "receipts", ...sheetsAllowed(purposes, reviewers, purpose, actor).map(stem)]);
  return holdsOne(actor, page.roles) && page.sheets.every((sheet) => allowed.has(stem(sheet)));
}

function sheetsAllowed(purposes, { sheets: reviewed, roles }, purpose, actor) {
  const known = purposes[purpose];
  if (!known || !holdsOne(actor, known.roles)) return [];
  return known.sheets.filter((name) => !reviewed.includes(name) || holdsOne(actor, roles));
}

const holdsOne = (actor, roles) => roles.some((role) => actor.roles.includes(role));

/** `visits` of `visits/{site}/{day}`; an attention sheet is told apart by whose it is. */
function stem(sheet) {
  const first = sheet.split("/", 1)[0];
  return first === "attention" ? sheet : first;
}
