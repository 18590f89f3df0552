"""The board of a day, the page of a visit, and the page of a walk-in, with the forms on them."""

from backend.checkin.arriving import RecordArrival
from backend.checkin.checking_in import CheckIn
from backend.checkin.identifying import CheckIdentity
from backend.checkin.typing_in import TypeInArrival
from backend.checkin.typing_in_walk_ins import TypeInRegistration, TypeInWalkIn
from backend.checkin.walking_in import RecordWalkIn, RegisterWalkIn
from backend.commands import Undo
from backend.identity import DESK
from backend.lists import Any, ById, Count, Eq, Gt, List, Lt, Matches, Ne, One
from backend.patients import ChangeContact, ChangeIdentity
from backend.payments import CollectCopay
from backend.scheduling import CancelVisit, GiveSlot
from backend.screens import Page, Part, Post
from backend.values import today

STATUSES = ("booked", "confirmed", "arrived", "checked_in", "roomed", "with_provider", "checked_out", "no_show")

board = Page(
    "checkin.board",
    ["/checkin", "/checkin/{day:date}"],
    "checkin/board.html",
    "Check-in",
    # The patients' sheet too: a walk-in that is not sent yet is on no visit that the server knows of.
    sheets=["visits/{site}/{day}", "office/{site}", "patients/{site}"],
    lists={
        "visits": List(
            "visit",
            where=[
                Eq("day", "{day}"),
                Ne("status", "in_error"),
                Eq("provider_id", "?provider"),
                Any("status", "?status"),
                Matches("patient_id.search", "?q"),
            ],
            sort=["starts_at", "id"],
        ),
        "counts": Count("visit", by="status", of=STATUSES, where=[Eq("day", "{day}"), Ne("status", "in_error")]),
        "patients": ById("patient"),
        "contacts": ById("contact"),
        "providers": List("provider", where=[Eq("active", True)], sort=["sort_key"]),
        "provider_by_id": ById("provider"),
        "staff": ById("staff_member"),
        "days": List(
            "office_day",
            where=[Eq("open", True), Lt("shown_after", today), Gt("shown_before", today)],
            sort=["sort_key"],
        ),
    },
    parts={
        "list": Part("checkin/_list.html"),
        "counts": Part("checkin/_counts.html"),
        "visit": Part("checkin/_visit.html", of="visits", name="visit", id="visit_id"),
    },
    defaults={"day": today},
    parameters=["provider", "status", "q"],
    find="list",
    roles=DESK,
    emergency=True,
)
visit = Page(
    "checkin.visit",
    ["/checkin/{visit_id:id}"],
    "checkin/visit.html",
    "Check-in",
    sheets=["visits/{site}/*", "office/{site}", "patients/{site}"],
    lists={
        "visit": One("visit", where=[Eq("id", "{visit_id}")]),
        "payments": List("payment", where=[Eq("visit_id", "{visit_id}")], sort=["sort_key", "id"]),
        "patients": ById("patient"),
        "contacts": ById("contact"),
        "provider_by_id": ById("provider"),
        "staff": ById("staff_member"),
    },
    parts={"steps": Part("checkin/_steps.html")},
    subjects=["visit.patient_id"],
    roles=DESK,
    emergency=True,
)
walk_in = Page(
    "checkin.walk_in",
    ["/checkin/{day:date}/walk-in"],
    "checkin/walk_in.html",
    "Walk-in",
    sheets=["office/{site}", "patients/{site}"],
    lists={
        "found": List("patient", where=[Matches("search", "?q")], sort=["sort_key"], limit=20),
        "providers": List("provider", where=[Eq("active", True)], sort=["sort_key"]),
        "types": List("visit_type", sort=["sort_key"]),
    },
    parts={"results": Part("checkin/_found.html"), "form": Part("checkin/_walk_in_form.html")},
    parameters=["q"],
    find="results",
    roles=DESK,
)
slot = Page(
    "checkin.slot",
    ["/checkin/{day:date}/{slot_of:id}/slot"],
    "checkin/slot.html",
    "Give the time to somebody else",
    sheets=["visits/{site}/{day}", "office/{site}", "patients/{site}"],
    lists={
        "slot": One("visit", where=[Eq("id", "{slot_of}")]),
        "found": List("patient", where=[Matches("search", "?q")], sort=["sort_key"], limit=20),
        "provider_by_id": ById("provider"),
    },
    parts={"results": Part("checkin/_takers.html")},
    parameters=["q"],
    find="results",
    roles=DESK,
)
paper = Page(
    "checkin.paper",
    # `log` is the schedule and the arrival log; `registrations` are the forms of new patients.
    ["/checkin/{day:date}/paper", "/checkin/{day:date}/paper/{sheet:name}"],
    "checkin/paper.html",
    "From paper",
    sheets=["visits/{site}/{day}", "office/{site}", "patients/{site}"],
    lists={
        "visits": List(
            "visit",
            where=[Eq("day", "{day}"), Ne("status", "in_error"), Matches("patient_id.search", "?q")],
            sort=["starts_at", "id"],
            limit=20,
        ),
        "found": List("patient", where=[Matches("search", "?q")], sort=["sort_key"], limit=20),
        "visits_of": Count("visit", by="patient_id", where=[Eq("day", "{day}"), Ne("status", "in_error")]),
        "visit_by_id": ById("visit"),
        "typed": List(
            "visit",
            where=[Eq("day", "{day}"), Ne("paper_by", None), Ne("status", "in_error")],
            sort=["arrived_at", "id"],
        ),
        "patients": ById("patient"),
    },
    parts={
        "results": Part("checkin/_written.html"),
        "paper": Part("checkin/_paper.html"),
        "typed": Part("checkin/_typed.html"),
    },
    parameters=["q", "written_by"],
    defaults={"sheet": "log"},
    find="results",
    roles=DESK,
)

ON_BOARD = {"then": "/checkin/{day}", "parts": ["visit", "counts"]}
ON_VISIT = {"then": "/checkin/{visit_id}", "parts": ["steps"]}
ON_LOG = {"then": "/checkin/{day}/paper/log", "parts": ["paper"], "form": "checkin/_paper.html"}
posts = [
    Post("/checkin/{day:date}/{visit_id:id}/arrival", RecordArrival, **ON_BOARD),
    Post("/checkin/{day:date}/{visit_id:id}/check-in", CheckIn, **ON_BOARD),
    Post("/checkin/{day:date}/{visit_id:id}/undo", Undo, **ON_BOARD),
    Post("/checkin/{day:date}/paper/log/arrivals", TypeInArrival, **ON_LOG),
    Post("/checkin/{day:date}/paper/log/walk-ins", TypeInWalkIn, **ON_LOG),
    Post(
        "/checkin/{day:date}/paper/registrations",
        TypeInRegistration,
        then="/checkin/{day}/paper/registrations",
        parts=["paper"],
        form="checkin/_paper.html",
    ),
    Post("/checkin/{day:date}/paper/{sheet:name}/undo", Undo, then="/checkin/{day}/paper/{sheet}", parts=["typed"]),
    Post("/checkin/{visit_id:id}/arrival", RecordArrival, **ON_VISIT),
    Post("/checkin/{visit_id:id}/identity", CheckIdentity, **ON_VISIT),
    Post("/checkin/{visit_id:id}/contact", ChangeContact, form="checkin/_contact.html", **ON_VISIT),
    Post("/checkin/{visit_id:id}/copay", CollectCopay, form="checkin/_copay.html", **ON_VISIT),
    Post("/checkin/{visit_id:id}/corrections", ChangeIdentity, form="checkin/_correct.html", **ON_VISIT),
    Post("/checkin/{visit_id:id}/cancellation", CancelVisit, form="checkin/_cancel.html", **ON_VISIT),
    Post("/checkin/{visit_id:id}/check-in", CheckIn, **ON_VISIT),
    Post("/checkin/{visit_id:id}/undo", Undo, **ON_VISIT),
    Post(
        "/checkin/{day:date}/{slot_of:id}/slot",
        GiveSlot,
        then="/checkin/{day}",
        form_page="/checkin/{day}/{slot_of}/slot",
    ),
    Post("/checkin/{day:date}/walk-ins", RecordWalkIn, then="/checkin/{day}", form_page="/checkin/{day}/walk-in"),
    Post(
        "/checkin/{day:date}/registrations",
        RegisterWalkIn,
        then="/checkin/{day}",
        form="checkin/_walk_in_form.html",
        form_page="/checkin/{day}/walk-in",
    ),
]
