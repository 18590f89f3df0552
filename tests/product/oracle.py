"""The oracle: what tablets said and hold, against what the server's tables say. Plain SQL, and none of our code."""

import json
import sqlite3
from collections import Counter
from typing import Any

STEPS = (
    "checkin.record_arrival",
    "checkin.record_walk_in",
    "checkin.register_walk_in",
    "checkin.check_identity",
    "checkin.check_in",
    "scheduling.cancel_visit",
    "scheduling.give_slot",
)
BOOKINGS = ("scheduling.book_visit",)
MOVES = {"inventory.use_stock": -1, "inventory.receive_stock": 1, "inventory.transfer_stock": -1}
DONE = ("applied", "flagged")
NEEDS_A_PERSON = ("flagged", "held", "refused")
Entries = dict[str, dict[str, Any]]


def judge(connection: sqlite3.Connection, claim: dict[str, Any]) -> dict[str, Any]:
    """`violations` by number, `outcomes` of what devices gave, and a `trace` that is the same in every replay."""
    connection.row_factory = sqlite3.Row
    entries: Entries = {
        row["command_id"]: dict(row) for row in connection.execute("SELECT * FROM journal ORDER BY seq")
    }
    for entry in entries.values():
        entry["fields"] = json.loads(entry["payload"])["fields"]
    found = [
        *said_and_kept(entries, claim),
        *visits_stand_right(connection, entries),
        *stock_adds_up(connection, entries),
        *open_to_people(connection, entries),
    ]
    for tablet in claim["tablets"]:
        found += holds_what_the_office_has(connection, tablet, entries)
    given = [entry for entry in entries.values() if entry["command_id"] in claim["given"]]
    outcomes = Counter(entry["outcome"] for entry in given)
    trace = [[entry["command_id"], entry["outcome"], entry["code"]] for entry in given]
    return {"violations": found, "outcomes": outcomes, "trace": trace}


def said_and_kept(entries: Entries, claim: dict[str, Any]) -> list[str]:
    """I1 and I2: all that was said to be saved, as it was said, and nothing that nobody gave."""
    found = []
    for id, said in claim["said"].items():
        if id in entries:
            if entries[id]["fields"] != said["fields"] or entries[id]["command"] != said["command"]:
                found.append(f"I1 {said['command']} of {said['tablet']} is in the journal with other content")
        elif id not in claim["forgiven"]:
            found.append(f"I1 {said['command']} of {said['tablet']} was saved and is not in the journal")
    from_devices = {id for id, entry in entries.items() if entry["device_id"] and not entry["caused_by"]}
    if strangers := from_devices - set(claim["given"]):
        found.append(f"I2 the journal has {len(strangers)} commands that nobody gave")
    return found


def visits_stand_right(connection: sqlite3.Connection, entries: Entries) -> list[str]:
    """I2: one event for each step that was applied, taken back or not; visits and patients are those that were made."""
    happened, named, made = set(), set(), set()
    for id, entry in entries.items():
        fields, done = entry["fields"], entry["outcome"] in DONE
        if done and entry["command"] in STEPS:
            happened.add(id)
        if done and "patient_id" in fields:
            named.add(fields["patient_id"])
        if done and (entry["command"] in (*STEPS, *BOOKINGS)):
            made.add(fields["visit_id"])
    known = [row[0] for row in connection.execute("SELECT command_id FROM visit_event")]
    found = []
    if sorted(known) != sorted(happened):
        found.append("I2 steps of visits are missing or too many")
    if {row[0] for row in connection.execute("SELECT id FROM visit")} != made:
        found.append("I2 there are visits that nobody made, or some are missing")
    if {row[0] for row in connection.execute("SELECT id FROM patient")} != named:
        found.append("I2 there are patients that nobody registered, or some are missing")
    return found


def stock_adds_up(connection: sqlite3.Connection, entries: Entries) -> list[str]:
    """I2 and I10: each movement once, with its quantity, and what is on hand is their sum."""
    expected: Counter[tuple[str, str, int]] = Counter()
    for id, entry in entries.items():
        fields = entry["fields"]
        if entry["command"] in MOVES and entry["outcome"] in DONE:
            expected[id, fields["place_id"], MOVES[entry["command"]] * fields["quantity"]] += 1
            if "to_place_id" in fields:
                expected[id, fields["to_place_id"], fields["quantity"]] += 1
    query = "SELECT command_id, place_id, quantity FROM movement WHERE reverses IS NULL AND counters IS NULL"
    moved = Counter((row[0], row[1], row[2]) for row in connection.execute(query))
    found = [] if moved == expected else ["I2 stock was moved more or less often than people said"]
    sums = "SELECT item_id, place_id, lot, sum(quantity) FROM movement GROUP BY 1, 2, 3"
    if {tuple(row) for row in connection.execute(sums)} != {
        tuple(row) for row in connection.execute("SELECT item_id, place_id, lot, on_hand FROM stock")
    }:
        found.append("I10 what is on hand is not the sum of its movements")
    return found


def open_to_people(connection: sqlite3.Connection, entries: Entries) -> list[str]:
    """I5: what needs a person is open until somebody closed it, before its author and before who reviews."""
    closings = [one for one in entries.values() if one["command"] in ("sync.close_case", "sync.choose")]
    closed = {entry["fields"]["case_id"] for entry in closings if entry["outcome"] == "applied"}
    needing = {id for id, entry in entries.items() if entry["outcome"] in NEEDS_A_PERSON} - closed
    still_open = {row[0] for row in connection.execute("SELECT command_id FROM open_case WHERE closed_at IS NULL")}
    found = [] if still_open == needing else ["I5 what needs a person is not what is open"]
    shown = {
        (row[0], row[1])
        for row in connection.execute("SELECT sheet, id FROM sheet_row WHERE kind = 'case' AND present")
    }
    wanted = {(sheet, id) for id in needing for sheet in (f"attention/{entries[id]['actor_id']}", "attention/main")}
    if not wanted <= shown:
        found.append("I5 an open case is not before its author, or not before who reviews")
    return found


def holds_what_the_office_has(connection: sqlite3.Connection, tablet: dict[str, Any], entries: Entries) -> list[str]:
    """I3: the outbox is empty, each fate is the journal's, and each sheet has the rows of the office and no other."""
    name = tablet["name"]
    found = [f"I3 {name}: {tablet['outbox']} in the outbox after all was delivered"] if tablet["outbox"] else []
    wrong = [id for id, fate in tablet["fates"].items() if id in entries and fate != entries[id]["outcome"]]
    if wrong:
        found.append(f"I3 {name} was told another outcome than the journal's of {len(wrong)} entries")
    query = (
        "SELECT sheet_row.kind, sheet_row.id, sheet_row.version, body FROM sheet_row "
        "JOIN seen_row ON seen_row.kind = sheet_row.kind AND seen_row.id = sheet_row.id WHERE sheet = ? AND present"
    )
    for sheet, held in tablet["sheets"].items():
        rows = {f"{row[0]} {row[1]}": (row[2], json.loads(row[3])) for row in connection.execute(query, (sheet,))}
        stem = sheet.split("/")[0]
        if {key: row["version"] for key, row in held.items()} != {key: version for key, (version, _) in rows.items()}:
            found.append(f"I3 {name} holds other rows of {stem} than the office")
        elif any({**held[key], **body} != held[key] for key, (_, body) in rows.items()):
            found.append(f"I3 {name} holds rows of {stem} that differ from the office's")
    return found
