/** Who may see what where: the office's own table, read the same way as the office reads it. */

/** Whether the device's purpose and the person's roles allow the page and every sheet that it is made of. */
export function mayOpen(manifest, page, purpose, actor) {
  return holdsOne(actor, page.roles) && hasAll(page, sheetsAllowed(manifest, purpose, actor));
}

function sheetsAllowed({ purposes, sheet_roles: rolesOf }, purpose, actor) {
  const { sheets = [], roles = [] } = purposes[purpose] ?? {};
  return sheets.filter((name) => holdsOne(actor, rolesOf[name] ?? roles));
}

/** Whether the page opens to anybody who says that it is an emergency, as far as the purpose has its sheets at all. */
export function mayOpenInEmergency({ purposes, reviewed }, page, purpose) {
  if (!page.emergency || !purposes[purpose]) return false;
  return hasAll(page, purposes[purpose].sheets.filter((name) => !reviewed.includes(name)));
}

/** Whether this person said so, less than the office's time ago. */
export function isEmergency({ emergency_minutes: minutes }, rows, actor, now) {
  const over = new Date(now.getTime() - minutes * 60_000).toISOString();
  return rows.some(({ actor_id: who, since }) => who === actor.id && since > over);
}

/** Whether every sheet of the page is among these; what a device says of itself is everybody's. */
function hasAll(page, sheets) {
  const allowed = new Set(["device", "receipts", ...sheets.map(stem)]);
  return page.sheets.every((sheet) => allowed.has(stem(sheet)));
}

const holdsOne = (actor, roles) => roles.some((role) => actor.roles.includes(role));

/** `visits` of `visits/{site}/{day}`; an attention sheet is told apart by whose it is. */
function stem(sheet) {
  const first = sheet.split("/", 1)[0];
  return first === "attention" ? sheet : first;
}
