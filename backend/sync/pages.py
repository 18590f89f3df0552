"""What needs attention: the page and its one form."""

from backend.identity import EVERYBODY
from backend.lists import ById, Eq, List
from backend.screens import Page, Part, Post
from backend.sync.closing import CloseCase

attention = Page(
    "sync.attention",
    ["/attention"],
    "sync/attention.html",
    "Needs attention",
    sheets=["attention/{actor}", "office/{site}"],
    lists={"cases": List("case", where=[Eq("open", True)], sort=["sort_key"]), "staff": ById("staff_member")},
    parts={"cases": Part("sync/_cases.html")},
    roles=EVERYBODY,
)
posts = [Post("/attention/{case_id:id}/close", CloseCase, then="/attention", parts=["cases"])]
