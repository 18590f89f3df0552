"""Somebody signs in, and out."""

import pytest

from backend.staff import set_password
from tests.forms import text_of
from tests.practice import Practice

WRONG = "That user name and password do not belong together. Check both and try again."


def test_signing_in_leads_to_the_board_with_a_cookie_that_no_script_reads(practice: Practice) -> None:
    answer = practice.browser().sign_in("ana")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "daysheet_session=" in cookie
    for attribute in ("httponly", "samesite=strict", "path=/", "max-age=43200"):
        assert attribute in cookie


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("ana", "a loud evening"),
        ("nobody", "a quiet morning"),
        ("", ""),
        ("ana\0", "loud"),
        ("ana" * 500, "x" * 5000),
    ],
)
def test_whatever_was_wrong_the_sentence_is_the_same(practice: Practice, username: str, password: str) -> None:
    answer = practice.browser().sign_in(username, password)
    assert answer.status_code == 422
    assert WRONG in text_of(answer.text)
    assert "set-cookie" not in answer.headers
    assert not password or password not in answer.text


def test_the_user_name_is_kept_and_its_case_does_not_matter(practice: Practice) -> None:
    wrong = practice.browser().sign_in("ana", "a loud evening")
    assert 'value="ana"' in wrong.text
    assert practice.browser().sign_in(" ANA ").status_code == 303


def test_after_five_wrong_passwords_a_guesser_waits_and_colleagues_do_not(practice: Practice) -> None:
    guesser = practice.browser()
    answers = [guesser.sign_in("ana", f"guess number {n}").status_code for n in range(6)]
    assert answers == [422] * 5 + [429]
    even_right = guesser.sign_in("ana")
    assert even_right.status_code == 429
    assert "Wait a minute" in even_right.text
    assert practice.browser().sign_in("ben").status_code == 303
    practice.clock.forward(minutes=1)
    assert practice.browser().sign_in("ana").status_code == 303
    assert practice.browser().sign_in("ana", "a loud evening").status_code == 422, "the count began anew"


def test_a_session_ends_by_itself(practice: Practice) -> None:
    ana = practice.browser("ana")
    practice.clock.forward(minutes=59)
    assert ana.get("/checkin").status_code == 200
    practice.clock.forward(minutes=60)
    answer = ana.get("/checkin")
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin")
    late = ana.post(f"/checkin/{practice.visits['alma']}/arrival")
    assert (late.status_code, late.headers["location"]) == (303, "/signin")
    assert practice.entries("checkin.record_arrival") == []


def test_the_app_is_told_as_data_that_nobody_is_signed_in(practice: Practice) -> None:
    answer = practice.browser().get("/checkin", accept="application/json")
    assert answer.status_code == 401
    assert answer.json() == {"error": "signed_out", "say": "Sign in first. Nothing was lost."}
    assert practice.browser().get("/checkin", **{"x-daysheet": "page"}).status_code == 401


def test_signing_out_ends_the_session_also_for_a_copied_cookie(practice: Practice) -> None:
    ana = practice.browser("ana")
    thief = practice.browser()
    thief.cookies = dict(ana.cookies)
    answer = ana.post("/signout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin")
    assert "daysheet_session=" in answer.headers["set-cookie"]
    assert thief.get("/checkin").status_code == 303


def test_signing_out_twice_or_without_a_session_is_no_matter(practice: Practice) -> None:
    assert [practice.browser().post("/signout").status_code for _ in range(2)] == [303, 303]


def test_a_new_password_ends_the_sessions_of_the_old_one(practice: Practice) -> None:
    ana = practice.browser("ana")
    with practice.database.write() as session:
        set_password(session, practice.staff["ana"], "a longer afternoon")
    assert ana.get("/checkin").status_code == 303
    assert practice.browser().sign_in("ana").status_code == 422
    assert practice.browser().sign_in("ana", "a longer afternoon").status_code == 303


def test_a_made_up_cookie_opens_nothing(practice: Practice) -> None:
    browser = practice.browser()
    for token in ("x", "a" * 5000, "../../etc"):
        browser.cookies = {"daysheet_session": token}
        assert browser.get("/checkin").status_code == 303


def test_only_our_own_pages_sign_anybody_in_or_out(practice: Practice) -> None:
    form = {"username": "ana", "password": "a quiet morning"}
    for path in ("/signin", "/signout"):
        for header in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
            assert practice.browser().post(path, form, **header).status_code == 403


def test_names_that_exist_and_names_that_do_not_take_the_same_work(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.staff import signing_in

    hashed: list[str] = []
    real = signing_in.verify
    monkeypatch.setattr(signing_in, "verify", lambda hash, password: hashed.append(hash) or real(hash, password))
    practice.act("maria", "staff.end_membership", {"staff_id": practice.staff["ben"]})
    with practice.database.write() as session:
        set_password(session, practice.staff["ana"], "a longer afternoon")
    answers = [practice.browser().sign_in(who, "a loud evening") for who in ("ana", "ben", "nobody", "no such name!")]
    assert len({(answer.status_code, text_of(answer.text)) for answer in answers}) == 1
    costs = {hash.rpartition("$")[0].rpartition("$")[0] for hash in hashed}
    assert (len(hashed), len(costs)) == (4, 1), "each is one hash of the same cost"
