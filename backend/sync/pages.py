"""What needs attention: the page and its one form."""

from backend.identity import EVERYBODY, MANAGERS
from backend.lists import ById, Eq, List
from backend.screens import Page, Part, Post
from backend.sync.choosing import Choose
from backend.sync.closing import CloseCase
from backend.sync.entering_again import EnterAgain

LISTS = {
    "cases": List("case", where=[Eq("open", True)], sort=["act", "sort_key"]),
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
    Post(f"{path}/{{case_id:id}}/{end}", command, then=path, parts=["cases"])
    for path in ("/attention/office", "/attention")
    for end, command in (("close", CloseCase), ("choice", Choose), ("again", EnterAgain))
]
