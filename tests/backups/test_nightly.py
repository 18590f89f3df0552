"""Every night the office makes a backup by itself, reads it back, and keeps no more of them than was asked."""

from dataclasses import replace

from backend.nightly import back_up_nightly
from backend.rehearsing import rehearse
from tests.backups.cast import NIGHT, Server, at, nights, set_to, today
from tests.practice import SITE, Practice


def test_one_is_made_every_night_and_can_be_restored_with_the_phrase(practice: Practice, server: Server) -> None:
    server.folder.mkdir()
    set_to(practice, backups=str(server.folder))
    practice.later(hours=1)
    assert nights(server.folder) == [], "the first night is still to come"
    assert "Last backup" not in today(practice)
    practice.later(days=1)
    assert nights(server.folder) == ["2026-11-24T143000Z.backup"], "the office was off at night, so in the morning"
    practice.later(hours=1)
    assert len(nights(server.folder)) == 1
    practice.later(hours=16)
    assert nights(server.folder)[1:] == ["2026-11-25T073000Z.backup"]
    assert practice.row("backup_standing", SITE.id)["made_at"] == "2026-11-25T07:30:00.000Z"  # type: ignore[index]
    assert "Last backup</a>: Wed, Nov 25, 2:30 am · Last drill: Never" in today(practice)
    practice.act("ana", "checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    code, said = server.restore(max(server.folder.glob("*.backup")))
    assert code == 0, said
    assert practice.row("visit", practice.visits["alma"])["status"] == "booked"  # type: ignore[index]


def test_of_several_servers_one_makes_it_and_another_has_nothing_left_to_do(practice: Practice, server: Server) -> None:
    other = replace(practice.office)
    assert at(practice, NIGHT) == 1
    assert back_up_nightly(other, NIGHT) == 0
    practice.later(minutes=1)
    assert nights(server.settings.data / "backups") == ["2026-11-24T070000Z.backup"]
    assert len(practice.entries("backups.record_backup")) == 1


def test_days_weeks_and_months_are_kept_and_what_people_made_themselves(practice: Practice, server: Server) -> None:
    server.folder.mkdir()
    set_to(practice, backups=str(server.folder), backups_daily=3, backups_weekly=2, backups_monthly=2)
    by_hand = server.back_up()
    strange = server.folder / "daysheet-nightly-of-another-program.backup"
    strange.touch()
    for day in ("09-30", "10-15", "10-31", "11-01", "11-15", "11-16", "11-20", "11-21", "11-22", "11-23"):
        (server.folder / f"daysheet-nightly-2026-{day}T070000Z.backup").touch()
    # Another day there and here: at 11 pm it was still the 22nd in New York.
    (server.folder / "daysheet-nightly-2026-11-23T040000Z.backup").touch()
    assert at(practice, NIGHT) == 1
    kept = ["10-31T070000", "11-22T070000", "11-23T040000", "11-23T070000", "11-24T070000"]
    kept.remove("11-22T070000")
    assert nights(server.folder) == [*(f"2026-{one}Z.backup" for one in kept), "of-another-program.backup"]
    assert by_hand.exists()


def test_managers_are_reminded_of_a_backup_after_a_day_and_of_a_drill_after_a_quarter(
    practice: Practice, server: Server
) -> None:
    server.back_up()
    practice.clock.forward(hours=25)
    assert "Look after the backups" not in today(practice)
    practice.clock.forward(hours=2)
    assert "The last backup is more than a day old: Mon, Nov 23, 8:30 am." in today(practice)
    assert "Overdue" in practice.browser("maria").get("/backups").text
    practice.clock.forward(days=91)
    assert "Nobody has tried yet whether a backup can be restored." in today(practice)
    server.back_up()
    assert server.told(rehearse, None, None)[0] == 0
    assert "Look after the backups" not in today(practice)
    practice.clock.forward(days=93)
    assert "was last tried more than three months ago: Tue, Feb 23." in today(practice)
