"""Judging: when all is delivered, every promise is looked at, from the tables alone."""

from typing import TYPE_CHECKING, Any

import msgspec

from backend.journal import broken_link
from tests.simulation.binder import fingerprint
from tests.simulation.desk import STEPS
from tests.simulation.ledger import sheets_now
from tests.simulation.oracle import Oracle
from tests.simulation.stocktaking import DONE, judge_decisions, judge_stock

if TYPE_CHECKING:
    from tests.simulation.tablet import Tablet

Entries = dict[str, dict[str, Any]]
SEEN = ("counts.record_scan", "counts.record_amount", "counts.record_none", "counts.record_unknown")
# Requests of the simulator; all else that its people do are facts, which nothing may stand in the way of.
REQUESTS = ("undo", "sync.", "approvals.", "devices.", "counts.ask", "counts.close", "inventory.record_item",
            "inventory.set_par", "inventory.ask_to_write_off", "staff.", "scheduling.")  # fmt: skip


def judge(oracle: Oracle, tablets: list["Tablet"]) -> None:
    """Everything is delivered; every promise is looked at."""
    world, practice = oracle.world, oracle.practice
    entries = journal_of(oracle)
    judge_journal(oracle, entries)
    judge_visits(oracle, entries)
    judge_observations(oracle, entries)
    judge_stock(practice, world, entries)
    judge_decisions(practice, world, entries, oracle.shown)
    judge_cases(oracle, entries)
    sheets = sheets_now(practice, {name for tablet in tablets for name in tablet.store.sheets})
    for tablet in tablets:
        store = tablet.store
        if store.outbox:
            world.violated("I3", f"{tablet.name}: {len(store.outbox)} in the outbox after all was delivered")
        for id, entry in store.decided.items():
            if id not in entries or (entry.outcome or {}).get("outcome") != entries[id]["outcome"]:
                world.violated("I3", f"{tablet.name} was told another outcome than the journal's")
        for name in store.sheets:
            oracle.compare("I3", tablet, name, sheets[name])
    judge_heads(oracle)


def journal_of(oracle: Oracle) -> Entries:
    """Every entry by its command's id, in order, with what its author said."""
    entries: Entries = {}
    for row in oracle.practice.rows("SELECT * FROM journal ORDER BY seq"):
        said = msgspec.json.decode(row["payload"])
        entries[row["command_id"]] = {**row, "fields": said["fields"], "was": said["was"]}
    return entries


def judge_journal(oracle: Oracle, entries: Entries) -> None:
    """All that was saved is there once, as it was saved, and nothing else (I1, I2); facts were kept (I12, I18)."""
    world = oracle.world
    with oracle.practice.database.read() as session:
        if broken_link(session) is not None:
            world.violated("I4", "the chain of the journal does not hold")
    excused = oracle.unsent_gone | (oracle.decided_gone if world.counts["restored"] else set())
    for id, said in oracle.said.items():
        if id not in entries:
            if id not in excused:
                world.violated("I1", f"{said['command']} was saved and is not in the journal")
        elif entries[id]["fields"] != said["fields"] or entries[id]["was"] != said["was"]:
            world.violated("I1", f"{said['command']} is not in the journal as it was saved")
    from_devices = {id for id, entry in entries.items() if entry["device_id"] and not entry["caused_by"]}
    if from_devices - oracle.said.keys():
        world.violated("I2", "the journal has commands that nobody gave")
    for id in from_devices:
        entry = entries[id]
        stopped = entry["outcome"] == "refused" or entry["code"].startswith("after_")
        if stopped and not entry["command"].startswith(REQUESTS):
            world.violated("I2", f"{entry['command']} happened and has no effect: {entry['code']}")
        if (entry["command"] == "checkin.record_vitals" or entry["v"] == 7) and entry["outcome"] != "held":
            world.violated("I18", "a command of a version that nobody knows was not held")
    for id in oracle.forged & entries.keys():
        if not oracle.practice.rows("SELECT 1 FROM open_case WHERE command_id = ? AND alarm IS NOT NULL", id):
            world.violated("I17", "two different entries came with one id, and nobody was alarmed")


def judge_visits(oracle: Oracle, entries: Entries) -> None:
    """Every step happened once, visits stand where that puts them, and nobody was made up (I2)."""
    world, practice = oracle.world, oracle.practice
    happened: dict[str, tuple[str, str]] = {}
    visits = {row["id"]: row for row in practice.rows("SELECT id, status, booked_status FROM visit")}
    known = {row["command_id"] for row in practice.rows("SELECT command_id FROM visit_event")}
    done = [(id, entry) for id, entry in entries.items() if entry["outcome"] in DONE]
    for id, entry in done:
        if entry["command"] in STEPS:
            happened[id] = entry["fields"]["visit_id"], STEPS[entry["command"]]
        elif entry["command"] == "undo" and entry["fields"]["command_id"] in happened:
            happened[entry["fields"]["command_id"]] = "", ""
    if known != happened.keys():
        world.violated("I2", f"{len(known ^ happened.keys())} effects are missing or too many")
    expected = {id: row["booked_status"] for id, row in visits.items()}
    for rank in ("arrived", "checked_in"):
        expected |= {visit: rank for visit, what in happened.values() if what == rank}
    if {id: row["status"] for id, row in visits.items()} != expected:
        world.violated("I2", "visits stand elsewhere than what happened to them")
    made = {e["fields"]["visit_id"] for _, e in done if e["command"] in (*STEPS, "scheduling.book_visit")}
    if visits.keys() != made:
        world.violated("I2", "there are visits that nobody made, or some are missing")
    named = {entry["fields"]["patient_id"] for _, entry in done if "patient_id" in entry["fields"]}
    if {row["id"] for row in practice.rows("SELECT id FROM patient")} != named:
        world.violated("I2", "there are patients that nobody registered, or some are missing")


def judge_observations(oracle: Oracle, entries: Entries) -> None:
    """What was seen in a count is there once, and struck only when somebody took it back (I2)."""
    wanted: dict[str, tuple[int, bool]] = {}
    for id, entry in entries.items():
        if entry["command"] in SEEN and entry["outcome"] in DONE:
            wanted[id] = len(entry["fields"].get("amounts", [0])), False
        elif entry["command"] == "undo" and entry["outcome"] in DONE and entry["fields"]["command_id"] in wanted:
            wanted[entry["fields"]["command_id"]] = wanted[entry["fields"]["command_id"]][0], True
    found = {
        row["command_id"]: (row["number"], bool(row["struck"]))
        for row in oracle.practice.rows(
            "SELECT command_id, count(*) AS number, max(struck) AS struck FROM observation GROUP BY command_id"
        )
    }
    if found != wanted:
        oracle.world.violated("I2", "what was seen in a count is there twice, or not at all")


def judge_cases(oracle: Oracle, entries: Entries) -> None:
    """What needs a person is open until one closed it, and in sight of its author and of who reviews (I5)."""
    world, practice = oracle.world, oracle.practice
    needing = {id for id, entry in entries.items() if entry["outcome"] in ("flagged", "held", "refused")}
    # What was tried again and failed again is still the first entry's case.
    needing -= {id for id, entry in entries.items() if entry["caused_by"] and entry["code"] == "our_fault"}
    closings = [entry for entry in entries.values() if entry["command"] == "sync.close_case"]
    closed = {entry["fields"]["case_id"] for entry in closings if entry["outcome"] == "applied"}
    still_open = {row["command_id"] for row in practice.rows("SELECT * FROM open_case WHERE closed_at IS NULL")}
    if still_open - oracle.forged != needing - closed - oracle.forged:
        world.violated("I5", "what needs a person is not what is open")
    shown = {
        (row["id"], row["sheet"])
        for row in practice.rows("SELECT id, sheet FROM sheet_row WHERE kind = 'case' AND present")
    }
    for id in needing - closed - oracle.forged:
        for sheet in (f"attention/{entries[id]['actor_id']}", "attention/main"):
            if (id, sheet) not in shown:
                world.violated("I5", f"an open case is not in {sheet.partition('/')[0]}")


def judge_heads(oracle: Oracle) -> None:
    """Count and digest of every sheet are those of the rows that stand in it (I7)."""
    rows = oracle.practice.rows
    sums: dict[str, tuple[int, int]] = {head["sheet"]: (0, 0) for head in rows("SELECT sheet FROM sheet_head")}
    for row in rows("SELECT sheet, kind, id, version FROM sheet_row WHERE present"):
        count, digest = sums.get(row["sheet"], (0, 0))
        sums[row["sheet"]] = count + 1, (digest + fingerprint(row["kind"], row["id"], row["version"])) % 2**128
    heads = {head["sheet"]: (head["count"], head["digest"]) for head in rows("SELECT * FROM sheet_head")}
    if heads != {sheet: (count, f"{digest:032x}") for sheet, (count, digest) in sums.items()}:
        oracle.world.violated("I7", "a sheet's count or digest is not that of its rows")
