"""The pages of approvals: the inbox, one request, what I asked for, and the rules; and their forms."""

from backend.approvals.deciding import Approve, Decline
from backend.approvals.passing import PassOn
from backend.approvals.questioning import Answer, AskBack, Withdraw
from backend.approvals.ruling import ChangeRule
from backend.approvals.standing_in import SetStandIn
from backend.identity import EVERYBODY, MANAGERS
from backend.lists import Any, ById, Eq, List, Ne, One
from backend.screens import Page, Part, Post
from backend.values import actor

SHEETS = ["approvals/{site}", "office/{site}"]
STAFF = ById("staff_member")
DECIDERS = [Any("roles", ["manager", "owner"]), Eq("active", True)]
# To whom somebody may pass a request on, as far as a device can tell.
OTHERS = List("staff_member", where=[*DECIDERS, Ne("id", actor)], sort=["sort_key"])

pages = [
    Page(
        "approvals.inbox",
        ["/approvals"],
        "approvals/inbox.html",
        "Approvals",
        sheets=SHEETS,
        lists={
            "to_me": List("approval", where=[Eq("state", "asked"), Eq("passed_to", actor)], sort=["sort_key"]),
            "waiting": List("approval", where=[Eq("state", "asked"), Ne("passed_to", actor)], sort=["sort_key"]),
            "decided": List("approval", where=[Ne("state", "asked")], sort=["-last_at"], limit=20),
            "staff": STAFF,
            "others": OTHERS,
        },
        parts={"inbox": Part("approvals/_inbox.html")},
        roles=MANAGERS,
    ),
    Page(
        "approvals.request",
        ["/approvals/{approval_id:id}"],
        "approvals/request.html",
        "Request",
        sheets=SHEETS,
        lists={
            "approval": One("approval", where=[Eq("id", "{approval_id}")]),
            "steps": List("approval_step", where=[Eq("approval_id", "{approval_id}")], sort=["place"]),
            "staff": STAFF,
            "others": OTHERS,
        },
        roles=MANAGERS,
    ),
    Page(
        "approvals.rules",
        ["/approvals/rules"],
        "approvals/rules.html",
        "Rules for approvals",
        sheets=SHEETS,
        lists={
            "rules": List("approval_rule", sort=["sort_key"]),
            "stand_ins": List("stand_in", sort=["-sort_key"], limit=20),
            "colleagues": List("staff_member", where=DECIDERS, sort=["sort_key"]),
            "staff": STAFF,
        },
        roles=MANAGERS,
    ),
    Page(
        "approvals.mine",
        ["/approvals/mine"],
        "approvals/mine.html",
        "What I asked for",
        sheets=["attention/{actor}", "office/{site}"],
        lists={"asked": List("asked", sort=["-sort_key"], limit=50)},
        parts={"asked": Part("approvals/_asked.html")},
        roles=EVERYBODY,
    ),
]
posts = [
    Post("/approvals/{approval_id:id}/approve", Approve, then="/approvals", parts=["inbox"]),
    Post("/approvals/{approval_id:id}/decline", Decline, then="/approvals", parts=["inbox"]),
    Post("/approvals/{approval_id:id}/ask-back", AskBack, then="/approvals", parts=["inbox"]),
    Post("/approvals/{approval_id:id}/pass-on", PassOn, then="/approvals", parts=["inbox"]),
    Post("/approvals/{approval_id:id}/answer", Answer, then="/approvals", parts=["inbox"]),
    Post("/approvals/{approval_id:id}/withdraw", Withdraw, then="/approvals", parts=["inbox"]),
    Post("/approvals/mine/{approval_id:id}/answer", Answer, then="/approvals/mine", parts=["asked"]),
    Post("/approvals/mine/{approval_id:id}/withdraw", Withdraw, then="/approvals/mine", parts=["asked"]),
    Post("/approvals/rules/{rule_id:id}/change", ChangeRule, then="/approvals/rules"),
    Post("/approvals/stand-in", SetStandIn, then="/approvals/rules"),
]
