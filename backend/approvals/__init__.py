"""Approvals: any command of any room may wait for a second person's yes; other rooms come by `ask`."""

from datetime import timedelta

from backend.approvals.asking import ask
from backend.approvals.deciding import Approve, Decline
from backend.approvals.filing import FileAway, filing_due
from backend.approvals.lapsing import Escalate, Expire, escalating_due, expiring_due
from backend.approvals.looked_back import histories
from backend.approvals.pages import pages, posts
from backend.approvals.passing import PassOn
from backend.approvals.questioning import Answer, AskBack, Withdraw
from backend.approvals.rows import approval_row, approval_rule_row, approval_step_row, asked_row, stand_in_row
from backend.approvals.ruling import ChangeRule, FurnishRules, KeepRule, furnishing_due
from backend.approvals.standing_in import SetStandIn
from backend.approvals.trying import preview
from backend.house import Room
from backend.timetable import Job

__all__ = ["ask", "room"]

room = Room(
    name="approvals",
    commands=[
        Answer, Approve, AskBack, ChangeRule, Decline, Escalate, Expire, FileAway, FurnishRules, KeepRule, PassOn,
        SetStandIn, Withdraw,
    ],
    rows=[approval_row, asked_row, approval_step_row, approval_rule_row, stand_in_row],
    pages=pages,
    posts=posts,
    routes=[preview],
    histories=histories,
    sentences={
        Answer: "{who} answered",
        Approve: "{who} approved the request",
        AskBack: "{who} asked back",
        ChangeRule: "{who} asked to change a rule",
        Decline: "{who} declined the request",
        Escalate: "{who} reminded those who may decide",
        Expire: "{who} let the request lapse, because nobody had decided in time",
        FileAway: "{who} filed the request away",
        PassOn: "{who} passed the request on",
        Withdraw: "{who} withdrew the request",
    },
    jobs=[
        Job("approvals.furnish_rules", every=timedelta(days=1), command=FurnishRules, due=furnishing_due),
        Job("approvals.expire", every=timedelta(hours=1), command=Expire, due=expiring_due),
        Job("approvals.escalate", every=timedelta(hours=1), command=Escalate, due=escalating_due),
        Job("approvals.file_away", every=timedelta(days=1), command=FileAway, due=filing_due),
    ],
)  # fmt: skip
