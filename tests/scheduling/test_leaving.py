"""A patient leaves without being seen, with another time or without: scheduling.record_left."""

from tests.practice import Practice
from tests.scheduling.calling_off import CANCEL, alma, call, choose, given_away

LEFT = "scheduling.record_left"
IN_A_WEEK = "2026-11-30T14:00:00.000Z"


def test_chosen_on_the_card_another_visit_is_booked_for_the_same_time_in_a_week(practice: Practice) -> None:
    entry = given_away(practice)
    assert choose(practice, "maria", entry, "again").outcome == "applied"
    assert alma(practice)["status"] == "left_unseen"
    [again] = [row for row in practice.rows("visit") if row["day"] == "2026-11-30"]
    assert (again["starts_at"], again["patient_id"], again["status"]) == (
        IN_A_WEEK,
        practice.patients["alma"],
        "booked",
    )


def test_a_time_that_went_to_another_meanwhile_is_not_booked_twice_and_the_card_stays(practice: Practice) -> None:
    entry = given_away(practice)
    other = {"visit_id": practice.visits["bruno"], "patient_id": practice.patients["bruno"]}
    practice.act(
        "maria", "scheduling.book_visit", {**other, "starts_at": IN_A_WEEK, "provider_id": practice.cast.provider}
    )
    refused = choose(practice, "maria", entry, "again")
    assert (refused.outcome, refused.code) == ("refused", "changed_since")
    assert "That time is taken by now." in refused.say
    assert practice.row("case", entry["command_id"]) is not None
    assert alma(practice)["status"] == "arrived"


def test_who_never_came_cannot_leave_and_who_left_leaves_once(practice: Practice) -> None:
    visit = {"visit_id": practice.visits["alma"]}
    assert practice.act("ana", LEFT, visit).code == "not_here"
    given_away(practice)
    assert practice.act("ana", LEFT, visit).outcome == "applied"
    assert practice.act("ben", LEFT, visit).code == "already_left"
    assert practice.act("dana", LEFT, visit).code == "not_allowed"


def test_undoing_it_the_patient_is_here_again(practice: Practice) -> None:
    given_away(practice)
    left = practice.act("ana", LEFT, {"visit_id": practice.visits["alma"]})
    assert practice.act("ana", "undo", {"command_id": left.command_id}).outcome == "applied"
    assert alma(practice)["status"] == "arrived"
    assert practice.act("ana", CANCEL, call(practice)).outcome == "flagged"
