"""What is seen of requests: all of it by who may decide, the outcome alone by who asked, and the rules."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.approvals.models import Approval, ApprovalRule, ApprovalStep, StandIn
from backend.approvals.telling import said_yes
from backend.clock import instant
from backend.database import among
from backend.sheets import Body, row
from backend.values import folded
from backend.waiting import KINDS

# Put together once: that costs more than the database takes to answer.
IDS = bindparam("ids", expanding=True)
IN_SIGHT = (Approval.state != "not_needed", Approval.filed_at.is_(None))
SHOWN = select(Approval).where(Approval.id.in_(IDS), *IN_SIGHT)
SAID = (
    select(ApprovalStep)
    .where(ApprovalStep.approval_id.in_(IDS), ApprovalStep.what.not_in(bindparam("but", expanding=True)))
    .order_by(ApprovalStep.place)
)
STEPS = (
    select(ApprovalStep, Approval.site_id)
    .join(Approval, Approval.id == ApprovalStep.approval_id)
    .where(ApprovalStep.id.in_(IDS), *IN_SIGHT)
)


# What deciders do among themselves; a question to the asker stands until it is answered all the same.
AMONG_DECIDERS = ("passed", "escalated")


def last_steps(session: Session, ids: Sequence[str], but: Sequence[str] = ()) -> dict[str, ApprovalStep]:
    """The newest step of each request, some kinds left out."""
    return {step.approval_id: step for step in session.scalars(SAID, {"ids": ids, "but": but})}


# To whom it was passed is a field of the request.
WITHOUT_WORDS = ("asked", "not_needed", "passed")


def said(step: ApprovalStep | None) -> Body:
    """The newest thing said, as the effects paint it."""
    if step is None:
        return {"last_decision": "asked", "last_by": None, "last_at": None, "last_note": ""}
    return {
        "last_decision": step.what, "last_by": step.by, "last_at": instant(step.at),
        "last_note": "" if step.what in WITHOUT_WORDS else step.note,
    }  # fmt: skip


def note_for_asker(step: ApprovalStep | None) -> str:
    """What a difference says is part of the case."""
    return "" if step is None or step.what == "changed" else str(said(step)["last_note"])


def shown(session: Session, ids: Sequence[str]) -> list[Approval]:
    """The requests that anybody needs to see: not those that needed nobody, nor those that were filed away."""
    return list(session.scalars(SHOWN, {"ids": ids}))


@row("approval", sheets=["approvals/{site_id}"])
def approval_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """A request with its frozen case, for who decides. `hash` goes with a decision as `_seen`."""
    last, yes = last_steps(session, ids), said_yes(session, ids)
    return {
        one.id: {
            "site_id": one.site_id,
            "command": one.command,
            "title": one.case.title,
            "amount": one.case.amount,
            "changes": [f"{each.label}: {each.before} → {each.after}" for each in one.case.changes],
            "evidence": list(one.case.evidence),
            "excluded": sorted(one.shut_out),
            "said_yes": yes.get(one.id, []),
            "passed_to": one.passed_to,
            "hash": one.hash,
            "asked_by": one.asked_by,
            "asked_at": instant(one.asked_at),
            "reason": one.reason,
            "state": one.state,
            "reasons": list(one.reasons),
            "levels": one.levels,
            "given": one.given,
            "expires_at": instant(one.expires_at),
            "pressing": one.escalated_at is not None,
            **said(last.get(one.id)),
            # What presses stands first, then what waits longest.
            "sort_key": f"{'0' if one.escalated_at else '1'}/{instant(one.asked_at)}",
        }
        for one in shown(session, ids)
    }


@row("asked", sheets=["attention/{asked_by}"])
def asked_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """What became of a request, for who asked; without the case, which may say what a counter must not know."""
    last = last_steps(session, ids, but=AMONG_DECIDERS)
    return {
        one.id: {
            "asked_by": one.asked_by,
            "title": KINDS[one.command].title if one.command in KINDS else one.command,
            "reason": one.reason,
            "asked_at": instant(one.asked_at),
            "state": one.state,
            "last_decision": said(last.get(one.id))["last_decision"],
            "last_note": note_for_asker(last.get(one.id)),
            "sort_key": instant(one.asked_at),
        }
        for one in shown(session, ids)
    }


@row("approval_step", sheets=["approvals/{site_id}"], owner="approval_id")
def approval_step_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """One thing said about a request, for its history."""
    return {
        step.id: {
            "site_id": site_id,
            "approval_id": step.approval_id,
            "what": step.what,
            "by": step.by,
            "by_name": step.by_name,
            "note": step.note,
            "at": instant(step.at),
            "place": step.place,
        }
        for step, site_id in session.execute(STEPS, {"ids": ids})
    }


@row("approval_rule", sheets=["approvals/{site_id}"])
def approval_rule_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """A rule, as people read it."""
    return {
        rule.id: {
            "site_id": rule.site_id,
            "command": rule.command,
            "title": KINDS[rule.command].title,
            **rule.values,
            "sort_key": folded(KINDS[rule.command].title),
        }
        for rule in session.scalars(among(ApprovalRule.id), {"ids": ids})
        if rule.command in KINDS
    }


@row("stand_in", sheets=["approvals/{site_id}"])
def stand_in_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """Who decides for whom, and until when."""
    return {
        one.id: {
            "site_id": one.site_id,
            "for_id": one.for_id,
            "by_id": one.by_id,
            "until": str(one.until),
            "sort_key": str(one.until),
        }
        for one in session.scalars(among(StandIn.id), {"ids": ids})
    }
