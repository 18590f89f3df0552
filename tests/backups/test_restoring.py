"""Yesterday's backup restored at noon: what comes back by itself, what does not, and who is told."""

import re

import pytest

from backend.backup_commands import tell_report
from backend.checking import check
from backend.restoring import restore, restored_otherwise
from tests.backups.cast import Keeping, Server, what_the_office_holds
from tests.practice import Practice
from tests.sync.test_handing_in import file_of, hand_in

ARRIVAL, IDENTITY, CHECK_IN = "checkin.record_arrival", "checkin.check_identity", "checkin.check_in"


def counts(practice: Practice) -> dict[str, int]:
    """What the manager's page says of the last restore."""
    page = practice.browser("maria").get("/backups").text
    return {name: int(count) for name, count in re.findall(r'data-(back|waiting|missing|gone)="(\d+)"', page)}


def report(server: Server) -> str:
    said: list[str] = []
    assert tell_report(server.settings, said.append) == 0
    return "\n".join(said)


def test_the_morning_comes_back_from_the_tablets_by_itself(practice: Practice, server: Server) -> None:
    anas, bens = Keeping(practice.tablet("Tablet 1", "ana")), Keeping(practice.tablet("Tablet 2", "ben"))
    anas.do(ARRIVAL, visit_id=practice.visits["alma"])
    anas.reach_the_office()
    backup = server.back_up()
    practice.clock.forward(hours=2)
    anas.do(IDENTITY, visit_id=practice.visits["alma"], identifiers=["name", "birth_date"])
    anas.do(CHECK_IN, visit_id=practice.visits["alma"])
    bens.do(ARRIVAL, visit_id=practice.visits["bruno"])
    undone = bens.do(ARRIVAL, visit_id=practice.visits["chiara"])
    bens.do("undo", command_id=undone["command_id"])
    for each in (anas, bens):
        each.reach_the_office()
    before = {name: practice.row("visit", id) for name, id in practice.visits.items()}
    epoch = anas.tablet.epoch

    practice.clock.forward(hours=1)
    code, said = server.restore(backup)
    assert code == 0, said
    assert "Since then the office had taken 5 entries" in said
    assert practice.row("visit", practice.visits["alma"])["status"] == "arrived"  # type: ignore[index]
    assert practice.row("visit", practice.visits["bruno"])["status"] == "booked"  # type: ignore[index]
    assert counts(practice) == {"back": 0, "waiting": 5, "missing": 0, "gone": 0}

    practice.clock.forward(minutes=5)
    anas.reach_the_office()
    assert counts(practice) == {"back": 2, "waiting": 3, "missing": 0, "gone": 0}
    assert "Enrolled devices not heard of since: 1\n  Tablet 2" in report(server)
    bens.reach_the_office()
    assert counts(practice) == {"back": 5, "waiting": 0, "missing": 0, "gone": 0}
    assert anas.tablet.epoch != epoch
    assert anas.outcomes() == ["applied"] * 3
    assert bens.outcomes() == ["applied"] * 3

    after = {name: practice.row("visit", id) for name, id in practice.visits.items()}
    assert after == before, "times included: they are those of the acts, not of the second hand-in"
    assert len(practice.entries(ARRIVAL)) == 3, "what the backup had was not done twice"
    assert check(practice.office.settings, [].append) == 0


def test_what_was_done_at_the_offices_own_pages_is_listed_to_be_done_again(practice: Practice, server: Server) -> None:
    backup = server.back_up()
    practice.clock.forward(hours=1)
    other = practice.tablet("Tablet 9").device_id
    assert practice.browser("maria").post(f"/devices/{other}/lost").status_code in (200, 303)
    practice.clock.forward(hours=1)
    assert server.restore(backup)[0] == 0

    assert counts(practice) == {"back": 0, "waiting": 0, "missing": 0, "gone": 2}
    page = practice.browser("maria").get("/backups").text
    listed = page[page.index('data-list="gone"') :]
    assert "Enrolled a device" in listed
    assert "Marked a device as lost" in listed
    assert "Maria Lindqvist" in listed
    assert "To be done again, because no device has a copy: 2" in report(server)


def test_what_a_tablet_does_not_have_any_more_is_named_as_missing(practice: Practice, server: Server) -> None:
    anas = Keeping(practice.tablet("Tablet 1", "ana"))
    backup = server.back_up()
    anas.do(ARRIVAL, visit_id=practice.visits["alma"])
    anas.reach_the_office()
    server.restore(backup)
    practice.clock.forward(minutes=1)
    # Its storage was cleared meanwhile: it reaches the office, and has nothing to hand in.
    anas.tablet.epoch = None
    anas.tablet.sync([], standing={"waiting": 0})

    assert counts(practice) == {"back": 0, "waiting": 0, "missing": 1, "gone": 0}
    assert "Arrived" in practice.browser("maria").get("/backups").text


def test_work_handed_in_as_a_file_comes_back_under_its_own_replica_and_number(
    practice: Practice, server: Server
) -> None:
    tablet = practice.tablet("Tablet 1", "ana")
    backup = server.back_up()
    entry = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]})
    file = file_of(tablet, entry)
    hand_in(practice, file)
    first = practice.entry(entry["command_id"])
    server.restore(backup)
    assert practice.entry(entry["command_id"]) is None

    hand_in(practice, file)
    again = practice.entry(entry["command_id"])
    assert (again.replica_id, again.n) == (first.replica_id, first.n) == (tablet.replica_id, 1)
    tablet.epoch = None
    tablet.sync([entry])
    assert tablet.receipt(entry)["outcome"] == "applied"
    assert len(practice.entries(ARRIVAL)) == 1


def test_who_was_signed_in_signs_in_again_and_looks_are_not_forgotten(practice: Practice, server: Server) -> None:
    backup = server.back_up()
    maria = practice.browser("maria")
    assert maria.get("/devices").status_code == 200
    assert practice.browser("petra").get("/access").status_code == 200
    assert server.restore(backup)[0] == 0

    assert maria.get("/devices").headers["location"] == "/signin"
    log = practice.browser("petra").get("/access").text
    assert "Maria Lindqvist signed in" in log
    assert check(practice.office.settings, [].append) == 0


def test_anchors_of_what_was_put_back_are_explained_by_the_restore_and_nothing_else_is(
    practice: Practice, server: Server
) -> None:
    practice.later()
    backup = server.back_up()
    practice.clock.forward(hours=25)
    practice.act("maria", "devices.enrol", {"device_id": practice.staff["ana"], "name": "T", "purpose": "desk"})
    practice.later()
    lines = (server.settings.anchors_path / "anchors.log").read_bytes().splitlines()
    assert len(lines) == 1
    assert server.restore(backup)[0] == 0
    assert check(practice.office.settings, [].append) == 0

    without = b"\n".join([*lines, b""])
    (server.settings.anchors_path / "anchors.log").write_bytes(without)
    said: list[str] = []
    assert check(practice.office.settings, said.append) == 1
    assert any("the journal’s entry" in line and "is gone or another" in line for line in said)


def test_a_restore_that_fails_at_its_last_step_leaves_the_office_as_it_was(practice: Practice, server: Server) -> None:
    tablet = Keeping(practice.tablet("Tablet 1", "ana"))
    backup = server.back_up()
    tablet.do(ARRIVAL, visit_id=practice.visits["alma"])
    tablet.reach_the_office()
    before = what_the_office_holds(practice)
    # Where the present database would be kept there is something already.
    name = f"before_restore_{practice.clock.now().strftime('%Y%m%d_%H%M%S')}"
    if practice.database.is_sqlite:
        (server.settings.data / name).write_text("mine")
    else:
        with practice.database.write() as session:
            session.connection().exec_driver_sql(f'CREATE SCHEMA "{name}"')

    code, said = server.restore(backup)
    assert code == 1
    assert "The office was not restored, and is as it was." in said
    assert what_the_office_holds(practice) == before
    assert check(practice.office.settings, [].append) == 0
    practice.clock.forward(seconds=1)
    assert server.restore(backup)[0] == 0


@pytest.mark.parametrize("over", [True, False])
def test_a_present_office_is_replaced_only_when_that_was_said_and_is_kept_aside(
    practice: Practice, server: Server, over: bool
) -> None:
    backup = server.back_up()
    practice.act("maria", "devices.enrol", {"device_id": practice.staff["ana"], "name": "Mine", "purpose": "desk"})
    before = what_the_office_holds(practice)
    code, said = server.restore(backup, over=over)
    if over:
        assert code == 0
        assert "The office as it was before is kept in" in said
        assert what_the_office_holds(practice) != before
    else:
        assert code == 1
        assert "run this again with --over" in said
        assert what_the_office_holds(practice) == before


def test_nothing_is_restored_under_a_server_that_runs(practice: Practice, server: Server) -> None:
    backup = server.back_up()
    before = what_the_office_holds(practice)
    code, said = server.told(restore, backup, server.phrase, over=True)
    assert code == 1
    assert "A server of this office still has its database open." in said
    assert what_the_office_holds(practice) == before


def test_a_database_that_a_provider_put_back_gets_a_new_epoch_too(practice: Practice, server: Server) -> None:
    anas = Keeping(practice.tablet("Tablet 1", "ana"))
    anas.do(ARRIVAL, visit_id=practice.visits["alma"])
    anas.reach_the_office()
    practice.database.close()
    code, said = server.told(restored_otherwise)
    assert code == 0, said
    practice.clock.forward(minutes=1)
    assert anas.tablet.send().json()["error"] == "epoch"
    anas.reach_the_office()
    assert anas.outcomes() == ["applied"]
    page = practice.browser("maria").get("/backups").text
    assert "The database before could not be read" in page
    assert len(practice.entries("backups.record_restore")) == 1
