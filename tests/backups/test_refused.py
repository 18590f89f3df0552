"""What is not restored: a damaged backup, one over a present office, one under a server that runs."""

import re

import pytest

from backend.checking import check
from backend.restoring import restore
from tests.backups.cast import Keeping, Server, what_the_office_holds
from tests.files.sending import picture, send_whole
from tests.practice import Practice

ARRIVAL = "checkin.record_arrival"


def changed_at(raw: bytes, at: int) -> bytes:
    """With one bit the other way round."""
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


DAMAGES = {
    "a byte in the middle": lambda raw: changed_at(raw, len(raw) // 2),
    "its end cut off": lambda raw: raw[:-200],
    "something added": lambda raw: raw + b"\0" * 200,
    "its last byte": lambda raw: changed_at(raw, len(raw) - 1),
    "its header": lambda raw: raw.replace(b'"version":"', b'"version":"9', 1),
    "another file": lambda _: b"PK\3\4 something else altogether",
    "an empty file": lambda _: b"",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_is_refused_and_nothing_of_it_used(practice: Practice, server: Server, damage: str) -> None:
    backup = server.back_up()
    backup.write_bytes(DAMAGES[damage](backup.read_bytes()))
    before = what_the_office_holds(practice)
    code, said = server.restore(backup)
    assert code == 1
    assert re.search("is damaged|is cut short|is no backup of Daysheet", said), said
    assert what_the_office_holds(practice) == before
    assert check(practice.office.settings, [].append) == 0


def test_one_with_whole_parts_missing_at_its_end_is_called_cut_short(practice: Practice, server: Server) -> None:
    for number in range(8):
        send_whole(practice.tablet(f"Tablet {number}"), picture(300_000 + number))
    backup = server.back_up()
    raw = backup.read_bytes()
    head = raw.index(b"}}") + 2
    backup.write_bytes(raw[: head + 1024 * 1024 + 16])
    assert "is cut short" in server.restore(backup)[1]


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
