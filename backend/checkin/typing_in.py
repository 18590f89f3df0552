"""After an outage somebody types in what was written on paper: who arrived, and when."""

from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta

from backend.commands import FACT, Command, handles, undoes
from backend.effects import Raise, Undoing
from backend.fields import Id, Label, Text80
from backend.scheduling import ALERT_MINUTES, GIVEN_UP, OnPaper, came_anyway, find_visit, record, stands, take_back
from backend.values import actor, command, field, now, row
from backend.work import Work


class TypeInArrival(
    Command,
    tag="checkin.type_in_arrival",
    truth=FACT,
    title="Arrived, from paper",
    effect=[
        Raise(
            "visit", field.visit_id, "status", "arrived",
            status_since=now, arrived_at=now, arrived_by=actor, arrived_about=field.about, paper_by=field.written_by,
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
    """A line of the arrival log on paper. The time is as it was written, on the office's clock."""

    visit_id: Id
    day: Annotated[date, Meta(extra={"reader": "date"})]
    hour: Annotated[int, Meta(ge=0, le=23), Label("Hour")]
    minute: Annotated[int, Meta(ge=0, le=59), Label("Minute")]
    written_by: Annotated[Text80, Meta(min_length=1), Label("Written by")]
    about: Annotated[bool, Label("The time is uncertain")] = False


@handles(TypeInArrival)
def type_in_arrival(line: TypeInArrival, work: Work) -> None:
    visit = find_visit(line.visit_id, work)
    before = stands(visit, work)
    zone = ZoneInfo(work.site.zone_name)
    at = datetime.combine(line.day, time(line.hour, line.minute), zone).astimezone(work.happened_at.tzinfo)
    if at > work.received_at:
        work.flag("written_later", "The time written on the paper is not here yet. Look at the paper again.")
    note = came_anyway(visit, before, work) if before.status in GIVEN_UP else ""
    paper = OnPaper(line.written_by, min(at, work.received_at), line.about)
    record(visit, before, "arrived", "checkin.type_in_arrival", work, note=note, paper=paper)


@undoes(TypeInArrival)
def take_line_back(command_id: str, _line: TypeInArrival, work: Work) -> None:
    take_back(command_id, work)
