"""A command performed within another has an entry of its own right behind it, or leaves nothing at all."""

import pytest

from backend.commands import REQUEST, Command, handles, tag_of
from backend.errors import Refused
from backend.ids import derived
from backend.journal import broken_link
from backend.within import WITHIN_REPLICA, perform_within
from backend.work import Work
from tests.approvals.cast import Rename
from tests.practice import Practice, find_staff


class Outer(Command, tag="trial.outer", truth=REQUEST, title="Tried from outside"):
    """Something has another thing done, and may then fail or be held itself."""

    patient_id: str
    name: str
    then: str = ""


@handles(Outer)
def outer(trial: Outer, work: Work) -> None:
    inner = Rename(patient_id=trial.patient_id, name=trial.name, cost=0)
    done = perform_within(work, inner, derived(work.command_id, "inner"), work.actor)
    if trial.then == "refuse":
        raise Refused("Not at all.", "not_at_all")
    if trial.then == "hold":
        work.hold("ask_first", f"Somebody decides: {done.outcome}.")
    work.say("told", f"It was {done.outcome}: {done.code}.")


def tried(practice: Practice, name: str, then: str = "") -> tuple[str, str, str, object, str]:
    practice.office.performer.kinds.update({(tag_of(kind), 1): kind for kind in (Outer, Rename)})
    fields = {"patient_id": practice.patients["alma"], "name": name, "then": then}
    receipt = practice.act("ana", "trial.outer", fields)
    row = practice.row("patient", practice.patients["alma"])
    assert row is not None
    inner = practice.entry(derived(receipt.command_id, "inner"))
    with practice.database.read() as session:
        assert broken_link(session) is None
    return receipt.outcome, receipt.code, receipt.say, inner, row["given"]


def test_it_has_its_own_id_actor_and_number_and_names_its_cause(practice: Practice) -> None:
    outcomes = [tried(practice, name) for name in ("Alba", "Aldonza")]
    assert [(outcome, code, given) for outcome, code, _, _, given in outcomes] == [
        ("applied", "told", "Alba"), ("applied", "told", "Aldonza"),
    ]  # fmt: skip
    entries = [inner for _, _, _, inner, _ in outcomes]
    assert [(entry.replica_id, entry.n, entry.outcome) for entry in entries] == [
        (WITHIN_REPLICA, 1, "applied"), (WITHIN_REPLICA, 2, "applied"),
    ]  # fmt: skip
    assert entries[0].actor_id == find_staff(practice, "ana").id
    assert practice.entry(entries[0].caused_by).seq == entries[0].seq - 1


def test_refused_inside_it_leaves_nothing_and_the_caller_goes_on(practice: Practice) -> None:
    outcome, _, say, inner, given = tried(practice, "Nobody")
    assert (outcome, say, inner, given) == ("applied", "It was refused: no_name.", None, "Alma")


@pytest.mark.parametrize(("then", "outcome", "there"), [("refuse", "refused", False), ("hold", "held", True)])
def test_it_shares_the_fate_of_what_it_was_performed_in(
    practice: Practice, then: str, outcome: str, there: bool
) -> None:
    said, _, _, inner, given = tried(practice, "Alba", then)
    assert said == outcome
    assert (inner is not None, given) == (there, "Alba" if there else "Alma")
