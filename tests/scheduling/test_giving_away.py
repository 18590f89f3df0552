"""The time of a cancelled visit goes to somebody else: scheduling.give_slot."""

from backend.ids import new_id
from backend.scheduling import BookVisit
from tests.forms import form_to, text_of
from tests.practice import Practice
from tests.scheduling.calling_off import ARRIVAL, CANCEL, DAY, GIVE, alma, call, choose, gift, given_away


def test_ana_gives_a_free_time_to_another_patient_by_form(practice: Practice) -> None:
    practice.act("ana", CANCEL, call(practice))
    ana, path = practice.browser("ana"), f"/checkin/{DAY}/{practice.visits['alma']}/slot"
    assert path in ana.get(f"/checkin/{practice.visits['alma']}").text
    found = ana.post("/find/checkin.slot", {"day": DAY, "slot_of": practice.visits["alma"], "q": "chia"}, partial=True)
    assert "Chiara Sørensen" in found.text
    form = form_to(ana.get(path).text, "/slot")
    ana.post(form.action, form.filled(patient_id=practice.patients["chiara"]))
    [taker] = [row for row in practice.rows("visit") if row["id"] not in practice.visits.values()]
    assert (taker["patient_id"], taker["status"]) == (practice.patients["chiara"], "booked")
    assert (taker["starts_at"], taker["provider_id"]) == (alma(practice)["starts_at"], practice.cast.provider)
    assert alma(practice)["slot_given"] is True
    assert "The time was given to somebody else." in text_of(ana.get(f"/checkin/{practice.visits['alma']}").text)
    # Where she sees who has the time now, she takes it back.
    undo = form_to(ana.get(f"/checkin/{DAY}").text, f"{form.fields['_new.visit'][0]}/undo")
    assert ana.post(undo.action, undo.fields).status_code == 303
    assert form.fields["_new.visit"][0] not in ana.get(f"/checkin/{DAY}").text
    assert alma(practice)["slot_given"] is False


def test_handed_in_twice_it_is_given_once_and_the_second_patient_is_refused(practice: Practice) -> None:
    practice.act("ana", CANCEL, call(practice))
    tablet = practice.tablet("Tablet 1")
    entry = tablet.command(GIVE, gift(practice))
    same = tablet.command(GIVE, entry["fields"])
    other = tablet.command(GIVE, gift(practice, "bruno"))
    tablet.send([entry])
    tablet.sync([entry, same, other])
    assert [tablet.receipt(one)["outcome"] for one in (entry, same, other)] == ["applied", "noop", "refused"]
    assert tablet.receipt(other)["code"] == "given_away"
    assert tablet.row("visit", other["fields"]["visit_id"]) is None


def test_a_time_that_is_not_free_after_all_is_held_and_a_person_may_book_both(practice: Practice) -> None:
    practice.act("ben", ARRIVAL, {"visit_id": practice.visits["alma"]})
    desk = practice.tablet("Tablet 1")
    called, given = desk.command(CANCEL, call(practice)), desk.command(GIVE, gift(practice))
    desk.sync([called, given])
    assert (desk.receipt(given)["outcome"], desk.receipt(given)["code"]) == ("held", "slot_not_free")
    assert "Its patient is here after all." in text_of(practice.browser("ana").get("/attention").text)
    assert choose(practice, "ana", given, "both").outcome == "applied"
    taker = practice.row("visit", given["fields"]["visit_id"])
    assert taker is not None
    assert (taker["status"], taker["starts_at"]) == ("booked", alma(practice)["starts_at"])


def test_of_a_visit_that_nobody_knows_and_by_who_may_not_nothing_is_given(practice: Practice) -> None:
    unknown = practice.act("ana", GIVE, {**gift(practice), "slot_of": new_id()})
    assert (unknown.outcome, unknown.code) == ("refused", "unknown_visit")
    practice.act("ana", CANCEL, call(practice))
    assert practice.act("cleo", GIVE, gift(practice)).code == "not_allowed"


def test_here_although_the_time_is_anothers_the_card_has_both_truths_and_the_choices(practice: Practice) -> None:
    given_away(practice)
    # The arrival is a fact, so that she is on the board beside who has her time.
    assert alma(practice)["status"] == "arrived"
    card = text_of(practice.browser("maria").get("/attention/office").text)
    assert "This visit was cancelled and its time given away, and the patient is here." in card
    assert "Another patient has the time since." in card
    for label in ("See today as a work-in", "Book another time", "The patient left"):
        assert label in card
    assert "another is booked with the same provider for 11/30/2026, 9:00 am." in card
    assert "This visit was cancelled" in text_of(practice.browser("ana").get("/attention").text)


def test_given_by_mistake_the_time_is_free_again_unless_who_got_it_has_come(practice: Practice) -> None:
    practice.act("ana", CANCEL, call(practice))
    first = practice.act("ana", GIVE, (mistaken := gift(practice)))
    assert practice.act("ana", "undo", {"command_id": first.command_id}).outcome == "applied"
    taken_back = practice.row("visit", mistaken["visit_id"])
    assert taken_back is None or taken_back["status"] == "in_error"
    assert alma(practice)["slot_given"] is False
    assert practice.act("ana", "undo", {"command_id": first.command_id}).outcome == "noop"
    second = practice.act("ana", GIVE, (meant := gift(practice, "bruno")))
    assert second.outcome == "applied"
    practice.act("ben", ARRIVAL, {"visit_id": meant["visit_id"]})
    undone = practice.act("ana", "undo", {"command_id": second.command_id})
    assert (undone.outcome, undone.code) == ("refused", "built_upon")
    assert alma(practice)["slot_given"] is True


def test_a_time_that_the_schedule_filled_meanwhile_is_not_given_again(practice: Practice) -> None:
    practice.act("ana", CANCEL, call(practice))
    same = {name: alma(practice)[name] for name in ("provider_id", "type", "minutes", "starts_at")}
    practice.giver().give(BookVisit, visit_id=new_id(), patient_id=practice.patients["bruno"], **same)
    given = practice.act("ana", GIVE, gift(practice))
    assert (given.outcome, given.code) == ("refused", "given_away")
