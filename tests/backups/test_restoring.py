"""Yesterday's backup restored at noon: what comes back by itself, what does not, and who is told."""

import re

from backend.backup_commands import tell_report
from backend.checking import check
from backend.restoring import restored_otherwise
from backend.staff import set_password
from tests.backups.cast import Keeping, Server
from tests.practice import Practice
from tests.sync.test_handing_in import file_of, hand_in

LOST = "devices.mark_lost"
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
    arrival = f"/checkin/{practice.visits['alma']}/arrival"
    assert practice.browser("ben").post(arrival).status_code == 303
    practice.clock.forward(hours=1)
    assert server.restore(backup)[0] == 0

    assert practice.row("visit", practice.visits["alma"])["status"] == "booked"  # type: ignore[index]
    assert counts(practice) == {"back": 0, "waiting": 0, "missing": 0, "gone": 1}
    page = practice.browser("maria").get("/backups").text
    listed = page[page.index('data-list="gone"') :]
    assert "Arrived" in listed
    assert "Ben Ito" in listed
    assert "Castellanos" not in page
    assert "To be done again, because no device has a copy: 1" in report(server)
    # Somebody does it again, on paper's word; that is another entry, so the list stays what it was.
    assert practice.browser("ben").post(arrival).status_code == 303
    assert counts(practice)["gone"] == 1


def test_who_may_come_in_is_as_it_was_last_and_not_as_the_backup_has_it(practice: Practice, server: Server) -> None:
    stolen, other = practice.tablet("Tablet 1", "ana"), practice.tablet("Tablet 2", "ben")
    backup = server.back_up()
    practice.clock.forward(hours=1)
    maria = practice.browser("maria")
    assert maria.post(f"/devices/{stolen.device_id}/lost").status_code == 303
    assert practice.act("maria", "staff.end_membership", {"staff_id": practice.staff["dana"]}).outcome == "applied"
    new = Keeping(practice.tablet("Tablet 3", "ben"))
    new.do(ARRIVAL, visit_id=practice.visits["bruno"])
    new.reach_the_office()
    assert other.sign_in("ana").status_code == 303
    other.unlock()
    since = Keeping(other)
    since.do(ARRIVAL, visit_id=practice.visits["alma"])
    since.reach_the_office()
    with practice.database.write() as session:
        set_password(session, practice.staff["ana"], "another quiet morning")
    practice.clock.forward(hours=1)
    code, said = server.restore(backup)
    assert code == 0, said
    assert "3 decisions about them were made again" in said

    assert stolen.send(epoch=None).json()["error"] == "revoked"
    assert practice.browser().sign_in("dana").status_code == 422
    assert practice.browser().sign_in("ana").status_code == 422
    assert practice.browser().sign_in("ana", "another quiet morning").status_code == 303
    new.reach_the_office()
    assert new.outcomes() == ["applied"], "a tablet of this morning goes on"
    since.reach_the_office()
    assert since.outcomes() == ["applied"], "the key with which she signed there for the first time is known"
    assert check(practice.office.settings, [].append) == 0


def test_a_tablet_that_a_managers_phone_called_lost_stays_out_before_that_phone_comes(
    practice: Practice, server: Server
) -> None:
    stolen = practice.tablet("Tablet 1", "ana")
    phone = Keeping(practice.tablet("Maria’s phone", "maria", "manager_phone"))
    backup = server.back_up()
    practice.clock.forward(hours=1)
    phone.do(LOST, device_id=stolen.device_id)
    phone.reach_the_office()
    assert phone.outcomes() == ["applied"]
    practice.clock.forward(hours=1)
    code, said = server.restore(backup)
    assert code == 0, said
    assert "1 decisions about them were made again" in said

    assert stolen.send(epoch=None).json()["error"] == "revoked"
    phone.reach_the_office()
    assert phone.outcomes() == ["applied"]
    assert len(practice.entries(LOST)) == 1, "what the phone offers again is known"
    assert practice.rows("case") == []


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
