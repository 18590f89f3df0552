"""Today: what needs a manager now, on a page, on the app's icon, and told to their phone."""

from datetime import timedelta

from backend.house import Room
from backend.timetable import Chore
from backend.today.pages import posts, today_page
from backend.today.pushing import EndPush, TurnOffPush, TurnOnPush
from backend.today.quiet import SetQuietHours
from backend.today.rows import push_device_row, push_hours_row
from backend.today.sending import show_key
from backend.today.telling import tell_everybody

__all__ = ["room"]

room = Room(
    name="today",
    commands=[TurnOnPush, TurnOffPush, EndPush, SetQuietHours],
    rows=[push_device_row, push_hours_row],
    pages=[today_page],
    posts=posts,
    routes=[show_key],
    chores=[Chore("today.tell", every=timedelta(minutes=1), do=tell_everybody)],
)
