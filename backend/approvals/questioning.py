"""Questioning: who decides asks back, and who asked answers or takes it back."""

from typing import Annotated

from backend.approvals.deciding import Why, judge
from backend.approvals.telling import STILL_ASKED, end, find, is_over, note, spoken
from backend.commands import REQUEST, Command, handles
from backend.effects import Patch
from backend.errors import Refused
from backend.fields import Id, Label
from backend.identity import EVERYBODY
from backend.values import field
from backend.work import Work


class AskBack(
    Command,
    tag="approvals.ask_back",
    truth=REQUEST,
    title="Asked back",
    roles=EVERYBODY,
    effect=[spoken("question", field.question)],
):
    """Somebody who may decide a request asked its asker something first. It goes on waiting."""

    approval_id: Id
    question: Annotated[Why, Label("Your question")]


@handles(AskBack)
def ask_back(asking: AskBack, work: Work) -> None:
    approval = find(asking.approval_id, work)
    if is_over(approval, work):
        return
    judge(approval, work)
    note(approval, "question", asking.question, work)


class Answer(
    Command,
    tag="approvals.answer",
    truth=REQUEST,
    title="Answered",
    roles=EVERYBODY,
    effect=[
        Patch("asked", field.approval_id, last_decision="answer", last_note=field.answer, when=STILL_ASKED),
        spoken("answer", field.answer),
    ],
):
    """Who asked for something answered what was asked back."""

    approval_id: Id
    answer: Annotated[Why, Label("Your answer")]


@handles(Answer)
def give_answer(answering: Answer, work: Work) -> None:
    approval = find(answering.approval_id, work)
    if is_over(approval, work):
        return
    if approval.asked_by != work.actor.id:
        raise Refused("Only who asked for it can answer.", "not_yours")
    note(approval, "answer", answering.answer, work)


class Withdraw(
    Command,
    tag="approvals.withdraw",
    truth=REQUEST,
    title="Withdrew a request",
    roles=EVERYBODY,
    effect=[
        Patch("asked", field.approval_id, state="withdrawn", last_decision="withdrawn", when=STILL_ASKED),
        spoken("withdrawn", state="withdrawn"),
    ],
):
    """Who asked for something no longer wants it. What was decided already stays decided."""

    approval_id: Id


@handles(Withdraw)
def withdraw(withdrawing: Withdraw, work: Work) -> None:
    approval = find(withdrawing.approval_id, work)
    if approval.asked_by != work.actor.id:
        raise Refused("Only who asked for it can withdraw it.", "not_yours")
    if approval.state == "withdrawn":
        return work.noop("withdrawn", "You have withdrawn it already.")
    if is_over(approval, work):
        return None
    return end(approval, "withdrawn", "", work)
