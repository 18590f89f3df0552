"""Finding entries of the access log: by day, person, device, kind and patient, newest first, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from backend.access_log import KINDS, access_entry
from backend.clock import midnight
from backend.ids import is_id
from backend.paths import is_date
from backend.patients import known_as
from backend.work import Site

AT_ONCE = 50


@dataclass(frozen=True)
class Wanted:
    """What somebody asked to see; empty is everything. `before` is the number to go on from."""

    start: str = ""
    end: str = ""
    person: str = ""
    device: str = ""
    kind: str = ""
    subject: str = ""
    before: int = 0

    def as_query(self) -> dict[str, str]:
        """What a form or link carries along: ids and days, never a name."""
        return {"start": self.start, "end": self.end, "person": self.person, "device": self.device, "kind": self.kind}


def wanted(given: Mapping[str, list[str]], subject: str = "") -> Wanted:
    """What was asked; what is no day, id or kind is as if it had not been."""

    def one(name: str, fits: Any) -> str:
        text = given.get(name, [""])[-1]
        return text if fits(text) else ""

    before = one("before", lambda text: text.isascii() and text.isdigit() and len(text) < 16)
    return Wanted(
        start=one("start", is_date),
        end=one("end", is_date),
        person=one("person", is_id),
        device=one("device", is_id),
        kind=one("kind", lambda text: text in KINDS),
        subject=subject or one("subject", is_id),
        before=int(before or 0),
    )


def query_of(session: Session, wanted: Wanted, site: Site) -> Select[Any]:
    """The entries of the site (and those that belong to none, as of nobody who signed in), newest first.

    Of a patient whose records were merged, the looks at each of them.
    """
    c = access_entry.c
    query = select(access_entry).where(or_(c.site_id == site.id, c.site_id.is_(None))).order_by(c.seq.desc())
    for column, value in ((c.actor_id, wanted.person), (c.device_id, wanted.device), (c.kind, wanted.kind)):
        if value:
            query = query.where(column == value)
    if wanted.subject:
        query = query.where(c.subject.in_(known_as(session, wanted.subject)))
    if wanted.start:
        query = query.where(c.at >= midnight(wanted.start, site.zone_name))
    if wanted.end:
        query = query.where(c.at < midnight(wanted.end, site.zone_name, timedelta(days=1)))
    return query.where(c.seq < wanted.before) if wanted.before else query


def page_of(session: Session, wanted: Wanted, site: Site) -> tuple[list[Any], int]:
    """The next entries, and the number to go on from; 0 when there are no more."""
    found = list(session.execute(query_of(session, wanted, site).limit(AT_ONCE + 1)))
    return found[:AT_ONCE], found[AT_ONCE - 1].seq if len(found) > AT_ONCE else 0
