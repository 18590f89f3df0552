"""One transaction per command: all of it and its entry, or nothing but its entry, or nothing at all."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.commands import FACT, REQUEST, Command, handles, undoes
from backend.deciding import Asked, Sent
from backend.errors import Held, Refused
from backend.feed_tables import feed_head, sheet_head
from backend.ids import new_id
from backend.journal import broken_link, journal, replica
from backend.performing import perform
from backend.scheduling.models import Provider
from backend.sheets import Body, Sheets, row
from backend.work import Device, Work
from tests.practice import REPLICA, SITE, Practice, find_staff

SECRET = "Castellanos, born 1957"


class Try(Command, tag="trial.fact", truth=FACT, title="Tried"):
    """Something is tried."""

    how: str


class Ask(Command, tag="trial.request", truth=REQUEST, title="Asked"):
    """Something is asked for."""

    how: str


@handles(Try)
def do_it(trial: Try, work: Work) -> None:
    work.session.add(Provider(id=work.new_id("provider"), site_id="main", name=SECRET, active=True))
    work.publish("provider", work.new_id("provider"))
    work.publish("trial", work.command_id)
    if trial.how == "refuse":
        raise Refused("It may not be.", "not_now")
    if trial.how == "hold":
        raise Held("Somebody decides.", "ask_first")
    if trial.how == "break":
        raise KeyError(SECRET)
    if trial.how == "break the database":
        work.session.add(Provider(id=work.new_id("provider"), site_id="main", name=None, active=True))
    if trial.how == "flag":
        work.flag("odd", "Look at it.")


@handles(Ask)
def ask(trial: Ask, work: Work) -> None:
    do_it(trial, work)  # type: ignore[arg-type]


@undoes(Try)
def take_back(_command_id: str, _trial: Try, _work: Work) -> None:
    raise RuntimeError(SECRET)


@row("trial", sheets=["trials/main"])
def trial_row(_session: Any, ids: Any) -> dict[str, Body]:
    raise RuntimeError(SECRET)


@pytest.fixture
def give(practice: Practice) -> Callable[..., Any]:
    """Performs a command of this module's own kinds, in the house where a row of `trial` cannot be built."""
    house = practice.office.performer
    house.kinds.update({("trial.fact", 1): Try, ("trial.request", 1): Ask})
    house.sheets.rows["trial"] = trial_row
    actor = find_staff(practice, "ana")

    def perform_one(command: str, how: str, builds: bool = True, **sent: Any) -> Any:
        if builds:
            house.sheets.rows["trial"] = row("trial", sheets=[])(lambda _session, _ids: {})
        else:
            house.sheets.rows["trial"] = trial_row
        entry = Sent(**{"command_id": new_id(), "command": command, "fields": {"how": how}, **sent})
        asked = Asked(REPLICA, "device", Device(None, "a tablet"), SITE, actor, practice.clock.now())
        return perform(entry, asked, house)

    return perform_one


def state(practice: Practice) -> tuple[Any, ...]:
    """The journal's length, the counter, the providers, every sheet, and the replica's number."""
    with practice.database.read() as session:
        heads = [tuple(found) for found in session.execute(select(sheet_head).order_by(sheet_head.c.sheet))]
        last = session.execute(select(replica.c.last_n).where(replica.c.id == REPLICA)).scalar()
        count = session.execute(select(func.count()).select_from(journal)).scalar()
        people = session.execute(select(func.count()).select_from(Provider)).scalar()
        return count, session.execute(select(feed_head.c.value)).scalar(), people, heads, last


@pytest.mark.parametrize(
    ("command", "how", "outcome", "code"),
    [
        ("trial.fact", "do", "applied", "applied"),
        ("trial.fact", "flag", "flagged", "odd"),
        ("trial.fact", "refuse", "held", "not_now"),
        ("trial.request", "refuse", "refused", "not_now"),
        ("trial.fact", "hold", "held", "ask_first"),
        ("trial.request", "hold", "held", "ask_first"),
        ("trial.fact", "break", "held", "our_fault"),
        ("trial.request", "break the database", "held", "our_fault"),
    ],
)
def test_what_is_not_applied_leaves_nothing_but_its_entry(
    practice: Practice, give: Callable[..., Any], command: str, how: str, outcome: str, code: str
) -> None:
    give("trial.fact", "do")
    count, head, people, sheets, last = state(practice)
    receipt = give(command, how)
    assert (receipt.outcome, receipt.code) == (outcome, code)
    assert SECRET not in receipt.say
    now = state(practice)
    applied = outcome in ("applied", "flagged")
    assert (now[0], now[1], now[2], now[4]) == (count + 1, head + 1, people + applied, last + 1)
    changed = {name for name, *_ in set(now[3]) - set(sheets)}
    mine = {f"receipts/{REPLICA}"} | ({"office/main"} if applied else set())
    needs_a_person = {f"attention/{practice.staff['ana']}", "attention/main"} if outcome != "applied" else set()
    assert changed == mine | needs_a_person


def test_a_bug_while_publishing_leaves_nothing_but_a_held_entry(practice: Practice, give: Callable[..., Any]) -> None:
    receipt = give("trial.fact", "do", builds=False)
    assert (receipt.outcome, receipt.code) == ("held", "our_fault")
    assert SECRET not in receipt.say
    assert practice.entry(receipt.command_id).outcome == "held"
    assert practice.row("trial", receipt.command_id) is None
    assert practice.row("case", receipt.command_id) is not None
    with practice.database.read() as session:
        assert broken_link(session) is None


def test_a_bug_in_an_undo_is_held_too(practice: Practice, give: Callable[..., Any]) -> None:
    done = give("trial.fact", "do")
    receipt = practice.act("ana", "undo", {"command_id": done.command_id})
    assert (receipt.outcome, receipt.code) == ("held", "our_fault")


def test_the_same_id_counts_once_and_other_content_is_an_alarm(practice: Practice, give: Callable[..., Any]) -> None:
    command_id = new_id()
    give("trial.fact", "do", command_id=command_id)
    before = state(practice)
    assert give("trial.fact", "do", command_id=command_id).outcome == "applied"
    assert (state(practice)[0], state(practice)[2]) == (before[0], before[2])
    alarm = give("trial.fact", "flag", command_id=command_id)
    assert (alarm.outcome, alarm.code) == ("refused", "same_id_other_content")
    assert practice.row("case", command_id)["code"] == "alarm"  # type: ignore[index]
    assert practice.entry(command_id).outcome == "applied", "the first one stands"


def test_two_rooms_cannot_show_the_same_kind_of_row() -> None:
    with pytest.raises(ValueError, match="two rooms"):
        Sheets([trial_row, trial_row], [])


def test_a_command_has_one_handler_and_no_field_that_its_class_would_hide() -> None:
    with pytest.raises(ValueError, match="two handlers"):
        handles(Try)(do_it)
    with pytest.raises(TypeError, match="title: the class says something else"):

        class Hiding(Command, tag="trial.hiding"):
            """Its own title would be hidden by the class's."""

            title: str
