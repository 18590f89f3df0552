"""Each emergency is reviewed by a second person, and waits until it is."""

from typing import Any

import pytest

from backend.ids import new_id
from tests.forms import form_to, text_of
from tests.practice import Practice

REVIEW = "privacy.review_glass"
WHY = "A patient collapsed in the hall"
FOUND = {"finding": "She helped until the ambulance came.", "verdict": "appropriate"}


def declared(practice: Practice, who: str = "cleo") -> str:
    glass_id = new_id()
    practice.act(who, "privacy.break_glass", {"glass_id": glass_id, "reason": WHY})
    return glass_id


def test_the_privacy_officer_sees_who_when_why_and_what_was_looked_at(practice: Practice) -> None:
    cleo = practice.browser("cleo")
    cleo.post("/emergency", {"reason": WHY})
    cleo.get(f"/checkin/{practice.visits['alma']}")
    petra = practice.browser("petra")
    page = text_of(petra.get("/privacy").text)
    for words in ("1 to review", "Cleo Marsh", WHY, "Cleo Marsh opened a visit of Alma Castellanos", "8:30"):
        assert words in page, page


def test_a_review_closes_it_and_its_case(practice: Practice) -> None:
    glass_id = declared(practice)
    petra = practice.browser("petra")
    form = form_to(petra.get("/privacy").text, f"{glass_id}/review")
    assert petra.post(form.action, form.filled(**FOUND)).status_code == 303
    again = petra.post(form.action, form.filled(**FOUND))
    assert again.status_code == 303, "a double tap is one command"
    page = text_of(petra.get("/privacy").text)
    assert "0 to review" in page
    assert FOUND["finding"] in page
    assert "Appropriate" in page
    assert practice.row("glass", glass_id)["reviewed"] is True  # type: ignore[index]
    assert "opened the patient pages" not in practice.browser("maria").get("/attention/office").text


def test_nobody_reviews_their_own(practice: Practice) -> None:
    glass_id = declared(practice, "petra")
    petra = practice.browser("petra")
    assert "somebody else must review it" in petra.get("/privacy").text
    refused = petra.post(f"/privacy/{glass_id}/review", FOUND)
    assert refused.status_code == 422
    assert "You declared this emergency, so somebody else must review it." in refused.text
    assert practice.act("maria", REVIEW, {"glass_id": glass_id, **FOUND}).outcome == "applied"


def test_the_first_review_stands(practice: Practice) -> None:
    glass_id = declared(practice)
    assert practice.act("petra", REVIEW, {"glass_id": glass_id, **FOUND}).outcome == "applied"
    second = practice.act("maria", REVIEW, {"glass_id": glass_id, **FOUND, "verdict": "inappropriate"})
    assert (second.outcome, second.code) == ("refused", "already_reviewed")
    assert practice.act("petra", REVIEW, {"glass_id": new_id(), **FOUND}).code == "missing"


@pytest.mark.parametrize("wrong", [{"finding": ""}, {"verdict": ""}, {"verdict": "fine"}])
def test_a_form_with_a_mistake_comes_back_with_what_was_typed(practice: Practice, wrong: dict[str, Any]) -> None:
    glass_id = declared(practice)
    petra = practice.browser("petra")
    answer = petra.post(f"/privacy/{glass_id}/review", {**FOUND, **wrong})
    assert answer.status_code == 422
    assert (FOUND["finding"] in answer.text) == ("finding" not in wrong)
    assert practice.entries(REVIEW) == []


def test_only_privacy_officers_and_owners_review(practice: Practice) -> None:
    glass_id = declared(practice)
    for who in ("ana", "cleo", "dana"):
        assert practice.browser(who).get("/privacy").status_code == 403
        assert practice.browser(who).post(f"/privacy/{glass_id}/review", FOUND).status_code == 403
        assert practice.act(who, REVIEW, {"glass_id": glass_id, **FOUND}).code == "not_allowed"
    assert practice.browser().get("/privacy").status_code == 303
    cross = practice.browser("petra").post(f"/privacy/{glass_id}/review", FOUND, **{"sec-fetch-site": "cross-site"})
    assert cross.status_code == 403
    assert practice.browser("petra").post("/privacy/nonsense/review", FOUND).status_code == 422
