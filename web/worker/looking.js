/** Whose record a page shows: what the access log is told. */

/** The patient's id where the page declares its subject, as `visit.patient_id` of one of its lists; else null. */
export function patientOn(page, params, seen) {
  if (!page.subject) return null;
  const [list, field] = page.subject.split(".");
  const kind = page.lists[list]?.one;
  const row = kind ? seen.get(kind, params[`${kind}_id`]) : null;
  return typeof row?.[field] === "string" ? row[field] : null;
}
