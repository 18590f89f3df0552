"""Sync: how devices hand in what was done and are told what changed, and what then needs a person."""

from datetime import timedelta

from backend.house import Room
from backend.sheets import Follow
from backend.sync.choosing import Choose
from backend.sync.closing import CloseCase
from backend.sync.entering_again import EnterAgain
from backend.sync.forgetting import ForgetReceipts, forgetting_due
from backend.sync.handing_in import hand_in, hand_in_page
from backend.sync.pages import attention, posts, review
from backend.sync.pokes import pokes
from backend.sync.purging import purge
from backend.sync.receiving import sync
from backend.sync.retrying import retry_held
from backend.timetable import Chore, Job

__all__ = ["retry_held", "room"]

room = Room(
    name="sync",
    commands=[Choose, CloseCase, EnterAgain, ForgetReceipts],
    follows=[Follow("attention/*", "case", "patient_id", brings=("patient",))],
    pages=[attention, review],
    posts=posts,
    sentences={
        Choose: "{who} decided what becomes of an entry",
        CloseCase: "{who} dealt with an entry",
        EnterAgain: "{who} entered something again with changes",
    },
    routes=[sync, pokes, hand_in_page, hand_in],
    jobs=[Job("sync.forget_receipts", every=timedelta(days=1), command=ForgetReceipts, due=forgetting_due)],
    chores=[Chore("sync.purge", every=timedelta(days=1), do=purge)],
)
