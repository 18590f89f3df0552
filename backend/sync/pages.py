"""What needs attention: the page and its one form."""

from backend.identity import EVERYBODY, MANAGERS
from backend.lists import ById, Eq, List
from backend.screens import Page, Part, Post
from backend.sync.closing import CloseCase

LISTS = {
    "cases": List("case", where=[Eq("open", True)], sort=["sort_key"]),
    "staff": ById("staff_member"),
    "patients": ById("patient"),
}

attention = Page(
    "sync.attention",
    ["/attention"],
    "sync/attention.html",
    "Needs attention",
    sheets=["attention/{actor}", "office/{site}"],
    lists=LISTS,
    parts={"cases": Part("sync/_cases.html")},
    roles=EVERYBODY,
)
review = Page(
    "sync.review",
    ["/attention/office"],
    "sync/review.html",
    "What the office must decide",
    sheets=["attention/{site}", "office/{site}"],
    lists=LISTS,
    parts={"cases": Part("sync/_cases.html")},
    roles=MANAGERS,
)
posts = [
    Post("/attention/office/{case_id:id}/close", CloseCase, then="/attention/office", parts=["cases"]),
    Post("/attention/{case_id:id}/close", CloseCase, then="/attention", parts=["cases"]),
]
