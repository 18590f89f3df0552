"""The page of what needs a manager now, and its forms.

A section is one list here and one include in `web/today/_needs.html`.
"""

from backend.identity import MANAGERS
from backend.lists import ById, Count, Eq, Lacks, List, Lt, Ne, One, Set
from backend.screens import Page, Part, Post
from backend.today.pushing import TurnOffPush, TurnOnPush
from backend.today.quiet import SetQuietHours
from backend.values import actor, device, now, today

# Waits for a decision that is not barred to them; whether their limit covers it, only the office knows.
WAITING = [Eq("state", "asked"), Lacks("excluded", actor), Lacks("said_yes", actor)]

today_page = Page(
    "today.today",
    ["/today"],
    "today/today.html",
    "Today",
    sheets=[
        "approvals/{site}",
        "attention/{actor}",
        "attention/{site}",
        "devices/{site}",
        "waits/{site}/{today}",
        "counts/{site}",
        "office/{site}",
        "device",
    ],
    lists={
        "to_me": List("approval", where=[*WAITING, Eq("passed_to", actor)], sort=["sort_key"]),
        "approvals": List("approval", where=[*WAITING, Ne("passed_to", actor)], sort=["sort_key"]),
        "cases": List("case", where=[Eq("open", True)], sort=["sort_key"]),
        "devices": List("device", where=[Eq("state", "enrolled"), Eq("in_trouble", True)], sort=["sort_key"]),
        "drills": List("drill_due", sort=["site_id"]),
        "waits": List("wait", where=[Lt("alert_at", now)], sort=["since"]),
        "overdue": List("count", where=[Eq("state", "open"), Lt("due", today)], sort=["sort_key"]),
        "backups": List("backup_standing", sort=["site_id"]),
        "backups_failed": List("backup_standing", where=[Set("reason", True)], sort=["site_id"]),
        "backups_late": List("backup_standing", where=[Lt("made_due", now)], sort=["site_id"]),
        "rehearsals_late": List("backup_standing", where=[Lt("drill_due", now)], sort=["site_id"]),
        "twice": Count("duplicate_pair", where=[Eq("state", "open")]),
        "staff": ById("staff_member"),
        "providers": ById("provider"),
        "state": One("device_state"),
        "push": One("push_device", where=[Eq("device_id", device), Eq("staff_id", actor)]),
        "hours": One("push_hours", where=[Eq("staff_id", actor)]),
    },
    parts={"needs": Part("today/_needs.html"), "push": Part("today/_push.html")},
    badge=["to_me", "approvals", "cases"],
    badge_sheets=["approvals/{site}", "attention/{actor}", "attention/{site}"],
    roles=MANAGERS,
)
posts = [
    Post("/today/push/on", TurnOnPush, then="/today"),
    Post("/today/push/off", TurnOffPush, then="/today"),
    Post("/today/push/hours", SetQuietHours, then="/today"),
]
