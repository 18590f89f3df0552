"""Somebody leaves the staff, and comes back."""

from typing import Any

from tests.forms import form_to, text_of
from tests.practice import Practice
from tests.staff.test_joining import eve

END, RETURN = "staff.end_membership", "staff.return_member"


def of(practice: Practice, who: str) -> dict[str, Any]:
    return {"staff_id": practice.staff[who]}


def active(practice: Practice, who: str) -> bool:
    row = practice.row("staff_member", practice.staff[who])
    assert row is not None
    return row["active"]


def test_by_form_whoever_left_is_signed_out_at_once_and_signs_in_nowhere(practice: Practice) -> None:
    ana, maria = practice.browser("ana"), practice.browser("maria")
    page = maria.get(f"/staff/{practice.staff['ana']}").text
    assert maria.post(form_to(page, "/end").action).status_code == 303
    assert not active(practice, "ana")
    assert ana.get("/checkin").status_code == 303
    again = practice.browser().sign_in("ana")
    assert again.status_code == 422
    assert "do not belong together" in text_of(again.text), "nobody is told who works here"
    page = maria.get(f"/staff/{practice.staff['ana']}").text
    assert maria.post(form_to(page, "/return").action).status_code == 303
    assert active(practice, "ana")
    assert practice.browser().sign_in("ana").status_code == 303
    assert ana.get("/checkin").status_code == 303, "a session that was ended does not come back"


def test_handed_in_twice_by_a_phone_it_happened_once(practice: Practice) -> None:
    phone = practice.tablet("Maria’s phone", "maria", "manager_phone")
    entry = phone.command(END, of(practice, "ana"))
    phone.send([entry])
    phone.sync([entry])
    assert phone.receipt(entry)["outcome"] == "applied"
    assert phone.row("staff_member", practice.staff["ana"])["active"] is False  # type: ignore[index]
    assert len(practice.entries(END)) == 1
    back = phone.command(RETURN, of(practice, "ana"))
    phone.sync([back])
    assert phone.row("staff_member", practice.staff["ana"])["active"] is True  # type: ignore[index]


def test_said_again_it_is_already_so(practice: Practice) -> None:
    assert practice.act("maria", END, of(practice, "ana")).outcome == "applied"
    again = practice.act("maria", END, of(practice, "ana"))
    assert (again.outcome, again.code) == ("noop", "left_already")
    assert practice.act("maria", RETURN, of(practice, "ana")).outcome == "applied"
    once_more = practice.act("maria", RETURN, of(practice, "ana"))
    assert (once_more.outcome, once_more.code) == ("noop", "here_already")


def test_nobody_removes_themselves_or_somebody_who_never_was(practice: Practice) -> None:
    receipt = practice.act("maria", END, of(practice, "maria"))
    assert (receipt.outcome, receipt.code) == ("refused", "yourself")
    assert active(practice, "maria")
    stranger = eve()["staff_id"]
    for command in (END, RETURN):
        assert practice.act("maria", command, {"staff_id": stranger}).code == "no_such_person"


def test_only_managers_decide_it(practice: Practice) -> None:
    for command in (END, RETURN):
        receipt = practice.act("ana", command, of(practice, "ben"))
        assert (receipt.outcome, receipt.code) == ("refused", "not_allowed")
    ana = practice.browser("ana")
    for answer in (ana.get("/staff"), ana.post(f"/staff/{practice.staff['ben']}/end"), ana.post("/staff", {})):
        assert answer.status_code == 403
    assert active(practice, "ben")


def test_who_is_an_owner_is_for_owners_and_there_is_always_one(practice: Practice) -> None:
    vera = eve(username="vera", name="Vera Holt", roles=["manager"])
    assert practice.act("maria", "staff.add_member", vera).outcome == "applied"
    practice.staff["vera"] = vera["staff_id"]
    try:
        assert practice.act("vera", END, of(practice, "maria")).code == "owners_only"
        promoted = {**vera, "roles": ["owner", "manager"]}
        assert practice.act("vera", "staff.add_member", promoted).code == "owners_only"
        demoted = eve(staff_id=practice.staff["maria"], name="Maria Lindqvist", username="maria", roles=["manager"])
        assert practice.act("maria", "staff.add_member", demoted).code == "last_owner"
        assert practice.act("maria", "staff.add_member", promoted).outcome == "applied"
        assert practice.act("vera", END, of(practice, "maria")).outcome == "applied"
        assert practice.act("vera", RETURN, of(practice, "maria")).outcome == "applied"
        assert practice.act("maria", "staff.add_member", demoted).outcome == "applied"
        assert practice.act("maria", END, of(practice, "vera")).code == "owners_only"
    finally:
        del practice.staff["vera"]
