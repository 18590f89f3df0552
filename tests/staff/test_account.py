"""Somebody's account: where they are signed in, and the proof that a change asks for."""

from typing import Any

import pytest

from backend.callers import KNOWN_COOKIE, SESSION_COOKIE, cookie_name
from backend.staff.browsers import words_for
from backend.staff.models import SignIn
from tests.forms import text_of
from tests.practice import Practice
from tests.staff.hands import add_passkey, ask, policy, use_passkey
from tests.tablets import PASSWORD

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
IPAD = "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604"


def sessions(practice: Practice, who: str = "ana") -> list[SignIn]:
    with practice.database.read() as session:
        found = session.query(SignIn).filter_by(staff_id=practice.staff[who]).order_by(SignIn.since).all()
        session.expunge_all()
        return found


def test_a_session_in_use_lasts_its_hours_and_an_idle_one_an_hour(practice: Practice) -> None:
    used, idle = practice.browser("ana"), practice.browser("ana")
    for _ in range(14):
        practice.clock.forward(minutes=50)
        assert used.get("/checkin").status_code == 200
    assert idle.get("/checkin").status_code == 303
    practice.clock.forward(minutes=20)
    assert used.get("/checkin").status_code == 303, "twelve hours are over"
    with policy(practice, session_idle_minutes=5):
        brief = practice.browser("ana")
        practice.clock.forward(minutes=5)
        assert brief.get("/checkin").status_code == 303


def test_use_is_noted_once_a_minute_so_that_reading_costs_no_write(practice: Practice) -> None:
    ana = practice.browser("ana")
    since = practice.clock.now()
    practice.clock.forward(seconds=59)
    ana.get("/checkin")
    assert sessions(practice)[0].last_used == since
    practice.clock.forward(seconds=1)
    ana.get("/checkin")
    assert sessions(practice)[0].last_used == practice.clock.now()


def test_whoever_signs_in_leaves_the_session_that_the_browser_had(practice: Practice) -> None:
    thief, victim = practice.browser("ben"), practice.browser()
    planted = thief.cookies[SESSION_COOKIE]
    victim.cookies[SESSION_COOKIE] = planted
    victim.sign_in("ana")
    assert victim.cookies[SESSION_COOKIE] != planted
    assert thief.get("/checkin").status_code == 303, "what was planted is over, and was never Ana's"
    assert "Ana Garrido" in victim.get("/checkin").text


def test_a_proof_gives_the_session_a_new_token_and_ten_minutes(practice: Practice) -> None:
    ana, thief = practice.browser("ana"), practice.browser()
    replica = sessions(practice)[0].replica_id
    practice.clock.forward(minutes=10)
    refused = ana.post("/account/app")
    assert refused.status_code == 403
    assert "Confirm first that it is you" in text_of(refused.text)
    thief.cookies = dict(ana.cookies)
    assert ana.post("/account/proof", {"password": PASSWORD}).status_code == 303
    assert thief.get("/checkin").status_code == 303
    assert ana.post("/account/app").status_code == 303
    assert [one.replica_id for one in sessions(practice)] == [replica], "the same session, so its work is still counted"


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("/account/password", {"new": "seven grey herons", "again": "seven grey herons"}),
    ("/account/app", {}),
    ("/account/app/confirm", {"code": "123456"}),
    ("/account/app/remove", {}),
    ("/account/codes", {}),
    ("/account/passkeys/x/remove", {}),
    ("/account/sessions/others/end", {}),
]


@pytest.mark.parametrize(("path", "form"), CHANGES)
def test_every_change_asks_for_a_recent_proof_and_for_our_own_page(
    practice: Practice, path: str, form: dict[str, Any]
) -> None:
    ana = practice.browser("ana")
    assert ana.post(path, form, **{"sec-fetch-site": "cross-site"}).status_code == 403
    practice.clock.forward(minutes=11)
    answer = ana.post(path, form)
    assert answer.status_code == 403
    assert "Confirm first that it is you" in text_of(answer.text)
    assert practice.browser().post(path, form).headers["location"] == "/signin"


def test_adding_a_passkey_asks_for_a_recent_proof(practice: Practice) -> None:
    ana = practice.browser("ana")
    practice.clock.forward(minutes=11)
    for path in ("/account/passkeys/options", "/account/passkeys"):
        answer = ask(ana, path)
        assert (answer.status_code, answer.json()["error"]) == (403, "not_proven")


def test_a_wrong_password_proves_nothing_and_many_wait(practice: Practice) -> None:
    ana = practice.browser("ana")
    practice.clock.forward(minutes=11)
    answers = [ana.post("/account/proof", {"password": "a loud evening"}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert "That is not your password." in text_of(answers[0].text)
    assert "Too many tries." in text_of(answers[-1].text)
    assert ana.post("/account/app").status_code == 403


def test_ones_own_passkey_is_a_proof_and_nobody_elses(practice: Practice) -> None:
    ana = practice.browser("ana")
    mine, bens = add_passkey(ana), add_passkey(practice.browser("ben"))
    practice.clock.forward(minutes=11)
    wrong = use_passkey(ana, bens, "/account/proof/passkey")
    assert (wrong.status_code, wrong.json()["error"]) == (422, "untrue")
    assert ana.post("/account/codes").status_code == 403
    right = use_passkey(ana, mine, "/account/proof/passkey")
    assert (right.status_code, right.json()) == (200, {"location": "/account"})
    assert ana.post("/account/codes").status_code == 200
    copied = use_passkey(ana, mine, "/account/proof/passkey", count=1)
    assert copied.json()["error"] == "copied"
    assert "may have been copied" in text_of(ana.get("/account").text)


def test_the_sessions_are_listed_in_plain_words_with_this_one_marked(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    practice.browser().post("/signin", {"username": "ana", "password": PASSWORD}, **{"user-agent": IPAD})
    practice.clock.forward(minutes=1)
    tablet.get("/checkin")
    page = text_of(tablet.get("/account").text)
    assert "Tablet 1" in page
    assert "Safari on an iPad" in page
    assert page.count("This one") == 1


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome on Windows"),
        (CHROME + " Edg/142.0", "Edge on Windows"),
        (IPAD, "Safari on an iPad"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("", "A browser"),
        ("<script>alert(1)</script>", "A browser"),
    ],
)
def test_browsers_are_called_what_people_call_them(agent: str, words: str) -> None:
    assert words_for(agent) == words


def test_sessions_are_ended_one_by_one_or_all_the_others(practice: Practice) -> None:
    first = practice.browser("ana")
    id_of_first = sessions(practice)[0].replica_id
    second, third, fourth = (practice.browser("ana") for _ in range(3))
    assert practice.browser("ben").post(f"/account/sessions/{id_of_first}/end").status_code == 404
    assert first.get("/checkin").status_code == 200
    assert second.post(f"/account/sessions/{id_of_first}/end").status_code == 303
    assert [one.get("/checkin").status_code for one in (first, second, third)] == [303, 200, 200]
    assert second.post(f"/account/sessions/{id_of_first}/end").status_code == 404
    assert second.post("/account/sessions/others/end").status_code == 303
    assert [one.get("/checkin").status_code for one in (second, third, fourth)] == [200, 303, 303]


def test_the_account_is_nobodys_to_keep(practice: Practice) -> None:
    ana = practice.browser("ana")
    for path in ("/account", "/account/codes"):
        assert ana.get(path).headers["cache-control"] == "no-store"
        assert practice.browser().get(path).headers["location"] == "/signin"
    assert not [page for page in practice.office.answering.manifest["pages"] if page["name"].startswith("staff.")]
    assert set(practice.office.answering.manifest["passes"]) >= {"/signin", "/signin/second", "/signin/passkey"}


def test_where_https_is_spoken_only_this_host_can_have_set_the_cookies(practice: Practice) -> None:
    with policy(practice, secure_cookies=True):
        ana = practice.browser()
        answer = ana.sign_in("ana")
        for name in (SESSION_COOKIE, KNOWN_COOKIE):
            cookie = next(one for one in answer.headers.get_list("set-cookie") if f"__Host-{name}=" in one).lower()
            for attribute in ("secure", "path=/", "httponly", "samesite=strict"):
                assert attribute in cookie
            assert "domain" not in cookie
        assert ana.get("/checkin").status_code == 200
        ana.cookies[SESSION_COOKIE] = ana.cookies.pop(cookie_name(SESSION_COOKIE, True))
        assert ana.get("/checkin").status_code == 303
