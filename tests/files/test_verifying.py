"""`./daysheet check` opens every file and names the one that is no longer what it was."""

from backend.checking import check
from tests.files.sending import cabinet, id_of, picture, send_whole
from tests.practice import Practice


def said_by_check(practice: Practice) -> tuple[int, list[str]]:
    said: list[str] = []
    return check(practice.office.settings, said.append), said


def test_files_that_are_whole_are_as_they_should_be(practice: Practice) -> None:
    send_whole(practice.tablet("Tablet 1"), picture(300_000))
    code, said = said_by_check(practice)
    assert (code, "files: as they should be" in said) == (0, True)


def test_a_part_that_is_gone_or_changed_is_named(practice: Practice) -> None:
    tablet, gone, changed = practice.tablet("Tablet 1"), picture(), picture()
    for photo in (gone, changed):
        send_whole(tablet, photo)
    (cabinet(practice).place(id_of(gone)) / "0").unlink()
    path = cabinet(practice).place(id_of(changed)) / "0"
    path.write_bytes(path.read_bytes()[:-1])
    code, said = said_by_check(practice)
    assert code == 1
    assert "files: 2 differ" in said
    assert f"  {id_of(gone)} lacks a part" in said
    assert f"  {id_of(changed)} does not open with the office’s key" in said


def test_an_open_disk_is_said_and_is_no_fault_of_the_data(practice: Practice) -> None:
    code, said = said_by_check(practice)
    assert code == 0
    assert sum("disk" in line for line in said) <= 1
