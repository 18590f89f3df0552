// What people do at the desk and at the shelves, chosen from what their tablet shows, and how the screen shows it then.

const BOARD = ["visits/*"];
const RANK = ["arrived", "checked_in"];
const NAMES = [["Noor", "Rahimi"], ["Ona", "Castellanos"], ["Pia", "O’Hara"], ["Quentin", "Novak"]];
const BIRTHS = ["1957-04-12", "2001-01-31", "1950-04-12", "1999-12-31"];
const STEPS = { arrive: "checkin.record_arrival", check_in: "checkin.check_in" };
const OFTEN = { step: 34, odd: 6, undo: 12, walkIn: 8, register: 6, close: 8, take: 16, put: 5, carry: 5 };
const WEIGHED = Object.entries(OFTEN).flatMap(([what, times]) => Array(times).fill(what));

/** `{command, fields, new}`, or null when there is nothing of the kind to be done. */
export function choose(chance, view, newId) {
  const what = chance.pick(WEIGHED);
  const visits = sorted(view.rows("visit", BOARD)).filter(({ status }) => status !== "in_error");
  const stock = sorted(view.rows("stock", ["stock/*"]));
  const of = (list) => (list.length ? chance.pick(list) : null);
  if (what === "step" || what === "odd") {
    const visit = of(visits);
    return visit && step(what === "step" ? visit.next_action : chance.pick(["arrive", "identify", "check_in"]), visit.id);
  }
  if (what === "undo") {
    const visit = of(visits.filter((row) => row.can_undo && row.last_command_id));
    return visit && { command: "undo", fields: { command_id: visit.last_command_id } };
  }
  if (what === "walkIn") {
    const patient = of(sorted(view.rows("patient", ["patients/*"])));
    return patient && made("checkin.record_walk_in", { visit_id: newId(), patient_id: patient.id, type: "Office visit", provider_id: null, reason: null });
  }
  if (what === "register") {
    const [given, family] = chance.pick(NAMES);
    const person = { family, given, birth_date: chance.pick(BIRTHS), sex: "unknown", type: "Office visit", phone: null, provider_id: null, reason: "Cough" };
    return made("checkin.register_walk_in", { visit_id: newId(), patient_id: newId(), ...person });
  }
  if (what === "close") {
    const found = of(sorted(view.rows("case", ["attention/*"])).filter(({ open }) => open));
    return found && { command: "sync.close_case", fields: { case_id: found.id, reason: "Looked at it" } };
  }
  return of(stock) && move(what, chance, of(stock), stock);
}

function move(what, chance, here, stock) {
  const known = { item_id: here.item_id, place_id: here.place_id, quantity: 1 + Math.floor(chance.draw() * 9), unit: null, lot: here.lot || null };
  if (what === "take") return { command: "inventory.use_stock", fields: { ...known, visit_id: null } };
  if (what === "put") return { command: "inventory.receive_stock", fields: { ...known, expires: null } };
  const others = stock.filter(({ place_id: id, item_id: item }) => id !== here.place_id && item === here.item_id);
  return others.length ? { command: "inventory.transfer_stock", fields: { ...known, to_place_id: chance.pick(others).place_id } } : null;
}

function step(action, visitId) {
  if (action === "identify") return { command: "checkin.check_identity", fields: { visit_id: visitId, identifiers: ["name", "birth_date"] } };
  return STEPS[action] ? { command: STEPS[action], fields: { visit_id: visitId } } : null;
}

const made = (command, fields) => ({ command, fields, new: { visit: fields.visit_id, patient: fields.patient_id } });

const sorted = (rows) => [...rows].sort((one, other) => (one.id < other.id ? -1 : 1));

/** How much of it the screen says is there. */
export function onHand(view, { item_id: item, place_id: place, lot }) {
  return view.get("stock", `${item}/${place}/${lot ?? ""}`)?.on_hand ?? null;
}

/** Whether a screen shows what this command did (I9); what moves stock is compared with what was there before. */
export function shows(view, { command, fields, before }) {
  if (command === "undo") return view.rows("visit").every((row) => row.last_command_id !== fields.command_id);
  if (["sync.close_case", "sync.choose"].includes(command)) return !view.get("case", fields.case_id)?.open;
  if (command.startsWith("inventory.")) {
    if (before === undefined || before === null) return true;
    return onHand(view, fields) === before + (command === "inventory.receive_stock" ? fields.quantity : -fields.quantity);
  }
  const visit = view.get("visit", fields.visit_id);
  if (!visit) return false;
  if (command === "scheduling.cancel_visit") return visit.status.startsWith("cancelled_") || RANK.includes(visit.status);
  if (command === "scheduling.give_slot") return view.get("visit", fields.slot_of).slot_given;
  if (command === "checkin.check_identity") return visit.identity_at !== null;
  if (command === "checkin.register_walk_in" && !view.get("patient", fields.patient_id)) return false;
  const least = command === "checkin.check_in" ? 1 : 0;
  return RANK.indexOf(visit.status) >= least;
}
