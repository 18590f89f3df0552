"""A patient whose time is another's is seen in between: scheduling.work_in."""

from tests.practice import Practice
from tests.scheduling.calling_off import alma, choose, given_away

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
