"""Files that nothing names are dropped after a month, half ones after a week, and all others are kept."""

from backend.app import run_jobs
from backend.files import collect_files
from tests.files.sending import attach, cabinet, id_of, known, parts_there, picture, plant, send, send_whole
from tests.practice import Practice


def collected(practice: Practice) -> int:
    return collect_files(practice.office, practice.clock.now())


def test_a_file_that_no_row_names_goes_after_a_month(practice: Practice) -> None:
    plant(practice)
    tablet, named, lonely = practice.tablet("Tablet 1"), picture(), picture()
    attach(practice, send_whole(tablet, named))
    send_whole(tablet, lonely)
    practice.clock.forward(days=29)
    assert collected(practice) == 0
    practice.clock.forward(days=2)
    assert collected(practice) == 1
    assert known(practice, id_of(lonely)) is None
    assert [path.parent.name for path in cabinet(practice).every_part()] == [id_of(named)]
    assert collected(practice) == 0


def test_half_a_file_goes_after_a_week_and_may_then_come_again(practice: Practice) -> None:
    tablet, photo = practice.tablet("Tablet 1"), picture(300_000)
    send(tablet, photo, 0)
    practice.clock.forward(days=6)
    assert collected(practice) == 0
    practice.clock.forward(days=2)
    assert collected(practice) == 1
    assert parts_there(tablet, id_of(photo))["have"] == []
    tablet.sign_in("ana")
    assert send_whole(tablet, photo)


def test_what_a_command_spoke_of_is_kept_though_no_row_shows_it(practice: Practice) -> None:
    """As of a held entry, whose row nobody sees until somebody decides."""
    tablet, photo = practice.tablet("Tablet 1"), picture()
    attach(practice, send_whole(tablet, photo))
    practice.clock.forward(days=90)
    assert collected(practice) == 0
    assert known(practice, id_of(photo)) is not None


def test_the_office_does_it_by_itself_once_a_day(practice: Practice) -> None:
    photo = picture()
    send_whole(practice.tablet("Tablet 1"), photo)
    practice.clock.forward(days=31)
    run_jobs(practice.office)
    assert known(practice, id_of(photo)) is None
