"""After an outage somebody types in what was written on paper: who arrived, and when."""

from datetime import date, datetime, time
from typing import Annotated, Protocol
from zoneinfo import ZoneInfo

from msgspec import Meta

from backend.commands import FACT, Command, Said, handles, undoes, upcasts
from backend.effects import Raise, Undoing
from backend.fields import Id, Label, Text80, WallTime
from backend.scheduling import ALERT_MINUTES, GIVEN_UP, OnPaper, came_anyway, find_visit, record, stands, take_back
from backend.values import actor, command, field, moment, row
from backend.work import Work

Day = Annotated[date, Meta(extra={"reader": "date"})]
WrittenAt = Annotated[WallTime, Label("Time")]
WrittenBy = Annotated[Text80, Meta(min_length=1), Label("Written by")]
Uncertain = Annotated[bool, Label("The time is uncertain")]
# The paint of when it was: as it was written, on the office's clock.
THEN = moment(field.day, field.time)


class Written(Protocol):
    """What every line on paper says of when it was written, and by whom."""

    day: date
    time: str
    written_by: str
    about: bool


class TypeInArrival(
    Command,
    tag="checkin.type_in_arrival",
    truth=FACT,
    v=2,
    title="Arrived, from paper",
    effect=[
        Raise(
            "visit", field.visit_id, "status", "arrived",
            status_since=THEN, arrived_at=THEN, arrived_by=actor, arrived_about=field.about, paper_by=field.written_by,
            next_action="identify", status_before=row.status, since_before=row.status_since,
            next_before=row.next_action, last_command="checkin.type_in_arrival", last_command_id=command,
            can_undo=True, alert_minutes=ALERT_MINUTES["arrived"],
        ),
    ],
    undo=Undoing(
        "visit", status=row.status_before, status_since=row.since_before, next_action=row.next_before,
        arrived_at=None, arrived_by=None, paper_by=None, last_command=None, last_command_id=None, can_undo=False,
        alert_minutes=None,
    ),
    server_decides=("status_since", "arrived_at"),
):  # fmt: skip
    """A line of the schedule on paper. The time is as it was written, on the office's clock."""

    visit_id: Id
    day: Day
    time: WrittenAt
    written_by: WrittenBy
    about: Uncertain = False


@upcasts(TypeInArrival, 1)
def with_one_time(fields: Said, was: Said) -> tuple[Said, Said]:
    """It had the hour and the minute apart."""
    hour, minute = fields.pop("hour"), fields.pop("minute")
    return {**fields, "time": f"{hour:02d}:{minute:02d}"}, was


@handles(TypeInArrival)
def type_in_arrival(line: TypeInArrival, work: Work) -> None:
    visit = find_visit(line.visit_id, work)
    before = stands(visit, work)
    paper = as_written(line, work)
    note = came_anyway(visit, before, work) if before.status in GIVEN_UP else ""
    record(visit, before, "arrived", "checkin.type_in_arrival", work, note=note, paper=paper)


@undoes(TypeInArrival)
def take_line_back(command_id: str, _line: TypeInArrival, work: Work) -> None:
    take_back(command_id, work)


def as_written(line: Written, work: Work) -> OnPaper:
    """When it was; a time that is still to come is kept as now, and a person looks."""
    zone = ZoneInfo(work.site.zone_name)
    at = datetime.combine(line.day, time.fromisoformat(line.time), zone).astimezone(work.happened_at.tzinfo)
    if at > work.received_at:
        work.flag("written_later", "The time written on the paper is not here yet. Look at the paper again.")
    return OnPaper(line.written_by, min(at, work.received_at), line.about)
