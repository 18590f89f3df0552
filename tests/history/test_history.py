"""What happened to a visit, a patient, an item or a request is read in sentences."""

from datetime import timedelta
from typing import Any

from alembic.command import upgrade
from sqlalchemy import text

from backend.app import ROOMS
from backend.commands import Undo
from backend.journal import broken_link, journal
from backend.migrating import alembic_config
from tests.approvals.cast import open_trial
from tests.counts.cast import Counting
from tests.history.reading import acts, page
from tests.inventory.cast import Supplies
from tests.patients.test_correcting import held
from tests.patients.test_merging import MERGE
from tests.patients.twice import FIRST, registered_twice
from tests.practice import Practice
from tests.recorded import recorded
from tests.sync.test_clocks import reading
from tests.sync.test_costs import asked_of
from tests.tablets import Tablet

ARRIVAL, UNDO = "checkin.record_arrival", "undo"


def alma(practice: Practice, kind: str = "visit", who: str = "ana", query: str = "") -> list[str]:
    """The history of Alma, or of her visit."""
    known = practice.visits if kind == "visit" else practice.patients
    return acts(practice, who, kind, known["alma"], query)


def late(tablet: Tablet, minutes: int, **more: Any) -> dict[str, Any]:
    """The tablet notes that Alma arrived, and for so long does not reach the office."""
    entry = tablet.command(ARRIVAL, {"visit_id": tablet.practice.visits["alma"]}, **more)
    tablet.practice.clock.forward(minutes=minutes)
    return entry


def test_a_late_entry_says_when_it_was_done_and_when_it_reached_the_office(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    entry = late(tablet, 90)
    assert len(alma(practice)) == 1, "what is on the tablet alone is not here yet"
    tablet.sync([entry])
    newest, booked = alma(practice)
    assert newest == (
        "Mon, Nov 23, 8:30 am Ana Garrido noted that the patient had arrived · Tablet 1 "
        "Reached the office Mon, Nov 23, 10:00 am"
    )
    assert booked.endswith("The office booked the visit Entered at the office")


def test_what_was_undone_and_its_undoing_both_stand_in_the_history(practice: Practice) -> None:
    done = practice.act("ana", ARRIVAL, {"visit_id": practice.visits["alma"]})
    practice.clock.forward(minutes=3)
    undone = practice.act("ben", UNDO, {"command_id": done.command_id})
    again = practice.act("ben", UNDO, {"command_id": done.command_id})
    assert (undone.outcome, again.outcome) == ("applied", "noop")
    for kind in ("visit", "patient"):
        twice, back, arrived = alma(practice, kind)[:3]
        assert "Ben Ito took back an entry" in back
        assert "It was about this: Ana Garrido noted that the patient had arrived, Mon, Nov 23, 8:30 am" in back
        assert "Changed nothing" in twice
        assert "Taken back" in arrived
        assert "Taken back" not in back


def test_a_time_that_the_office_doubts_is_said_to_be_about_right_or_not_known(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    doubted = late(tablet, 28, made=reading(tablet, timedelta(hours=3), "before"))
    broken = tablet.command("checkin.check_identity", {"visit_id": practice.visits["alma"], "method": "name_and_birth"})
    broken["made"] = {"wall": "no time", "mono": 0, "boot": "before"}
    tablet.sync([doubted, broken], clock=reading(tablet, timedelta(hours=3), "after"))
    unknown, about = alma(practice)[:2]
    assert about.startswith("about Mon, Nov 23, 8:30 am Ana Garrido noted that the patient had arrived")
    assert unknown.startswith("not known, before Mon, Nov 23, 8:58 am Ana Garrido")


def test_a_patients_history_has_both_truths_and_how_somebody_decided(practice: Practice) -> None:
    _, entry = held(practice)
    waits = next(one for one in alma(practice, "patient") if "Ben Ito" in one)
    assert "Not applied by itself Waits for a decision" in waits
    assert "First name: Alma → Alma Rosa" in waits
    assert "Birth date: 04/12/1957 → 12/04/1957" in waits
    assert "Sex" not in waits, "what the form showed and nobody changed was not entered"
    practice.clock.forward(minutes=5)
    practice.act("maria", "sync.choose", {"case_id": entry["command_id"], "choice": "entered"})
    told = alma(practice, "patient")
    assert any("Maria Lindqvist corrected the name, birth date or sex" in one for one in told[:2]), "by the choice"
    chosen = next(one for one in told if "Maria Lindqvist decided what becomes of an entry" in one)
    assert "It was about this: Ben Ito corrected the name, birth date or sex" in chosen
    assert "Use what was entered" in chosen
    assert not any("Waits" in one for one in told)
    assert "The office took the patient over from another system" in told[-1]
    held_again = practice.act(
        "ana", "patients.change_identity", {"patient_id": practice.patients["alma"], "family": ""}
    )
    practice.act("maria", "sync.close_case", {"case_id": held_again.command_id, "reason": "A slip of the finger"})
    assert "What was done about it: A slip of the finger" in " ".join(alma(practice, "patient")[:2])


def test_what_came_from_a_device_that_nobody_had_unlocked_is_in_the_history_too(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    tablet.sync([tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]}, actor=practice.staff["ben"])])
    for kind in ("visit", "patient"):
        assert "Ben Ito noted that the patient had arrived · Tablet 1 Not applied by itself" in alma(practice, kind)[0]


def test_an_items_history_has_what_moved_and_who_counted_but_not_what_they_found(practice: Practice) -> None:
    counting = Counting(practice)
    counting.sees("ben", counting.gloves, 187)
    counting.does("ben", "submit")
    used = counting.supplies.does("cleo", "inventory.use_stock", quantity=10, visit_id=practice.visits["alma"])
    practice.act("cleo", UNDO, {"command_id": used.command_id})
    told = acts(practice, "dana", "item", counting.gloves)
    said = [
        "Cleo Marsh took back an entry", "Cleo Marsh used stock Taken back How many: 10",
        "Ben Ito handed in what was counted", "Cleo Marsh received stock How many: 200",
        "The office changed how the item is kept in the catalogue",
    ]  # fmt: skip
    assert [sentence in one for sentence, one in zip(said, told, strict=True)] == [True] * 5, told
    assert "187" not in " ".join(told), "who counts the same shelf next may read this"
    assert any("Cleo Marsh used stock" in one for one in alma(practice)), "it is of the visit too"


def test_a_requests_history_has_who_asked_who_spoke_and_who_decided(practice: Practice) -> None:
    open_trial(practice)
    supplies = Supplies(practice)
    supplies.does("dana", "inventory.receive_stock", quantity=2, unit="case")
    supplies.does("dana", "inventory.ask_to_write_off", quantity=15, unit="box", reason="Recalled by the maker")
    [request] = practice.rows("approval")
    practice.clock.forward(minutes=2)
    practice.act("marco", "approvals.ask_back", {"approval_id": request["id"], "question": "Which lot?"})
    practice.clock.forward(minutes=2)
    practice.act("dana", "approvals.answer", {"approval_id": request["id"], "answer": "All of them"})
    practice.clock.forward(minutes=2)
    practice.act("marco", "approvals.approve", {"approval_id": request["id"]}, seen=request["hash"])
    told = acts(practice, "maria", "approval", request["id"])
    said = ["Marco Silva approved the request", "Dana Reyes answered", "Marco Silva asked back",
            "Dana Reyes asked to write off stock"]  # fmt: skip
    assert [sentence in one for sentence, one in zip(said, told, strict=True)] == [True] * 4, told
    assert "Which lot?" in told[2]
    gloves = acts(practice, "dana", "item", supplies.gloves)
    assert "Stock was written off, as Dana Reyes had asked" in gloves[0]
    practice.later(days=40)
    assert practice.row("approval", request["id"]) is None, "it was filed away"
    assert "The office filed the request away" in acts(practice, "maria", "approval", request["id"])[0]


def test_a_long_history_is_cut_and_no_entry_asks_the_database_for_itself(practice: Practice) -> None:
    browser, path = practice.browser("ana"), f"/history/visit/{practice.visits['alma']}"
    done = practice.act("ana", ARRIVAL, {"visit_id": practice.visits["alma"]})
    practice.act("ana", UNDO, {"command_id": done.command_id})
    with asked_of(practice) as few:
        browser.get(path)
    for who in ("ben", "maria", "ana") * 17:
        practice.clock.forward(minutes=1)
        practice.act(who, ARRIVAL, {"visit_id": practice.visits["alma"]})
    browser.get(path)  # the look is noted once in ten minutes
    with asked_of(practice) as many:
        first = browser.get(path).text
    assert len(many) <= len(few)
    assert first.count("<li data-entry=") == 50
    assert f'href="{path}?skip=50"' in first
    rest = alma(practice, query="?skip=50")
    assert len(rest) == 4
    assert "booked the visit" in rest[-1]
    assert alma(practice, query="?skip=nothing") == alma(practice)


def test_what_a_retention_rule_purged_is_still_told_without_what_was_said(practice: Practice) -> None:
    practice.act("ana", "patients.change_contact", {"patient_id": practice.patients["alma"], "phone": "5550100199"})
    assert "Phone: (555) 010-0199" in alma(practice, "patient")[0]
    with practice.database.write() as session:
        session.execute(journal.update().values(payload=None))
        assert broken_link(session) is None
    told = alma(practice, "patient")[0]
    assert "Ana Garrido went through the contact details with the patient" in told
    assert "What was entered is no longer kept." in told
    assert "5550" not in told.replace(") ", "").replace("-", "")


def test_a_patients_history_is_read_in_spanish(practice: Practice) -> None:
    practice.act("ana", ARRIVAL, {"visit_id": practice.visits["alma"]})
    with practice.database.write() as session:
        session.execute(text("UPDATE site SET language = 'es'"))
    assert "Ana Garrido anotó que el paciente había llegado" in alma(practice)[0]
    assert "Historial de una visita" in page(practice, "ana", "visit", practice.visits["alma"])


def test_the_entries_of_an_older_office_are_found_too(practice: Practice) -> None:
    supplies = Supplies(practice)
    done = practice.act("ana", ARRIVAL, {"visit_id": practice.visits["alma"]})
    practice.act("ben", UNDO, {"command_id": done.command_id})
    supplies.does("dana", "inventory.receive_stock", quantity=2)
    things = [("visit", practice.visits["alma"]), ("patient", practice.patients["alma"]), ("item", supplies.gloves)]
    before = [acts(practice, "maria", *thing) for thing in things]
    with practice.database.write() as session:
        session.execute(text("DROP TABLE journal_concern"))
        session.execute(text("UPDATE alembic_version SET version_num = '0022'"))
    upgrade(alembic_config(practice.database.url), "0023")
    assert [acts(practice, "maria", *thing) for thing in things] == before


def test_two_records_that_were_merged_have_one_history_under_either_name(practice: Practice) -> None:
    _, ben, nora, norah = registered_twice(practice)
    [pair] = practice.rows("duplicate_pair")
    ben.sync([ben.command(MERGE, {"pair_id": pair["id"], **FIRST}, seen=pair["hash"])])
    told = [acts(practice, "maria", "patient", one["patient_id"]) for one in (nora, norah)]
    assert told[0] == told[1]
    assert "Ben Ito merged two records of the patient" in told[0][0]
    assert sum("registered a new patient" in one for one in told[0]) == 2


def test_every_command_that_is_about_such_a_thing_has_a_sentence() -> None:
    """Extend the `sentences` of the command's room; an empty one keeps it out of histories."""
    told = {kind.__struct_config__.tag for room in ROOMS for kind in room.sentences} | {Undo.__struct_config__.tag}
    named = {"visit_id", "patient_id", "item_id", "approval_id", "case_id", "payment_id"}
    about = {one.command for one in recorded() if named & one.fields.keys()}
    assert len(about) > 30
    assert about - told == set()
