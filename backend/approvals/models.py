"""What waits for a second person, what was said about it, by which rules, and who stands in for whom."""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Date, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Id, Instant
from backend.waiting import KINDS, FrozenCase

# What a rule says.
SAID = ("amount_from", "levels", "first_roles", "second_roles", "manager_limit", "owner_limit", "expires_hours")


class Approval(Base):
    """One request. `state`: asked, approved, declined, withdrawn, expired, or not_needed (performed at once).

    `fields` and `shown` are JSON: the waiting command's fields and its frozen case; `hash` is over both.
    `given` counts the levels that said yes to this very hash. Amounts are integer cents. Who has it `passed_to` them
    is shown it first; what is filed is on no device any more.
    """

    __tablename__ = "approval"
    __table_args__ = (Index("approval_site", "site_id", "state"), Index("approval_kind", "command", "asked_at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(String(40))
    command: Mapped[str] = mapped_column(String(80))
    waiting_id: Mapped[str] = mapped_column(Id)
    fields: Mapped[str] = mapped_column(Text)
    shown: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
    excluded: Mapped[str] = mapped_column(Text)
    amount: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str | None] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(Id)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(12))
    levels: Mapped[int] = mapped_column(Integer)
    given: Mapped[int] = mapped_column(Integer)
    escalated_at: Mapped[datetime | None] = mapped_column(Instant)
    passed_to: Mapped[str | None] = mapped_column(Id)
    filed_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def case(self) -> FrozenCase:
        """As it was last shown."""
        return msgspec.json.decode(self.shown, type=FrozenCase)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What a yes has to choose from; nothing where its kind wants none."""
        return KINDS[self.command].reasons if self.command in KINDS else ()

    @property
    def shut_out(self) -> dict[str, str]:
        """Who may never decide it, and why; named when it was asked or by its case."""
        named: dict[str, str] = msgspec.json.decode(self.excluded)
        return {**self.case.excluded, **named, self.asked_by: "asked for it"}

    @property
    def waiting_fields(self) -> dict[str, Any]:
        """Of the waiting command."""
        found: dict[str, Any] = msgspec.json.decode(self.fields)
        return found


class ApprovalStep(Base):
    """Something said about a request, in its order. `by_name` is the name at that time."""

    __tablename__ = "approval_step"
    __table_args__ = (Index("approval_step_of", "approval_id", "place"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    approval_id: Mapped[str] = mapped_column(Id)
    place: Mapped[int] = mapped_column(Integer)
    what: Mapped[str] = mapped_column(String(12))
    by: Mapped[str] = mapped_column(Id)
    by_name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)


class ApprovalRule(Base):
    """When requests of a kind need a yes, and whose. `id` is site/command; a limit of None is none."""

    __tablename__ = "approval_rule"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(String(40))
    command: Mapped[str] = mapped_column(String(80))
    amount_from: Mapped[int] = mapped_column(Integer)
    levels: Mapped[int] = mapped_column(Integer)
    first_roles: Mapped[str] = mapped_column(String(200))
    second_roles: Mapped[str] = mapped_column(String(200))
    manager_limit: Mapped[int | None] = mapped_column(Integer)
    owner_limit: Mapped[int | None] = mapped_column(Integer)
    expires_hours: Mapped[int] = mapped_column(Integer)

    @property
    def values(self) -> dict[str, Any]:
        """What it says, as rows and forms have it."""
        lists = {"first_roles": self.first_roles.split(), "second_roles": self.second_roles.split()}
        return {name: lists.get(name, getattr(self, name)) for name in SAID}

    @property
    def waits(self) -> timedelta:
        """How long a request of this kind waits before it lapses."""
        return timedelta(hours=self.expires_hours)

    def needs(self, amount: int | None) -> bool:
        """Whether a request of this amount needs a yes."""
        return self.levels > 0 and (amount is None or amount >= self.amount_from)

    def gives(self, roles: set[str], amount: int | None, level: int) -> bool:
        """Whether one of these roles may say yes to this amount on this level (1 or 2)."""
        wanted = set((self.first_roles if level == 1 else self.second_roles).split())
        limits = {"manager": self.manager_limit, "owner": self.owner_limit}
        return any(self.reaches(limits.get(role), amount) for role in roles & wanted)

    @staticmethod
    def reaches(limit: int | None, amount: int | None) -> bool:
        """Whether a limit covers an amount; where there is no amount, no limit is in the way."""
        return limit is None or amount is None or amount <= limit


class StandIn(Base):
    """Until a day and including it, one person decides with the rights of another."""

    __tablename__ = "stand_in"
    __table_args__ = (Index("stand_in_by", "by_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(String(40))
    for_id: Mapped[str] = mapped_column(Id)
    by_id: Mapped[str] = mapped_column(Id)
    until: Mapped[date] = mapped_column(Date)
    set_at: Mapped[datetime] = mapped_column(Instant)
