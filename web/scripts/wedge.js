/** Recognises a scanner that types: a burst of keys no hand can make. What it typed goes to the scan form. */

import { give, isWaitedFor } from "./scanned.js";

const FASTER_THAN_HANDS_MS = 35;
const SHORTEST = 6;
// From here on it is no hand, so the keys must not press buttons or choose from lists.
const SURELY = 3;
const GS = "\x1d";
const ENDS = new Set(["Enter", "Tab"]);
const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "CapsLock"]);
const TEXTUAL = "textarea, input:not([type=checkbox], [type=radio], [type=submit], [type=button])";

let burst = null;

addEventListener("keydown", heard, true);

function heard(event) {
  // A key held down repeats as fast as a scanner types.
  if (event.isComposing || event.repeat) return void (burst = null);
  const quick = burst !== null && event.timeStamp - burst.at < FASTER_THAN_HANDS_MS;
  if (quick) burst.at = event.timeStamp;
  if (MODIFIERS.has(event.key)) return;
  if (ENDS.has(event.key)) return end(event, quick);
  const typed = character(event);
  if (typed === null) return void (burst = null);
  if (!quick) burst = { text: "", at: event.timeStamp, before: stateOf(document.activeElement) };
  burst.text += typed;
  if (!isWaitedFor()) return;
  // Ctrl+] is how keyboards send the separator of GS1, and no text.
  if (typed === GS || (burst.text.length >= SURELY && !event.target.matches?.(TEXTUAL))) event.preventDefault();
}

function end(event, quick) {
  const { text, before } = burst ?? {};
  burst = null;
  if (!quick || text.length < SHORTEST || !isWaitedFor()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  putBack(before);
  give(text);
}

function character({ key, code, ctrlKey, altKey, metaKey }) {
  if (ctrlKey && !altKey && (key === "]" || code === "BracketRight")) return GS;
  // Both together are AltGr, by which some keyboards write.
  return key.length === 1 && ctrlKey === altKey && !metaKey ? key : null;
}

/** What the field that has the focus held before the first key of a burst. */
function stateOf(field) {
  if (field instanceof HTMLSelectElement) return { field, chosen: field.selectedIndex };
  if (!field?.matches(TEXTUAL)) return null;
  // Fields for numbers and dates have no selection to ask for.
  return { field, value: field.value, start: field.selectionStart, end: field.selectionEnd };
}

function putBack(before) {
  if (!before?.field.isConnected) return;
  const { field, chosen, value, start, end } = before;
  if (chosen !== undefined) {
    if (field.selectedIndex === chosen) return;
    field.selectedIndex = chosen;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (field.value !== value) {
    field.value = value;
    if (start !== null) field.setSelectionRange(start, end);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
