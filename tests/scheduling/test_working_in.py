"""A patient whose time is another's is seen in between: scheduling.work_in."""

from tests.forms import form_to
from tests.practice import Practice
from tests.scheduling.calling_off import DAY, alma, choose, given_away

WORK_IN = "scheduling.work_in"


def test_chosen_on_the_card_the_visit_is_a_walk_in_of_today(practice: Practice) -> None:
    entry = given_away(practice)
    assert choose(practice, "ben", entry, "work_in").outcome == "applied"
    row = alma(practice)
    assert (row["status"], row["is_walk_in"], row["flags"]) == ("arrived", True, ["walk_in"])
    assert practice.row("case", entry["command_id"]) is None
    again = practice.act("maria", WORK_IN, {"visit_id": practice.visits["alma"]})
    assert (again.outcome, again.code) == ("noop", "already_worked_in")
    assert practice.act("dana", WORK_IN, {"visit_id": practice.visits["alma"]}).code == "not_allowed"


def test_a_work_in_that_was_chosen_is_taken_back_on_the_board_and_its_card_asks_again(practice: Practice) -> None:
    entry = given_away(practice)
    assert choose(practice, "ben", entry, "work_in").outcome == "applied"
    ben = practice.browser("ben")
    undo = form_to(ben.get(f"/checkin/{DAY}").text, f"{practice.visits['alma']}/undo")
    assert ben.post(undo.action, undo.fields, partial=True).status_code == 200
    assert (alma(practice)["status"], alma(practice)["is_walk_in"]) == ("arrived", False)
    assert ben.post(undo.action, undo.fields, partial=True).status_code == 200
    assert practice.row("case", entry["command_id"])["open"] is True, "undone twice is undone once"  # type: ignore[index]
    assert "See today as a work-in" in practice.browser("maria").get("/attention/office").text
    assert choose(practice, "ben", entry, "work_in").outcome == "applied"
    assert practice.row("case", entry["command_id"]) is None


def test_a_work_in_by_mistake_is_taken_back(practice: Practice) -> None:
    given_away(practice)
    seen = practice.act("ana", WORK_IN, {"visit_id": practice.visits["alma"]})
    assert practice.act("ana", "undo", {"command_id": seen.command_id}).outcome == "applied"
    assert (alma(practice)["status"], alma(practice)["is_walk_in"]) == ("arrived", False)
    assert practice.act("ana", "undo", {"command_id": seen.command_id}).outcome == "noop"
