"""Downtime: when devices were without the office, the record of it, and the drills for it."""

from datetime import timedelta

from backend.downtime.coming_back import RecordApart, note_apart
from backend.downtime.drilling import BeginDrill, EndDrill
from backend.downtime.packet import KEPT_EVERY, keep_packets, show_packet
from backend.downtime.pages import begin, end, print_record, show_outages, show_record
from backend.downtime.reminding import NoteDrillDue, drill_due_row, drills_due
from backend.house import Room
from backend.timetable import Chore, Job

__all__ = ["note_apart", "room"]

room = Room(
    name="downtime",
    commands=[RecordApart, BeginDrill, EndDrill, NoteDrillDue],
    rows=[drill_due_row],
    routes=[show_packet, show_outages, show_record, print_record, begin, end],
    jobs=[Job("downtime.note_drill_due", every=timedelta(days=1), command=NoteDrillDue, due=drills_due)],
    chores=[Chore("downtime.keep_packets", every=KEPT_EVERY, do=keep_packets)],
)
