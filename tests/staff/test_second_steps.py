"""A password and a second step: codes from an app, and codes on paper."""

import pytest
from sqlalchemy import select

from backend.staff.factor_tables import Authenticator, RecoveryCode
from tests.forms import text_of
from tests.practice import Practice
from tests.staff.hands import add_passkey, both_steps, code_of, make_codes, policy, set_up_app
from tests.tablets import PASSWORD


def test_the_password_alone_opens_nothing_once_there_is_an_app(practice: Practice) -> None:
    app = set_up_app(practice, practice.browser("ana"))
    ana = practice.browser()
    first = ana.sign_in("ana")
    assert (first.status_code, first.headers["location"]) == (303, "/signin/second")
    assert "daysheet_session" not in ana.cookies
    assert ana.get("/checkin").headers["location"] == "/signin"
    assert "One more step" in text_of(ana.get("/signin/second").text)
    second = ana.post("/signin/second", {"code": code_of(practice, app)})
    assert (second.status_code, second.headers["location"]) == (303, "/")
    assert ana.get("/checkin").status_code == 200


def test_the_cookie_between_the_steps_is_no_session_and_ends_in_five_minutes(practice: Practice) -> None:
    app = set_up_app(practice, practice.browser("ana"))
    ana = practice.browser()
    cookie = ana.sign_in("ana").headers["set-cookie"].lower()
    for attribute in ("daysheet_pending=", "httponly", "samesite=strict", "max-age=300"):
        assert attribute in cookie
    ana.cookies["daysheet_session"] = ana.cookies["daysheet_pending"]
    assert ana.get("/checkin").status_code == 303
    practice.clock.forward(minutes=5)
    late = ana.post("/signin/second", {"code": code_of(practice, app)})
    assert late.status_code == 422
    assert "longer than five minutes" in text_of(late.text)
    assert practice.browser().get("/signin/second").headers["location"] == "/signin"


def test_a_code_works_once(practice: Practice) -> None:
    app = set_up_app(practice, practice.browser("ana"))
    code = code_of(practice, app)
    first, second = practice.browser(), practice.browser()
    first.sign_in("ana")
    second.sign_in("ana")
    assert first.post("/signin/second", {"code": code}).status_code == 303
    again = second.post("/signin/second", {"code": code})
    assert again.status_code == 422
    assert "That code is not right" in text_of(again.text)
    assert first.post("/signin/second", {"code": code}).status_code == 422, "what was begun is finished"


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_a_clock_may_be_half_a_minute_off(practice: Practice, steps: int, status: int) -> None:
    app = set_up_app(practice, practice.browser("ana"))
    practice.clock.forward(minutes=5)
    ana = practice.browser()
    ana.sign_in("ana")
    assert ana.post("/signin/second", {"code": code_of(practice, app, steps)}).status_code == status


@pytest.mark.parametrize("code", ["", "000", "abcdef", "١٢٣٤٥٦", "0" * 5000, "\0", "😀" * 6, "AAAA-AAAA-AAAA-AAAA"])
def test_an_absurd_code_is_only_wrong(practice: Practice, code: str) -> None:
    set_up_app(practice, practice.browser("ana"))
    ana = practice.browser()
    ana.sign_in("ana")
    answer = ana.post("/signin/second", {"code": code})
    assert answer.status_code == 422
    assert "That code is not right" in text_of(answer.text)


def test_the_secret_is_sealed_and_shown_only_while_it_is_set_up(practice: Practice) -> None:
    ana = practice.browser("ana")
    app = set_up_app(practice, ana)
    assert ana.get("/account/app").status_code == 404
    with practice.database.read() as session:
        kept = session.get_one(Authenticator, practice.staff["ana"])
        session.expunge_all()
    assert kept.sealed is not None
    assert kept.offered is None
    assert app.secret.encode() not in kept.sealed
    assert practice.office.keyring.open("totp", kept.sealed, practice.staff["ana"]) == app.secret.encode()
    assert app.secret not in ana.get("/account").text


def test_an_app_counts_only_once_it_shows_the_right_code(practice: Practice) -> None:
    ana = practice.browser("ana")
    ana.post("/account/app")
    page = ana.get("/account/app").text
    assert 'src="data:image/svg+xml' in page
    assert "style=" not in page
    wrong = ana.post("/account/app/confirm", {"code": "000000"})
    assert wrong.status_code in (404, 409)
    assert "Scan the square again" in text_of(wrong.text)
    assert practice.browser().sign_in("ana").headers["location"] == "/"
    app = set_up_app(practice, ana)
    other = practice.browser()
    assert both_steps(practice, other, "ana", app).status_code == 303
    other.post("/account/app")
    practice.clock.forward(seconds=30)
    assert both_steps(practice, practice.browser(), "ana", app).status_code == 303, "the old one, until the new counts"


def test_a_recovery_code_stands_in_once_and_says_how_many_are_left(practice: Practice) -> None:
    ana = practice.browser("ana")
    set_up_app(practice, ana)
    codes = make_codes(ana)
    assert len(set(codes)) == 10
    with practice.database.read() as session:
        kept = {one.hash for one in session.scalars(select(RecoveryCode))}
    assert not kept & set(codes)
    lost = practice.browser()
    lost.sign_in("ana")
    answer = lost.post("/signin/second", {"code": codes[3].lower().replace("-", " ")})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/codes")
    assert "9 recovery codes are left." in text_of(lost.get("/account/codes").text)
    assert codes[4] not in lost.get("/account/codes").text
    again = practice.browser()
    again.sign_in("ana")
    assert again.post("/signin/second", {"code": codes[3]}).status_code == 422
    ben = practice.browser("ben")
    set_up_app(practice, ben)
    not_his = practice.browser()
    not_his.sign_in("ben")
    assert not_his.post("/signin/second", {"code": codes[4]}).status_code == 422


def test_new_codes_make_the_old_ones_worthless_and_nobody_has_any_without_a_second_step(practice: Practice) -> None:
    ana = practice.browser("ana")
    assert ana.post("/account/codes").status_code == 303
    set_up_app(practice, ana)
    old, new = make_codes(ana), make_codes(ana)
    lost = practice.browser()
    lost.sign_in("ana")
    assert lost.post("/signin/second", {"code": old[0]}).status_code == 422
    assert lost.post("/signin/second", {"code": new[0]}).status_code == 303
    assert ana.post("/account/app/remove").status_code == 303
    assert practice.browser().sign_in("ana").headers["location"] == "/"
    with practice.database.read() as session:
        assert session.scalars(select(RecoveryCode)).all() == []


def test_where_a_second_step_is_required_nothing_opens_without_one(practice: Practice) -> None:
    with policy(practice, second_factor="required"):
        ana = practice.browser("ana")
        assert ana.get("/checkin").headers["location"] == "/signin"
        assert ana.get("/signin").headers["location"] == "/account"
        assert "asks for more than a password" in text_of(ana.get("/account").text)
        arrival = ana.post(f"/checkin/{practice.visits['alma']}/arrival")
        assert arrival.headers["location"] == "/signin"
        add_passkey(ana)
        assert ana.get("/checkin").status_code == 200
        ben = practice.browser("ben")
        set_up_app(practice, ben)
        assert ben.get("/checkin").status_code == 200
        ben.post("/account/app/remove")
        assert ben.get("/checkin").status_code == 303
    assert ben.get("/checkin").status_code == 200
    assert practice.entries("checkin.record_arrival") == []


def test_a_second_step_ends_the_sessions_that_were_begun_without_it(practice: Practice) -> None:
    ana, elsewhere = practice.browser("ana"), practice.browser("ana")
    set_up_app(practice, ana)
    assert elsewhere.get("/checkin").status_code == 303
    assert ana.get("/checkin").status_code == 200


def test_whoever_leaves_between_the_steps_does_not_come_in(practice: Practice) -> None:
    app = set_up_app(practice, practice.browser("ana"))
    ana = practice.browser()
    ana.sign_in("ana", PASSWORD)
    assert practice.act("maria", "staff.end_membership", {"staff_id": practice.staff["ana"]}).outcome == "applied"
    assert ana.post("/signin/second", {"code": code_of(practice, app)}).status_code == 422


def test_wrong_codes_at_ones_own_tablet_wait_too(practice: Practice) -> None:
    ana = practice.browser("ana")
    set_up_app(practice, ana)
    ana.sign_in("ana")
    answers = [ana.post("/signin/second", {"code": "000000"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
