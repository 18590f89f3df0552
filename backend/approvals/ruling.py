"""Ruling: when a second person is needed, and whose yes counts, is changed by a manager, with a second one's yes."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.approvals.asking import ask
from backend.approvals.models import SAID, ApprovalRule
from backend.approvals.rights import rule_for
from backend.commands import FACT, REQUEST, Command, handles
from backend.errors import Missing, Refused
from backend.feed_tables import seen_row
from backend.fields import Choices, Id, Label, Money, Text80
from backend.filters import money
from backend.identity import MANAGER, MANAGERS, NOBODY, OWNER
from backend.waiting import KINDS, Change, FrozenCase, case_for
from backend.work import Site, Work

Roles = Choices((OWNER, MANAGER), least=1)
AmountFrom = Annotated[Money, Label("Needed from this amount on")]
Levels = Annotated[int, Meta(ge=0, le=2), Label("How many people")]
First = Annotated[Roles, Label("Who says yes first")]  # type: ignore[valid-type]
Second = Annotated[Roles, Label("Who says yes second")]  # type: ignore[valid-type]
ManagerLimit = Annotated[Money, Label("A manager says yes up to")]
OwnerLimit = Annotated[Money, Label("An owner says yes up to")]
Hours = Annotated[int, Meta(ge=1, le=2160), Label("Lapses after hours")]


LABELS = dict(
    zip(
        SAID,
        ("Needed from", "How many people", "First yes", "Second yes", "Limit of a manager", "Limit of an owner",
         "Lapses after hours"),
        strict=True,
    )
)  # fmt: skip
MONEY = ("amount_from", "manager_limit", "owner_limit")


class ChangeRule(Command, tag="approvals.change_rule", truth=REQUEST, title="Asked to change a rule", roles=MANAGERS):
    """A manager asked that requests of a kind need another yes than so far. A second one decides it."""

    rule_id: Id
    amount_from: AmountFrom
    levels: Levels
    first_roles: First
    second_roles: Second
    expires_hours: Hours
    manager_limit: ManagerLimit | None = None
    owner_limit: OwnerLimit | None = None
    reason: Annotated[Text80, Label("Why")] | None = None


@handles(ChangeRule)
def change_rule(changing: ChangeRule, work: Work) -> None:
    rule_here(changing.rule_id, work)
    fields = {name: value for name, value in msgspec.structs.asdict(changing).items() if name != "reason"}
    ask(work, KeepRule(**fields), reason=changing.reason)


class KeepRule(Command, tag="approvals.keep_rule", truth=REQUEST, title="Changed a rule", roles=NOBODY):
    """A rule of when a second person is needed was changed. Only ever performed by way of an approval."""

    rule_id: Id
    amount_from: AmountFrom
    levels: Levels
    first_roles: First
    second_roles: Second
    expires_hours: Hours
    manager_limit: ManagerLimit | None = None
    owner_limit: OwnerLimit | None = None


@case_for(KeepRule, title="Change of a rule", expires_hours=168)
def rule_case(keeping: KeepRule, work: Work) -> FrozenCase:
    """What the rule says now and would say then."""
    rule = rule_here(keeping.rule_id, work)
    pairs = [(name, said(name, getattr(rule, name)), said(name, getattr(keeping, name))) for name in SAID]
    changes = tuple(Change(LABELS[name], before, after) for name, before, after in pairs if before != after)
    if not changes:
        raise Refused("The rule says this already.", "no_change")
    return FrozenCase(title=f"Rule for: {KINDS[rule.command].title}", changes=changes)


@handles(KeepRule)
def keep_rule(keeping: KeepRule, work: Work) -> None:
    rule = rule_here(keeping.rule_id, work)
    for name in SAID:
        value = getattr(keeping, name)
        setattr(rule, name, " ".join(sorted(value)) if isinstance(value, list) else value)
    work.session.flush()
    work.publish("approval_rule", rule.id)


def rule_here(rule_id: str, work: Work) -> ApprovalRule:
    """The rule, at this site."""
    rule = work.session.get(ApprovalRule, rule_id, with_for_update=True)
    if rule is None or rule.command not in KINDS:
        raise Missing("There is no such rule.")
    work.keep_to_site(rule.site_id)
    return rule


def said(name: str, value: Any) -> str:
    """One value of a rule as people read it."""
    if value is None:
        return "no limit"
    if name in MONEY:
        return str(money({}, value))
    words = sorted(value) if isinstance(value, list) else str(value).split()
    return " or ".join(words)


class FurnishRules(Command, tag="approvals.furnish_rules", truth=FACT, title="Laid out the rules", roles=NOBODY):
    """The rules with which every kind of request begins were laid out for a site. A timed job of the office."""

    site_id: Annotated[str, Meta(max_length=40)]


@handles(FurnishRules)
def furnish_rules(furnishing: FurnishRules, work: Work) -> None:
    there = replace(work, site=Site(furnishing.site_id, "", work.site.zone_name))
    for command in sorted(KINDS):
        rule_for(command, there)


def furnishing_due(session: Session, _now: datetime) -> list[dict[str, Any]]:
    """One for each site that has fewer rules than there are kinds of requests; sites as all devices see them."""
    sites = session.scalars(select(seen_row.c.id).where(seen_row.c.kind == "site", seen_row.c.body.is_not(None)))
    known = {(rule.site_id, rule.command) for rule in session.scalars(select(ApprovalRule))}
    return [{"site_id": site} for site in sites if any((site, command) not in known for command in KINDS)]
