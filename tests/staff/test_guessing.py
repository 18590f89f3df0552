"""Whoever guesses waits; nobody makes a colleague wait at a browser that knows them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from backend.staff import guessing
from backend.staff.browsers import door_of
from backend.staff.factor_tables import Guesses
from backend.staff.sessions import Where
from backend.staff.signing_in import SecondStep, SignedIn, TurnedAway, sign_in, sign_in_by_code
from tests.practice import Practice
from tests.staff.hands import code_of, policy, set_up_app
from tests.tablets import PASSWORD

ELSEWHERE = Where("203.0.113.9", "Firefox on Linux")


def outcome(practice: Practice, who: str, password: str, where: Where = ELSEWHERE) -> str:
    """`in`, or why not."""
    found = sign_in(door_of(practice.office), who, password, where)
    return found.code if isinstance(found, TurnedAway) else "in"


def drain(practice: Practice, who: str, guesses: int, addresses: int = 1) -> list[str]:
    """So many guesses in no time, from so many addresses, without the slow hashing of each."""
    return [outcome(practice, who, "wrong", Where(f"198.51.100.{n % addresses}", "")) for n in range(guesses)]


def known_tablet(practice: Practice, who: str = "ana", address: str = "192.0.2.7") -> Where:
    """Where somebody was let in before."""
    found = sign_in(door_of(practice.office), who, PASSWORD, Where(address, "Chrome on Android"))
    assert isinstance(found, SignedIn)
    return Where(address, "Chrome on Android", known=found.begun.known)


def test_ten_thousand_guesses_from_elsewhere_do_not_make_ana_wait_at_her_own_tablet(practice: Practice) -> None:
    tablet = known_tablet(practice)
    tries = drain(practice, "ana", 10_000, addresses=200)
    assert tries.count("wrong_password") == 30, "all addresses together have one budget for her name"
    assert tries.count("wait") == 10_000 - 30
    assert outcome(practice, "ana", PASSWORD, replace(tablet)) == "in"


def test_nor_do_they_when_they_come_from_her_own_network(practice: Practice) -> None:
    tablet = known_tablet(practice)
    for who in ("ana", "ben", "cleo", "nobody", "root") * 40:
        outcome(practice, who, "wrong", Where(tablet.address, ""))
    assert outcome(practice, "ana", PASSWORD, Where(tablet.address, "")) == "wait"
    assert outcome(practice, "ana", PASSWORD, tablet) == "in"


def test_a_stolen_tablet_does_not_guess_without_end(practice: Practice) -> None:
    tablet = known_tablet(practice)
    tries = [outcome(practice, "ana", "wrong", tablet) for _ in range(12)]
    assert tries == ["wrong_password"] * 10 + ["wait"] * 2
    assert outcome(practice, "ana", PASSWORD, tablet) == "wait"
    practice.clock.forward(seconds=30)
    assert outcome(practice, "ana", PASSWORD, tablet) == "in"
    assert outcome(practice, "ben", PASSWORD, replace(tablet, address="192.0.2.8")) == "in", "Ben was never counted"


def test_a_browser_that_knows_ben_is_a_stranger_to_ana(practice: Practice) -> None:
    tablet = known_tablet(practice, "ben")
    tries = [outcome(practice, "ana", "wrong", tablet) for _ in range(6)]
    assert tries == ["wrong_password"] * 5 + ["wait"]


def test_one_tablet_knows_all_who_share_it_and_its_mark_is_new_each_time(practice: Practice) -> None:
    first = known_tablet(practice, "ana")
    found = sign_in(door_of(practice.office), "ben", PASSWORD, first)
    assert isinstance(found, SignedIn)
    now = replace(first, known=found.begun.known)
    with practice.database.read() as session:
        for who in ("ana", "ben"):
            assert guessing.is_known(session, practice.staff[who], now.known_hash)
            assert not guessing.is_known(session, practice.staff[who], first.known_hash), "a copy is worthless by now"
        assert not guessing.is_known(session, practice.staff["cleo"], now.known_hash)


def test_a_name_that_nobody_has_is_counted_as_any_other(practice: Practice) -> None:
    assert drain(practice, "nobody", 40, addresses=20) == drain(practice, "ben", 40, addresses=20)


def test_an_address_that_tries_many_names_is_braked(practice: Practice) -> None:
    tries = [outcome(practice, f"name{n}", "wrong") for n in range(70)]
    assert tries == ["wrong_password"] * 60 + ["wait"] * 10
    assert outcome(practice, "cleo", PASSWORD) == "wait"
    assert outcome(practice, "cleo", PASSWORD, Where("203.0.113.10", "")) == "in"
    practice.clock.forward(seconds=6)
    assert outcome(practice, "cleo", PASSWORD) == "in"


def test_waiting_gives_back_one_guess_at_a_time_and_being_right_all_of_them(practice: Practice) -> None:
    assert drain(practice, "ana", 6)[-1] == "wait"
    practice.clock.forward(seconds=59)
    assert drain(practice, "ana", 1) == ["wait"]
    practice.clock.forward(seconds=1)
    assert drain(practice, "ana", 2) == ["wrong_password", "wait"]
    practice.clock.forward(minutes=1)
    assert outcome(practice, "ana", PASSWORD, Where("198.51.100.0", "")) == "in"
    assert drain(practice, "ana", 6) == ["wrong_password"] * 5 + ["wait"]


def test_what_is_not_needed_any_more_is_forgotten(practice: Practice) -> None:
    for n in range(20):
        outcome(practice, f"name{n}", "wrong")
    practice.clock.forward(hours=1)
    outcome(practice, "ana", "wrong")
    with practice.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Guesses)) == 3


def test_odd_names_share_one_budget_so_that_a_mistyped_password_is_kept_nowhere(practice: Practice) -> None:
    tries = [outcome(practice, f"My Secret {n}!", "wrong") for n in range(6)]
    assert tries == ["wrong_password"] * 5 + ["wait"]


def test_six_digits_are_not_tried_out_though_the_password_is_known(practice: Practice) -> None:
    ana = practice.browser("ana")
    app = set_up_app(practice, ana)
    door, right = door_of(practice.office), 0
    for n in range(100):
        step = sign_in(door, "ana", PASSWORD, Where(f"198.51.100.{n}", ""))
        if not isinstance(step, SecondStep):
            continue
        found = sign_in_by_code(door, "000000", Where(f"198.51.100.{n}", "", pending=step.token))
        right += isinstance(found, TurnedAway) and found.code == "wrong_code"
    assert right == 20
    ana.sign_in("ana")
    assert ana.post("/signin/second", {"code": code_of(practice, app)}).status_code == 303, "not at her own tablet"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "same"),
    [(0, "203.0.113.{n}", True), (1, "203.0.113.{n}", False), (1, "203.0.113.{n}, 192.0.2.1", True),
     (2, "203.0.113.{n}, 192.0.2.1", False), (1, "2001:db8::{n}", True), (1, "2001:db8:{n}::1", False), (3, "x", True)],
)  # fmt: skip
def test_only_our_own_proxies_say_where_somebody_is(
    practice: Practice, proxies: int, forwarded: str, same: bool
) -> None:
    with policy(practice, proxies=proxies):
        answers = [
            practice.browser()
            .post(
                "/signin",
                {"username": "ana", "password": "wrong"},
                **{"x-forwarded-for": forwarded.format(n=n)},
            )
            .status_code
            for n in range(1, 8)
        ]
    assert (429 in answers) is same


def test_a_budget_never_gives_more_than_it_has(practice: Practice) -> None:
    budget, now = guessing.Budget("shelf", 3, timedelta(seconds=10)), practice.clock.now()
    with practice.database.write() as session:
        taken = [guessing.pay(session, [budget], now + timedelta(seconds=n)) for n in range(61)]
    assert sum(taken) == 3 + 6


def test_guesses_made_at_once_at_several_servers_are_each_counted(practice: Practice) -> None:
    if practice.database.is_sqlite:
        pytest.skip("one process, one writer at a time")
    budget, now, together = guessing.Budget("shelf", 3, timedelta(seconds=10)), practice.clock.now(), Barrier(8)

    def guess(_: int) -> bool:
        with practice.database.write() as session:
            session.connection()
            together.wait()
            return guessing.pay(session, [budget], now)

    with ThreadPoolExecutor(8) as servers:
        assert sum(servers.map(guess, range(8))) == 3
