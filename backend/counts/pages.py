"""The counts: all of them, one that somebody counts in, its paper, asking for one, the evidence, and the tolerances."""

from backend.commands import Command, Undo
from backend.counts.asking import AskForCount, CancelCount, CloseCount, CountAgain
from backend.counts.beginning import BeginPlace
from backend.counts.observing import RecordAmount, RecordNone, RecordScan, RecordUnknown
from backend.counts.submitting import Submit
from backend.counts.tolerating import ChangeTolerances
from backend.identity import HANDLERS, MANAGERS
from backend.lists import ById, Eq, In, List, Matches, Ne, One
from backend.screens import Page, Part, Post
from backend.values import actor, listed, site

OPEN = ["counts/{site}", "places/{site}", "items/{site}", "office/{site}"]
REVIEW = ["counted/{site}", *OPEN]
ITEMS, PLACES, STAFF = ById("item"), ById("place"), ById("staff_member")
THIS = Eq("count_id", "{count_id}")
HERE = Eq("place_id", listed.shelf.place_id)
MINE = Eq("by", actor)
TO_COUNT = In("state", ["open", "recount"])
# More than a hand has done since it was last looked at.
MOST_SHOWN = 60

all_counts = Page(
    "counts.all",
    ["/counts"],
    "counts/all.html",
    "Counts",
    sheets=OPEN,
    lists={
        "open": List("count", where=[Eq("state", "open")], sort=["sort_key"]),
        "over": List("count", where=[Ne("state", "open")], sort=["-asked_at"], limit=20),
        "staff": STAFF,
    },
    parts={"counts": Part("counts/_counts.html")},
    roles=HANDLERS,
)
asking = Page(
    "counts.ask",
    ["/counts/new"],
    "counts/ask.html",
    "Ask for a count",
    sheets=OPEN,
    lists={
        "all_places": List("place", where=[Eq("active", True)], sort=["sort_key"]),
        "all_items": List("item", where=[Eq("active", True)], sort=["sort_key"]),
    },
    parts={"ask": Part("counts/_ask.html")},
    roles=HANDLERS,
)
counting = Page(
    "counts.counting",
    ["/counts/{count_id:id}"],
    "counts/counting.html",
    "Count",
    sheets=[*OPEN, "count-lines/{count_id}/{actor}"],
    lists={
        "stocktake": One("count", where=[Eq("id", "{count_id}")]),
        "shelf": One("count_stand", where=[THIS, MINE]),
        "shelves": List("count_place", where=[THIS], sort=["sort_key"]),
        "left": List("count_task", where=[THIS, HERE, TO_COUNT], sort=["sort_key"], limit=200),
        "tallies": List("tally", where=[THIS, HERE, MINE], sort=["-seen_at"], limit=MOST_SHOWN),
        "lines": List("count_line", where=[THIS, HERE, MINE, Ne("quantity", 0)], sort=["tally_id", "lot", "unit"]),
        "strays": List("stray", where=[THIS, HERE, MINE, Ne("quantity", 0)], sort=["-seen_at"], limit=MOST_SHOWN),
        "picked": One("item", where=[Eq("id", "{item}")]),
        "found": List("item", where=[Eq("active", True), Matches("search", "?q")], sort=["sort_key"], limit=20),
        "spots": ById("count_place"),
        "tasks": ById("count_task"),
        "mine": ById("tally"),
        "items": ITEMS,
        "places": PLACES,
        "staff": STAFF,
    },
    parts={
        "shelves": Part("counts/_shelves.html"),
        "counting": Part("counts/_counting.html"),
        "left": Part("counts/_left.html"),
        "scan": Part("counts/_scan.html"),
        "found": Part("counts/_found.html"),
    },
    parameters=["q", "item"],
    find="found",
    camera=True,
    roles=HANDLERS,
)
paper = Page(
    "counts.sheet",
    ["/counts/{count_id:id}/sheet"],
    "counts/sheet.html",
    "Count sheet",
    sheets=OPEN,
    lists={
        "stocktake": One("count", where=[Eq("id", "{count_id}")]),
        "shelves": List("count_place", where=[THIS], sort=["sort_key"]),
        "groups": List("count_task", where=[THIS, TO_COUNT], sort=["sort_key"], group="place_id"),
        "items": ITEMS,
        "places": PLACES,
    },
    roles=HANDLERS,
)
evidence = Page(
    "counts.evidence",
    ["/counts/{count_id:id}/evidence"],
    "counts/evidence.html",
    "What was counted",
    sheets=REVIEW,
    lists={
        "stocktake": One("count", where=[Eq("id", "{count_id}")]),
        "tasks": List("count_review", where=[THIS], sort=["place_id.sort_key", "sort_key"]),
        "findings": List("count_finding", where=[THIS], sort=["sort_key"], group="task_id"),
        "late": List("late_movement", sort=["received_at", "id"], group="spot"),
        "accuracy": One("count_accuracy", where=[Eq("id", "{count_id}")]),
        "strays": List("stray", where=[THIS, Ne("quantity", 0)], sort=["-seen_at"]),
        "unsubmitted": List(
            "count_line", where=[THIS, Eq("submitted", False), Ne("quantity", 0)], sort=["by", "-seen_at"]
        ),
        "items": ITEMS,
        "places": PLACES,
        "staff": STAFF,
    },
    parts={"evidence": Part("counts/_evidence.html")},
    roles=MANAGERS,
)
tolerances = Page(
    "counts.tolerances",
    ["/counts/tolerances"],
    "counts/tolerances.html",
    "Tolerances",
    sheets=REVIEW,
    lists={"settings": One("count_settings", where=[Eq("id", site)])},
    roles=MANAGERS,
)
pages = [all_counts, asking, counting, paper, evidence, tolerances]


def counted(path: str, command: type[Command], *more: str, form: str | None = None) -> Post:
    """Something that is done while counting: what comes back is what was counted, and the field for the next scan.

    `more` names parts that come along; any other is fetched by the page when the field is free again.
    """
    path, parts = f"/counts/{{count_id:id}}/{path}", ["counting", *more, "scan"]
    return Post(path, command, then="/counts/{count_id}", parts=parts, form=form)


posts = [
    Post("/counts/new", AskForCount, then="/counts", form="counts/_ask.html", form_page="/counts/new"),
    counted("begin", BeginPlace, "shelves", "left"),
    counted("scans", RecordScan),
    counted("amounts", RecordAmount, "left", form="counts/_pad.html"),
    counted("none", RecordNone, "left"),
    counted("unknown", RecordUnknown),
    counted("submit", Submit, "shelves", "left"),
    counted("undo", Undo, "left"),
    Post("/counts/{count_id:id}/cancel", CancelCount, then="/counts", parts=["counts"]),
    Post("/counts/{count_id:id}/close", CloseCount, then="/counts/{count_id}/evidence", parts=["evidence"]),
    Post("/counts/{count_id:id}/again", CountAgain, then="/counts/{count_id}/evidence", parts=["evidence"]),
    Post("/counts/tolerances", ChangeTolerances, then="/counts/tolerances"),
]
