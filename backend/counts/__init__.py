"""Counts: what is on the shelves, seen by people who are not told what should be there."""

from datetime import timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.counts.asking import AskForCount, CancelCount, CloseCount, CountAgain
from backend.counts.beginning import BeginPlace
from backend.counts.exporting import report
from backend.counts.models import StockCount
from backend.counts.observing import RecordAmount, RecordNone, RecordScan, RecordUnknown
from backend.counts.pages import pages, posts
from backend.counts.reviewed import count_accuracy_row, count_finding_row, count_review_row, count_settings_row
from backend.counts.reviewing import PostVariance
from backend.counts.rows import (
    count_line_row,
    count_place_row,
    count_row,
    count_stand_row,
    count_task_row,
    stray_row,
    tally_row,
)
from backend.counts.submitting import Submit
from backend.counts.tolerating import ChangeTolerances, FurnishSettings, furnishing_due
from backend.house import Room
from backend.timetable import Job

__all__ = ["AskForCount", "BeginPlace", "RecordAmount", "Submit", "open_counts", "room"]

# Put together once: every pull of a device asks for them.
OPEN_COUNTS = (
    select(StockCount.id)
    .where(StockCount.site_id == bindparam("site"), StockCount.state == "open")
    .order_by(StockCount.asked_at.desc(), StockCount.id)
)


def open_counts(session: Session, site_id: str) -> list[str]:
    """The ids of the counts that go on at a site, the newest first."""
    return list(session.scalars(OPEN_COUNTS, {"site": site_id}))


room = Room(
    name="counts",
    commands=[
        AskForCount, BeginPlace, CancelCount, ChangeTolerances, CloseCount, CountAgain, FurnishSettings, PostVariance,
        RecordAmount, RecordNone, RecordScan, RecordUnknown, Submit,
    ],
    rows=[
        count_row, count_place_row, count_stand_row, count_task_row, tally_row, count_line_row, stray_row,
        count_review_row, count_finding_row, count_accuracy_row, count_settings_row,
    ],
    pages=pages,
    posts=posts,
    routes=[report],
    sentences={
        AskForCount: "{who} asked for a count",
        Submit: "{who} handed in what was counted",
        PostVariance: "The book was put right by a count, as {who} had asked",
        # What somebody found, others who count are not told; what was handed in, reviewers see as evidence.
        **dict.fromkeys([RecordAmount, RecordNone, RecordScan, RecordUnknown], ""),
    },
    jobs=[Job("counts.furnish", every=timedelta(hours=24), command=FurnishSettings, due=furnishing_due)],
)  # fmt: skip
