"""The oracle: what tablets said was saved, compared with the tables and with what tablets hold. Not our code's path."""

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.journal import broken_link
from tests.simulation.acts import shows
from tests.simulation.binder import fingerprint, place_of
from tests.simulation.ledger import Rows, sheets_now
from tests.simulation.office import Practice
from tests.simulation.world import World

if TYPE_CHECKING:
    from tests.simulation.tablet import Tablet

STEPS = {
    "checkin.record_arrival": "arrived",
    "checkin.record_walk_in": "arrived",
    "checkin.register_walk_in": "arrived",
    "checkin.check_identity": "identified",
    "checkin.check_in": "checked_in",
}
WALK_INS = ("checkin.record_walk_in", "checkin.register_walk_in")
DONE = ("applied", "flagged")
LOOKED_AT = 0.05


class Oracle:
    """Watches one history and speaks at its end."""

    def __init__(self, world: World, practice: Practice) -> None:
        self.world, self.practice = world, practice
        self.said: dict[str, dict[str, Any]] = {}
        self.snapshots: dict[str, dict[str, Rows]] = {}

    # While it happens.

    def saved(self, tablet: "Tablet", entry: dict[str, Any]) -> None:
        """The screen says Saved, so it is shown there and then (I9)."""
        self.said[entry["command_id"]] = entry
        self.looked(tablet)

    def looked(self, tablet: "Tablet") -> None:
        """Somebody looks at the screen: all that waits is on it (I9)."""
        view = tablet.view()
        taken_back = self._being_undone(tablet)
        for entry in (entry.command for entry in tablet.store.pending() if not entry.again):
            visit_id = entry["fields"].get("visit_id")
            if entry["command_id"] in taken_back or visit_id in taken_back:
                continue
            if visit_id is not None and entry["command"] not in WALK_INS and view.get("visit", visit_id) is None:
                continue
            if not shows(view, entry):
                self.world.violated("I9", f"{tablet.name} does not show {entry['command']} that waits")

    def received(self, tablet: "Tablet", receipts: list[list[Any]]) -> None:
        """Rows and receipts are in: what was decided is still to be seen, unless somebody took it back (I9)."""
        self.looked(tablet)
        view = tablet.view() if receipts else None
        taken_back = self._being_undone(tablet)
        for _, id, _, body in receipts:
            entry = self.said.get(id)
            if body is None or entry is None or body["outcome"] in ("held", "refused") or shows(view, entry):  # type: ignore[arg-type]
                continue
            if entry["fields"].get("visit_id") in taken_back or self._taken_back(id):
                continue
            if self._holds_its_sheet(tablet, entry):
                self.world.violated(
                    "I9", f"{tablet.name} lost sight of {entry['command']} when it was {body['outcome']}"
                )

    def _being_undone(self, tablet: "Tablet") -> set[str]:
        """What this tablet is about to undo: the commands, their undos, and the visits that they were about."""
        found: set[str] = set()
        for entry in tablet.store.pending():
            target = entry.command["fields"].get("command_id")
            if target is not None and target in self.said:
                also = (
                    {entry.command["command_id"]} & tablet.store.outbox.keys()
                    if target in tablet.store.outbox
                    else set()
                )
                found |= {target, str(self.said[target]["fields"].get("visit_id")), *also}
        return found

    def _taken_back(self, id: str) -> bool:
        with self.practice.database.read() as session:
            query = "SELECT undone_by FROM visit_event WHERE command_id = :id"
            return session.execute(text(query), {"id": id}).scalar() is not None

    def _holds_its_sheet(self, tablet: "Tablet", entry: dict[str, Any]) -> bool:
        with self.practice.database.read() as session:
            query = text("SELECT day FROM visit WHERE id = :id")
            day = session.execute(query, {"id": entry["fields"].get("visit_id")}).scalar()
        sheet = tablet.store.sheets.get(f"visits/main/{day}")
        return sheet is not None and sheet.complete

    def moved(self, tablet: "Tablet", name: str, before: str, page: dict[str, Any]) -> None:
        """A cursor moves forward only, unless the sheet is sent afresh (I7)."""
        if before and not page.get("fresh"):
            (old_epoch, old), (epoch, new) = place_of(before), place_of(page["cursor"])
            if epoch != old_epoch or new < old:
                self.world.violated("I7", f"{tablet.name}: the cursor of {name.partition('/')[0]} went back")

    def mismatched(self, tablet: "Tablet", names: list[str]) -> None:
        """Nothing here damages a binder, so a digest that differs means that a change was missed (I7)."""
        self.world.violated("I7", f"{tablet.name} missed something of {', '.join(n.partition('/')[0] for n in names)}")

    def answered(self, request: dict[str, Any], status: int, answer: dict[str, Any]) -> None:
        """Now and then: what the whole of the device's sheets is at the moment of this answer."""
        if status == 200 and not answer["more"] and self.world.draw.random() < LOOKED_AT:
            names = [name for name in [*request["sheets"], *answer["sheets"]] if name not in answer["drop"]]
            with self.practice.database.read() as session:
                self.snapshots[answer["request_id"]] = sheets_now(session, self.practice, set(names))

    def applied(self, tablet: "Tablet", request: dict[str, Any], answer: dict[str, Any]) -> None:
        """A drained answer leaves the device with exactly what the office had (I7)."""
        for name, rows in self.snapshots.pop(request["request_id"], {}).items():
            self._compare("I7", tablet, name, rows)

    def _compare(self, invariant: str, tablet: "Tablet", name: str, rows: Rows) -> None:
        sheet = tablet.store.sheets.get(name)
        held = {(k, id): row["version"] for k, of in (sheet.rows if sheet else {}).items() for id, row in of.items()}
        if held != {key: version for key, (version, _) in rows.items()}:
            self.world.violated(
                invariant, f"{tablet.name} holds other rows of {name.partition('/')[0]} than the office"
            )
            return
        for (kind, id), (_, body) in rows.items():
            row = dict(sheet.rows[kind][id]) if sheet else {}
            if {**row, **body} != row:
                self.world.violated(invariant, f"{tablet.name}: a {kind} differs from the office's")

    # When all is quiet.

    def judge(self, tablets: list["Tablet"]) -> None:
        """Everything is delivered; every promise is looked at."""
        with self.practice.database.read() as session:
            entries = journal_of(session)
            self._judge_journal(session, entries)
            self._judge_effects(session, entries)
            self._judge_cases(session, entries)
            for tablet in tablets:
                store = tablet.store
                if store.outbox:
                    self.world.violated(
                        "I3", f"{tablet.name}: {len(store.outbox)} in the outbox after all was delivered"
                    )
                for id, entry in store.decided.items():
                    if id not in entries or (entry.outcome or {}).get("outcome") != entries[id]["outcome"]:
                        self.world.violated("I3", f"{tablet.name} was told another outcome than the journal's")
                for name, rows in sheets_now(session, self.practice, set(store.sheets)).items():
                    self._compare("I3", tablet, name, rows)
            self._judge_heads(session)

    def _judge_journal(self, session: Session, entries: dict[str, dict[str, Any]]) -> None:
        if broken_link(session) is not None:
            self.world.violated("I4", "the chain of the journal does not hold")
        for id, said in self.said.items():
            if id not in entries:
                self.world.violated("I1", f"{said['command']} was saved and is not in the journal")
            elif entries[id]["payload"]["fields"] != said["fields"]:
                self.world.violated("I1", f"{said['command']} is not in the journal as it was saved")
        from_devices = {id for id, entry in entries.items() if entry["device_id"] and not entry["caused_by"]}
        if from_devices - self.said.keys():
            self.world.violated("I2", "the journal has commands that nobody gave")

    def _judge_effects(self, session: Session, entries: dict[str, dict[str, Any]]) -> None:
        happened: dict[str, tuple[str, str]] = {}
        visits = {row.id: row.status for row in session.execute(text("SELECT id, status FROM visit"))}
        expected = {row.id: row.booked_status for row in session.execute(text("SELECT id, booked_status FROM visit"))}
        known = {row.command_id for row in session.execute(text("SELECT command_id FROM visit_event"))}
        for id, entry in entries.items():
            fields = entry["payload"]["fields"]
            if entry["command"] in STEPS and entry["outcome"] in DONE:
                happened[id] = fields["visit_id"], STEPS[entry["command"]]
            if entry["command"] == "undo" and entry["outcome"] == "applied":
                happened[fields["command_id"]] = fields["command_id"], ""
        if known != happened.keys():
            self.world.violated("I2", f"{len(known ^ happened.keys())} effects are missing or too many")
        for rank in ("arrived", "checked_in"):
            expected |= {visit: rank for visit, what in happened.values() if what == rank}
        if visits != expected:
            self.world.violated("I2", "visits stand elsewhere than what happened to them")
        made = {
            e["payload"]["fields"]["visit_id"]
            for e in entries.values()
            if e["command"] in STEPS and e["outcome"] in DONE
        }
        booked = {
            e["payload"]["fields"]["visit_id"] for e in entries.values() if e["command"] == "scheduling.book_visit"
        }
        if visits.keys() != made | booked:
            self.world.violated("I2", "there are visits that nobody made, or some are missing")
        named = {
            e["payload"]["fields"]["patient_id"]
            for e in entries.values()
            if "patient_id" in e["payload"]["fields"] and e["outcome"] in DONE
        }
        if {row.id for row in session.execute(text("SELECT id FROM patient"))} != named:
            self.world.violated("I2", "there are patients that nobody registered, or some are missing")

    def _judge_cases(self, session: Session, entries: dict[str, dict[str, Any]]) -> None:
        needing = {id for id, entry in entries.items() if entry["outcome"] in ("flagged", "held", "refused")}
        # What was tried again and failed again is still the first entry's case.
        needing -= {id for id, entry in entries.items() if entry["caused_by"] and entry["code"] == "our_fault"}
        closings = [entry for entry in entries.values() if entry["command"] == "sync.close_case"]
        closed = {entry["payload"]["fields"]["case_id"] for entry in closings if entry["outcome"] == "applied"}
        query = text("SELECT command_id FROM open_case WHERE closed_at IS NULL")
        if {row.command_id for row in session.execute(query)} != needing - closed:
            self.world.violated("I5", "what needs a person is not what is open")
        for id in needing - closed:
            shown = text("SELECT count(*) FROM sheet_row WHERE kind = 'case' AND id = :id AND sheet = :s AND present")
            for sheet in (f"attention/{entries[id]['actor_id']}", "attention/main"):
                if session.execute(shown, {"id": id, "s": sheet}).scalar() != 1:
                    self.world.violated("I5", f"an open case is not in {sheet.partition('/')[0]}")

    def _judge_heads(self, session: Session) -> None:
        """Count and digest of every sheet are those of the rows that stand in it."""
        heads = {head.sheet: (head.count, head.digest) for head in session.execute(text("SELECT * FROM sheet_head"))}
        sums: dict[str, tuple[int, int]] = dict.fromkeys(heads, (0, 0))
        for row in session.execute(text("SELECT sheet, kind, id, version FROM sheet_row WHERE present")):
            count, digest = sums.get(row.sheet, (0, 0))
            sums[row.sheet] = count + 1, (digest + fingerprint(row.kind, row.id, row.version)) % 2**128
        if heads != {sheet: (count, f"{digest:032x}") for sheet, (count, digest) in sums.items()}:
            self.world.violated("I7", "a sheet's count or digest is not that of its rows")


def journal_of(session: Session) -> dict[str, dict[str, Any]]:
    """Every entry by its command's id, in order."""
    entries: dict[str, dict[str, Any]] = {}
    for row in session.execute(text("SELECT * FROM journal ORDER BY seq")):
        entries[row.command_id] = {**row._mapping, "payload": msgspec.json.decode(row.payload)}
    return entries
