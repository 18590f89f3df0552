/** Whether a person has typed or chosen something here that a reload or a repaint would lose. */

export function typedIn(root) {
  const fields = [...root.querySelectorAll("form[method=post] :is(input, textarea, select)")];
  if (root.matches?.("input, textarea, select")) fields.push(root);
  return fields.some(differs);
}

function differs(field) {
  if (field.matches("[type=hidden], [type=search], [type=submit], [type=button]")) return false;
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (field instanceof HTMLSelectElement) return differsInChoice(field);
  return field.value !== field.defaultValue;
}

/** A list where nothing was marked as chosen shows its first choice by itself; that is not somebody's choice. */
function differsInChoice(field) {
  const marked = [...field.options].findIndex((option) => option.defaultSelected);
  return !field.multiple && field.selectedIndex !== Math.max(marked, 0);
}
