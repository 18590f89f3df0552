"""`./daysheet user`: the first owner, and rescue."""

import io
from collections.abc import Callable

import pytest

from backend import welcoming
from tests.practice import Practice
from tests.staff.hands import add_passkey, make_codes, set_up_app, use_passkey

NEW = "seven grey herons"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """What comes through the pipe."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text + "\n"))


def test_somebody_who_forgot_gets_a_new_password_and_is_signed_out(
    practice: Practice, typed: Callable[[str], None]
) -> None:
    maria = practice.browser("maria")
    typed(NEW)
    assert welcoming.add_user(practice.office, "maria", "maria", ["owner"], "America/New_York") == 0
    assert maria.get("/checkin").status_code == 303
    again = practice.browser()
    assert again.sign_in("maria", NEW).headers["location"] == "/"
    assert again.get("/staff").status_code == 200, "and is still what they were"


def test_somebody_new_signs_in_at_once(practice: Practice, typed: Callable[[str], None]) -> None:
    typed(NEW)
    assert welcoming.add_user(practice.office, "vera", "Vera Holt", ["owner", "manager"], "America/New_York") == 0
    vera = practice.browser()
    vera.sign_in("vera", NEW)
    assert "Vera Holt" in vera.get("/checkin").text


@pytest.mark.parametrize(
    ("password", "say"), [("short", "Use at least 10 characters."), ("vera holt 2026", "That would soon be guessed")]
)
def test_a_weak_password_is_refused_with_the_sentence(
    practice: Practice,
    typed: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
    password: str,
    say: str,
) -> None:
    typed(password)
    assert welcoming.add_user(practice.office, "vera", "Vera Holt", ["owner"], "America/New_York") == 1
    said = capsys.readouterr().out
    assert say in said
    assert password not in said
    welcoming.list_users(practice.office)
    assert "vera" not in capsys.readouterr().out, "nobody was added"


def test_a_role_that_is_none_is_refused(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    assert welcoming.add_user(practice.office, "vera", "Vera", ["king"], "America/New_York") == 1
    assert "There is no role called king." in capsys.readouterr().out


def test_the_list_says_who_there_is_and_with_what(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    ana = practice.browser("ana")
    set_up_app(practice, ana)
    add_passkey(ana)
    practice.act("maria", "staff.end_membership", {"staff_id": practice.staff["ben"]})
    assert welcoming.list_users(practice.office) == 0
    listed = capsys.readouterr().out.splitlines()
    assert "ana  Ana Garrido  front_desk  app  passkey" in listed
    assert "ben  Ben Ito  front_desk  left" in listed
    assert "maria  Maria Lindqvist  owner manager" in listed


def test_without_the_second_step_the_password_is_enough_again(
    practice: Practice, capsys: pytest.CaptureFixture[str]
) -> None:
    ana = practice.browser("ana")
    set_up_app(practice, ana)
    key = add_passkey(ana)
    make_codes(ana)
    assert welcoming.reset_second_factor(practice.office, "ana") == 0
    assert ana.get("/checkin").status_code == 303
    assert use_passkey(practice.browser(), key).status_code == 422
    again = practice.browser()
    assert again.sign_in("ana").headers["location"] == "/"
    assert again.get("/checkin").status_code == 200
    assert welcoming.reset_second_factor(practice.office, "nobody") == 1
    assert "nobody with the user name nobody" in capsys.readouterr().out
