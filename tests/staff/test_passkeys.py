"""Passkeys: added on the account page, enough alone to sign in, and every lie about one noticed."""

import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from backend.staff.factor_tables import Passkey, Pending
from tests.forms import text_of
from tests.practice import Practice
from tests.staff.authenticator import PRESENT, VERIFIED, Authenticator, text
from tests.staff.hands import SCRIPT, add_passkey, ask, make_codes, offer_passkey, policy, use_passkey

STRANGER = ec.generate_private_key(ec.SECP256R1())
ORIGIN_OF_ANOTHER = "https://evil.example"
LIES: list[dict[str, Any]] = [
    {"origin": ORIGIN_OF_ANOTHER},
    {"origin": "http://testserver.local:8000"},
    {"origin": "https://testserver.local"},
    {"rp": "evil.example"},
    {"challenge": text(b"x" * 32)},
    {"flags": PRESENT},
    {"flags": VERIFIED},
    {"told": {"crossOrigin": True}},
    {"told": {"topOrigin": ORIGIN_OF_ANOTHER}},
]


def kept(practice: Practice, who: str = "ana") -> Passkey:
    with practice.database.read() as session:
        found = session.query(Passkey).filter_by(staff_id=practice.staff[who]).one()
        session.expunge_all()
        return found


def test_a_passkey_alone_signs_in(practice: Practice) -> None:
    key = add_passkey(practice.browser("ana"), "Blue key")
    ana = practice.browser()
    answer = use_passkey(ana, key)
    assert (answer.status_code, answer.json()) == (200, {"location": "/"})
    assert ana.get("/checkin").status_code == 200
    assert "Ana Garrido" in ana.get("/checkin").text
    assert (kept(practice).sign_count, kept(practice).name) == (1, "Blue key")


def test_the_browser_is_asked_for_a_key_that_verifies_its_person_and_can_open_a_device(practice: Practice) -> None:
    ana = practice.browser("ana")
    options = ask(ana, "/account/passkeys/options").json()
    chosen = options["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert options["rp"] == {"id": "testserver.local", "name": "Daysheet"}
    first = text(hashlib.sha256(b"daysheet data key 1").digest())
    assert options["extensions"] == {"prf": {"eval": {"first": first}}}
    assert "Garrido" not in options["user"]["id"]
    to_use = ask(practice.browser(), "/signin/passkey/options").json()
    assert (to_use["userVerification"], to_use["allowCredentials"]) == ("required", [])


@pytest.mark.parametrize("lie", [*LIES, {"type": "webauthn.get"}], ids=str)
def test_no_passkey_is_added_on_a_lie(practice: Practice, lie: dict[str, Any]) -> None:
    ana = practice.browser("ana")
    answer = offer_passkey(ana, Authenticator(), **lie)
    assert answer.status_code == 422
    assert answer.json()["say"].startswith("This passkey was not accepted.")
    with practice.database.read() as session:
        assert session.query(Passkey).count() == 0


@pytest.mark.parametrize(
    "lie", [*LIES, {"type": "webauthn.create"}, {"signed_with": STRANGER}, {"handle": text(b"ben")}], ids=str
)
def test_nobody_signs_in_on_a_lie(practice: Practice, lie: dict[str, Any]) -> None:
    key = add_passkey(practice.browser("ana"))
    liar = practice.browser()
    answer = use_passkey(liar, key, **lie)
    assert (answer.status_code, answer.json()["error"]) == (422, "untrue")
    assert "daysheet_session" not in liar.cookies
    assert kept(practice).copied_at is None
    assert use_passkey(practice.browser(), key).status_code == 200, "a lie changes nothing for who tells the truth"


def test_an_answer_is_believed_once(practice: Practice) -> None:
    key = add_passkey(practice.browser("ana"))
    ana = practice.browser()
    said = key.sign(ask(ana, "/signin/passkey/options").json())
    pending = ana.cookies["daysheet_pending"]
    assert ask(ana, "/signin/passkey", said).status_code == 200
    thief = practice.browser()
    thief.cookies["daysheet_pending"] = pending
    replayed = ask(thief, "/signin/passkey", said)
    assert (replayed.status_code, replayed.json()["error"]) == (422, "late")


def test_a_wrong_answer_uses_the_challenge_up(practice: Practice) -> None:
    key = add_passkey(practice.browser("ana"))
    ana = practice.browser()
    options = ask(ana, "/signin/passkey/options").json()
    assert ask(ana, "/signin/passkey", key.sign(options, signed_with=STRANGER)).json()["error"] == "untrue"
    assert ask(ana, "/signin/passkey", key.sign(options)).json()["error"] == "late"


def test_a_challenge_is_bound_to_the_browser_that_asked_and_to_five_minutes(practice: Practice) -> None:
    key = add_passkey(practice.browser("ana"))
    ana, thief = practice.browser(), practice.browser()
    options = ask(ana, "/signin/passkey/options").json()
    assert ask(thief, "/signin/passkey", key.sign(options)).json()["error"] == "late"
    ask(thief, "/signin/passkey/options")
    assert ask(thief, "/signin/passkey", key.sign(options)).json()["error"] == "untrue"
    practice.clock.forward(minutes=5)
    assert ask(ana, "/signin/passkey", key.sign(options)).json()["error"] == "late"


def test_a_counter_that_goes_back_is_refused_and_noted(practice: Practice) -> None:
    ana = practice.browser("ana")
    key = add_passkey(ana)
    assert use_passkey(practice.browser(), key, count=9).status_code == 200
    for count in (9, 3, 0):
        copy = use_passkey(practice.browser(), key, count=count)
        assert (copy.status_code, copy.json()["error"]) == (422, "copied")
    assert kept(practice).copied_at is not None
    assert kept(practice).sign_count == 9
    assert "It may have been copied." in text_of(ana.get("/account").text)


def test_a_key_that_counts_nothing_is_fine(practice: Practice) -> None:
    key = add_passkey(practice.browser("ana"))
    assert [use_passkey(practice.browser(), key, count=0).status_code for _ in range(2)] == [200, 200]


def test_after_the_password_a_passkey_is_the_second_step(practice: Practice) -> None:
    key = add_passkey(practice.browser("ana"))
    ana = practice.browser()
    assert ana.sign_in("ana").headers["location"] == "/signin/second"
    assert use_passkey(ana, key, signed_with=STRANGER).status_code == 422
    assert ana.get("/signin/second").status_code == 200, "the code may still be typed"
    assert use_passkey(ana, key).status_code == 200
    assert ana.get("/checkin").status_code == 200


def test_recovery_codes_stand_in_for_a_lost_passkey(practice: Practice) -> None:
    ana = practice.browser("ana")
    add_passkey(ana)
    codes = make_codes(ana)
    lost = practice.browser()
    lost.sign_in("ana")
    assert lost.post("/signin/second", {"code": codes[0]}).status_code == 303
    assert lost.get("/checkin").status_code == 200


def test_a_removed_passkey_and_one_of_who_left_open_nothing(practice: Practice) -> None:
    ana = practice.browser("ana")
    key = add_passkey(ana)
    path = f"/account/passkeys/{kept(practice).id}/remove"
    assert practice.browser("ben").post(path).status_code == 404
    assert ana.post(path).status_code == 303
    assert ana.post(path).status_code == 404
    assert use_passkey(practice.browser(), key).json()["error"] == "untrue"
    other = add_passkey(practice.browser("cleo"))
    practice.act("maria", "staff.end_membership", {"staff_id": practice.staff["cleo"]})
    assert use_passkey(practice.browser(), other).json()["error"] == "untrue"


def test_a_passkey_is_added_once(practice: Practice) -> None:
    ana, key = practice.browser("ana"), Authenticator()
    assert offer_passkey(ana, key).status_code == 200
    excluded = ask(ana, "/account/passkeys/options").json()["excludeCredentials"]
    assert [one["id"] for one in excluded] == [text(key.id)]
    again = offer_passkey(practice.browser("ben"), key)
    assert (again.status_code, again.json()["say"]) == (422, "This passkey is already known here.")


def test_where_the_settings_name_the_origin_that_one_counts(practice: Practice) -> None:
    with policy(practice, origin="https://desk.example.com:8443/"):
        ana = practice.browser("ana")
        assert ask(ana, "/account/passkeys/options").json()["rp"]["id"] == "desk.example.com"
        assert offer_passkey(ana, Authenticator()).status_code == 422
        assert offer_passkey(ana, Authenticator(), origin="https://desk.example.com:8443").status_code == 200


@pytest.mark.parametrize("body", [{}, {"id": 7}, {"id": "x", "response": []}, {"response": {"clientDataJSON": "é"}}])
def test_an_absurd_answer_is_only_untrue(practice: Practice, body: Any) -> None:
    ana = practice.browser("ana")
    key = add_passkey(ana)
    for extra in ({}, {"id": text(key.id), "rawId": text(key.id), "type": "public-key"}):
        browser = practice.browser()
        ask(browser, "/signin/passkey/options")
        assert ask(browser, "/signin/passkey", {**extra, **body}).status_code == 422
    ask(ana, "/account/passkeys/options")
    for absurd in (body, {"credential": body, "name": 7}, {"credential": [], "name": None}):
        assert ask(ana, "/account/passkeys", absurd).status_code == 422


def test_only_our_own_script_begins_it(practice: Practice) -> None:
    add_passkey(practice.browser("ana"))
    paths = ("/signin/passkey", "/account/passkeys", "/account/proof/passkey")
    for path in [*paths, *(f"{path}/options" for path in paths)]:
        plain = practice.browser("ben")._send("POST", path, {}, json={})
        assert plain.status_code == 403
        crossed = practice.browser("ben")._send("POST", path, {**SCRIPT, "sec-fetch-site": "cross-site"}, json={})
        assert crossed.status_code == 403
    with practice.database.read() as session:
        assert session.query(Pending).count() == 0
