"""`./daysheet check`: what is published is compared with what the models say now."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from backend.checking import check
from tests.practice import Practice


def looked_at(practice: Practice) -> tuple[int, str]:
    """The exit code, and all that was said."""
    said: list[str] = []
    code = check(practice.office.settings, said.append)
    return code, "\n".join(said)


def damage(practice: Practice, statement: str, **values: str) -> None:
    with practice.database.write() as session:
        session.execute(text(statement), values)


def test_an_office_at_work_is_as_it_should_be(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    arrival = tablet.command("checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    tablet.sync([arrival, tablet.command("undo", {"command_id": arrival["command_id"]})])
    tablet.sync([tablet.command("checkin.check_in", {"visit_id": practice.visits["bruno"]})])
    code, said = looked_at(practice)
    assert code == 0, said
    assert said.count("as they should be") == 9


def test_a_changed_entry_of_the_journal_is_named_by_its_number(practice: Practice) -> None:
    damage(practice, "UPDATE journal SET say = 'Never said' WHERE seq = 3")
    code, said = looked_at(practice)
    assert code == 1
    assert "breaks at entry 3" in said


def test_a_row_that_was_not_published_is_named_without_what_is_in_it(practice: Practice) -> None:
    alma = practice.patients["alma"]
    damage(practice, "UPDATE patient SET family = 'Castillo' WHERE id = :id", id=alma)
    code, said = looked_at(practice)
    assert code == 1
    assert f"patient {alma} differs in family, search, sort_key" in said
    assert "Castillo" not in said
    assert "Castellanos" not in said


DAMAGES: dict[str, Callable[[Practice], tuple[str, str]]] = {
    "a row that outlived its record": lambda practice: (
        f"DELETE FROM provider WHERE id = '{practice.cast.provider}'",
        "is still shown, and its record is gone",
    ),
    "a record without a row": lambda practice: (
        f"DELETE FROM seen_row WHERE kind = 'visit' AND id = '{practice.visits['alma']}'",
        "was never published",
    ),
    "a row missing from a sheet": lambda practice: (
        f"UPDATE sheet_row SET present = false WHERE kind = 'contact' AND id = '{practice.patients['alma']}'",
        f"contact {practice.patients['alma']} is missing",
    ),
    "a row in a sheet of others": lambda practice: (
        f"UPDATE sheet_row SET sheet = 'office/other' WHERE kind = 'visit' AND id = '{practice.visits['alma']}'",
        "does not belong there",
    ),
    "a row in an old version": lambda practice: (
        f"UPDATE sheet_row SET version = 0 WHERE kind = 'visit' AND id = '{practice.visits['alma']}'",
        "stands there in version 0, and is 1",
    ),
    "a forgotten reference": lambda practice: ("DELETE FROM follow_ref", "patient_id"),
    "a wrong count": lambda practice: ("UPDATE sheet_head SET count = 0", "patients/main has 3 rows"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_found(practice: Practice, name: str) -> None:
    statement, expected = DAMAGES[name](practice)
    damage(practice, statement)
    code, said = looked_at(practice)
    assert code == 1
    assert expected in said
