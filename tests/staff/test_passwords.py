"""Which passwords are refused, and the changing of one's own."""

import time

import pytest

from backend.staff import WeakPassword, hashed, set_password
from backend.staff.passwords import LONG, SHORT, WEAK, refuse_weak
from tests.forms import text_of
from tests.practice import Practice
from tests.tablets import PASSWORD

ABOUT = ("Ana Garrido", "ana", "Maple Street Family Medicine")
NEW = "seven grey herons"


@pytest.mark.parametrize(
    ("password", "say"),
    [
        ("", SHORT),
        ("nine char", SHORT),
        ("x" * 129, LONG),
        ("password1234", WEAK),
        ("P@ssw0rd2026!", WEAK),
        ("qwertyuiop12", WEAK),
        ("aaaaaaaaaaaaaaaaaaaa", WEAK),
        ("Ana Garrido 2026", WEAK),
        ("maple street family", WEAK),
        ("MapleStreet1", WEAK),
        ("daysheet daysheet", WEAK),
        ("january 2 1987", WEAK),
    ],
)
def test_what_others_would_try_is_refused_with_a_sentence(password: str, say: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        refuse_weak(password, ABOUT)
    assert refused.value.say == say


@pytest.mark.parametrize("password", [PASSWORD, NEW, "ñandú plum cactus", "x7#Kq!v92LmZ", "moss lantern ribbon " * 6])
def test_what_nobody_would_try_is_taken(password: str) -> None:
    assert hashed(password, ABOUT).startswith("$argon2id$")


def test_a_password_made_to_be_hard_to_estimate_costs_no_more_than_others_do_to_hash() -> None:
    began = time.process_time()
    refuse_weak("4@8({[</369&#!1/|0$5+7%2/" * 5, ABOUT)
    assert time.process_time() - began < 5


def test_the_demos_password_is_good_enough_for_this_house() -> None:
    from backend.demo import PASSWORD as DEMOS
    from backend.demo import SITE, STAFF

    for username, name, _ in STAFF:
        refuse_weak(DEMOS, (username, name, SITE.name))


def test_a_weak_password_changes_nothing(practice: Practice) -> None:
    ana = practice.browser("ana")
    with practice.database.write() as session, pytest.raises(WeakPassword):
        set_password(session, practice.staff["ana"], "garrido ana 1")
    assert ana.get("/checkin").status_code == 200
    assert practice.browser().sign_in("ana").status_code == 303


@pytest.mark.parametrize(
    ("new", "again", "say"),
    [
        ("password1234", "password1234", "That would soon be guessed"),
        ("short", "short", "Use at least 10 characters."),
        (NEW, "seven grey heron", "These two are not alike."),
        (PASSWORD, PASSWORD, "That is the password that you have."),
    ],
)
def test_on_the_account_page_it_comes_back_with_the_sentence(
    practice: Practice, new: str, again: str, say: str
) -> None:
    ana = practice.browser("ana")
    answer = ana.post("/account/password", {"new": new, "again": again})
    assert answer.status_code == 422
    assert say in text_of(answer.text)
    assert f'value="{new}"' not in answer.text
    assert practice.browser().sign_in("ana").status_code == 303


def test_a_changed_password_signs_everybody_else_out(practice: Practice) -> None:
    ana, elsewhere = practice.browser("ana"), practice.browser("ana")
    assert ana.post("/account/password", {"new": NEW, "again": NEW}).status_code == 303
    assert ana.get("/checkin").status_code == 200
    assert elsewhere.get("/checkin").status_code == 303
    assert practice.browser().sign_in("ana").status_code == 422
    assert practice.browser().sign_in("ana", NEW).status_code == 303
    repeated = ana.post("/account/password", {"new": NEW, "again": NEW})
    assert "That is the password that you have." in text_of(repeated.text)


def test_in_spanish_too(practice: Practice) -> None:
    from backend.office import OpenSite
    from tests.practice import SITE

    practice.giver().give(OpenSite, site_id=SITE.id, name=SITE.name, zone_name=SITE.zone_name, language="es")
    answer = practice.browser("ana").post("/account/password", {"new": "password1234", "again": "password1234"})
    assert "Junte tres o cuatro palabras" in text_of(answer.text)
