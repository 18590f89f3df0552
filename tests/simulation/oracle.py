"""The oracle: what tablets said was saved, and what they show and hold, compared as it happens. Not our code's path.

Every complaint begins with the number of the promise in `sync.md` that is broken.
"""

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from backend.painting import Painted
from tests.simulation.binder import place_of
from tests.simulation.desk import STEPS, WALK_INS
from tests.simulation.desk import shows as shows_desk
from tests.simulation.ledger import Rows, sheets_now
from tests.simulation.office import Practice
from tests.simulation.scope import may_hold
from tests.simulation.stocktaking import moved_by
from tests.simulation.world import World

if TYPE_CHECKING:
    from tests.simulation.tablet import Tablet

LOOKED_AT = 0.04
LINES = ("count_line", "tally", "stray")
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


class Told(NamedTuple):
    """An answer of the office and how it stood then. A request that arrived twice has two, of different moments."""

    answer: dict[str, Any]
    actor: str
    roles: set[str]
    sheets: dict[str, Rows]


class Oracle:
    """Watches one history; `judging.py` speaks at its end."""

    def __init__(self, world: World, practice: Practice) -> None:
        self.world, self.practice = world, practice
        self.said: dict[str, dict[str, Any]] = {}
        # What somebody had before their eyes when they decided about it.
        self.shown: dict[str, dict[str, Any]] = {}
        # What was on a profile that is gone: unsent, and decided (which only the office still has).
        self.unsent_gone: set[str] = set()
        self.decided_gone: set[str] = set()
        self.forged: set[str] = set()
        self._told: dict[str, list[Told]] = {}

    # What people see.

    def saved(self, tablet: "Tablet", entry: dict[str, Any]) -> None:
        """The screen says Saved: it is kept (I16), and shown there and then (I9)."""
        id = entry["command_id"]
        self.said[id] = entry
        if not tablet.store.has(id):
            self.world.violated("I16", f"{tablet.name} said Saved of {entry['command']}, and does not have it")
            return
        view = tablet.view()
        if entry["command"] == "approvals.approve" and (row := view.get("approval", entry["fields"]["approval_id"])):
            self.shown[id] = dict(row)
        if id in tablet.store.outbox and not self._shows(tablet, view, entry):
            self.world.violated("I9", f"{tablet.name} does not show {entry['command']} that was just saved")
        self.looked(tablet)

    def _shows(self, tablet: "Tablet", view: Painted, entry: dict[str, Any]) -> bool:
        command, fields, id = entry["command"], entry["fields"], entry["command_id"]
        if command == "inventory.record_item":
            item = view.get("item", fields["item_id"])
            return item is not None and all(item[name] == fields[name] for name in ("name", "cost_cents", "abc"))
        if command == "inventory.set_par":
            kept = view.get("belonging", f"{fields['place_id']}/{fields['item_id']}")
            return kept is not None and (kept["least"], kept["most"]) == (fields["least"], fields["most"])
        if command == "approvals.approve":
            row = view.get("approval", fields["approval_id"])
            return row is None or row["state"] != "asked" or entry["actor"] in row["said_yes"]
        if command.startswith("counts.record_"):
            return any(row.get("last_command_id") == id for kind in LINES for row in view.rows(kind))
        if command == "undo":
            lines = (row for kind in LINES for row in view.rows(kind))
            return all(row.get("last_command_id") != fields["command_id"] for row in lines)
        if command == "counts.ask":
            return view.get("count", fields["count_id"]) is not None
        if command in ("devices.retire", "devices.mark_lost"):
            device = view.get("device", fields["device_id"])
            return device is None or device["state"] != "enrolled"
        return True

    def looked(self, tablet: "Tablet") -> None:
        """Somebody looks at the screen: all that waits is on it (I9)."""
        view = tablet.view()
        waiting = [entry.command for entry in tablet.store.pending() if not entry.again]
        taken_back = self._being_undone(tablet)
        for entry in waiting:
            visit_id = entry["fields"].get("visit_id")
            if not is_of_desk(entry) or entry["command_id"] in taken_back or visit_id in taken_back:
                continue
            if visit_id is not None and entry["command"] not in WALK_INS and view.get("visit", visit_id) is None:
                continue
            if not shows_desk(view, entry):
                self.world.violated("I9", f"{tablet.name} does not show {entry['command']} that waits")
        self._count_shelves(tablet, view, [one for one in waiting if one["command_id"] not in taken_back])

    def _count_shelves(self, tablet: "Tablet", view: Painted, waiting: list[dict[str, Any]]) -> None:
        """What a shelf is shown to hold is what the office said, and all that waits (I9)."""
        sums: dict[str, int] = {}
        for entry in waiting:
            if entry["fields"].get("unit") is None:
                for (item, place, lot), quantity in moved_by(entry).items():
                    key = f"{item}/{place}/{lot}"
                    sums[key] = sums.get(key, 0) + quantity
        for key, quantity in sums.items():
            beneath, row = tablet.store.get("stock", key, ["*"]), view.get("stock", key)
            if beneath is not None and row is not None and row["on_hand"] != beneath["on_hand"] + quantity:
                self.world.violated("I9", f"{tablet.name} shows another number on a shelf than what was entered there")

    def received(self, tablet: "Tablet", receipts: list[list[Any]]) -> None:
        """Rows and receipts are in: what was decided is still to be seen, unless somebody took it back (I9)."""
        self.looked(tablet)
        view = tablet.view() if receipts else None
        taken_back = self._being_undone(tablet)
        for _, id, _, body in receipts:
            entry = self.said.get(id)
            if body is None or entry is None or not is_of_desk(entry) or body["outcome"] in ("held", "refused"):
                continue
            visit_id = entry["fields"].get("visit_id")
            if visit_id is None or shows_desk(view, entry) or visit_id in taken_back:  # type: ignore[arg-type]
                continue
            undone = self.practice.rows("SELECT undone_by FROM visit_event WHERE command_id = ?", id)
            if any(row["undone_by"] for row in undone) or not self._holds_its_sheet(tablet, visit_id):
                continue
            self.world.violated("I9", f"{tablet.name} lost sight of {entry['command']} when it was {body['outcome']}")

    def _being_undone(self, tablet: "Tablet") -> set[str]:
        """What this tablet is about to undo: the commands, their undos, and the visits that they were about."""
        found: set[str] = set()
        for entry in tablet.store.pending():
            target = entry.command["fields"].get("command_id")
            if target is not None and target in self.said:
                found |= {target, str(self.said[target]["fields"].get("visit_id"))}
        return found

    def _holds_its_sheet(self, tablet: "Tablet", visit_id: str) -> bool:
        day = next((row["day"] for row in self.practice.rows("SELECT day FROM visit WHERE id = ?", visit_id)), None)
        sheet = tablet.store.sheets.get(f"visits/main/{day}")
        return sheet is not None and sheet.complete

    def gone(self, tablet: "Tablet", kept: set[str]) -> None:
        """A profile is lost, or put back as it was when it kept these."""
        self.unsent_gone |= tablet.store.outbox.keys() - kept
        self.decided_gone |= tablet.store.decided.keys() - kept

    def wiped(self, tablet: "Tablet") -> None:
        """A device wipes itself, as the office asked: only when all of it is in the journal (I1)."""
        known = {row["command_id"] for row in self.practice.rows("SELECT command_id FROM journal")}
        if left := tablet.store.outbox.keys() - known:
            self.world.violated("I1", f"{tablet.name} wiped itself with {len(left)} entries that nobody else has")
        self.decided_gone |= tablet.store.decided.keys() | tablet.store.outbox.keys()

    # What goes over the wire.

    def arriving(self, request: dict[str, Any]) -> str:
        """How the device stands when its request arrives."""
        found = self.practice.rows("SELECT state FROM device WHERE id = ?", request["device_id"])
        return str(found[0]["state"]) if found else ""

    def answered(self, request: dict[str, Any], state: str, status: int, answer: dict[str, Any]) -> None:
        """A revoked device is sent nothing (I15). Now and then: all that the device's sheets hold at this moment."""
        if state != "enrolled" and "sheets" in answer:
            self.world.violated("I15", f"a device that is {state} was sent rows")
        actor = request.get("actor")
        if status != 200 or actor is None:
            return
        found = self.practice.rows("SELECT roles FROM staff_member WHERE id = ? AND active", actor)
        roles = {role for row in found for role in row["roles"].split()}
        sheets: dict[str, Rows] = {}
        if not answer["more"] and self.world.stream("oracle").random() < LOOKED_AT:
            names = [name for name in [*request["sheets"], *answer["sheets"]] if name not in answer["drop"]]
            sheets = sheets_now(self.practice, set(names))
        self._told.setdefault(answer["request_id"], []).append(Told(answer, actor, roles, sheets))

    def moved(self, tablet: "Tablet", name: str, before: str, page: dict[str, Any]) -> None:
        """A cursor moves forward only, unless the sheet is sent afresh (I7)."""
        if before and not page.get("fresh"):
            (old_epoch, old), (epoch, new) = place_of(before), place_of(page["cursor"])
            if epoch != old_epoch or new < old:
                self.world.violated("I7", f"{tablet.name}: the cursor of {name.partition('/')[0]} went back")

    def mismatched(self, tablet: "Tablet", names: list[str]) -> None:
        """Nothing here damages a binder, so a digest that differs means that a change was missed (I7)."""
        self.world.violated("I7", f"{tablet.name} missed something of {', '.join(n.partition('/')[0] for n in names)}")

    def applied(self, tablet: "Tablet", request: dict[str, Any], answer: dict[str, Any]) -> None:
        """A drained answer leaves the device with exactly what the office had (I7), and nothing else (I8)."""
        told = next((one for one in self._told.pop(request["request_id"], []) if one.answer == answer), None)
        if told is None:
            self.world.violated("I7", f"{tablet.name} applied what the office did not answer to this request")
            return
        for name, rows in told.sheets.items():
            self.compare("I7", tablet, name, rows)
        for name in [] if answer["more"] else tablet.store.sheets:
            if not may_hold(name, tablet.purpose, told.actor, told.roles, request["replica_id"]):
                self.world.violated("I8", f"{tablet.name} still holds {IDS.sub('…', name)}, which is not its any more")

    def compare(self, invariant: str, tablet: "Tablet", name: str, rows: Rows) -> None:
        """Whether a sheet on a device is what the office has of it."""
        sheet = tablet.store.sheets.get(name)
        held = {(k, id): row["version"] for k, of in (sheet.rows if sheet else {}).items() for id, row in of.items()}
        if held != {key: version for key, (version, _) in rows.items()}:
            stem = name.partition("/")[0]
            self.world.violated(invariant, f"{tablet.name} holds other rows of {stem} than the office")
            return
        for (kind, id), (_, body) in rows.items():
            row = dict(sheet.rows[kind][id]) if sheet else {}
            if {**row, **body} != row:
                names = sorted(field for field, value in body.items() if row.get(field) != value)
                self.world.violated(invariant, f"{tablet.name}: a {kind} differs from the office's in {names}")


def is_of_desk(entry: dict[str, Any]) -> bool:
    """Whether `desk.shows` knows how it looks; what a later version does, no screen shows."""
    return entry["command"] in ("undo", "sync.close_case", *STEPS) and entry["v"] == 1
