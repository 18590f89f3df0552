"""Which sheets a device may hold: its purpose, the person who unlocked it, the site, and the days around today."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from backend.callers import sheets_allowed, sheets_in_emergency
from backend.counts import open_counts
from backend.emergencies import has_glass
from backend.identity import PURPOSES, Actor
from backend.inventory import rooms_of
from backend.office import days_held
from backend.work import Site


def sheets_held(session: Session, purpose: str, actor: Actor | None, site: Site, now: datetime) -> list[str]:
    """Names in the order in which they are sent: what the first screen needs comes first.

    Without somebody who unlocked the device it may hold nothing, but still hands in and is told what became of it.
    """
    if actor is None:
        return []
    many: dict[str, Callable[[], list[str]]] = {
        "{window}": lambda: [str(day) for day in days_held(session, site, now)],
        "{room}": lambda: rooms_of(session, site.id),
        "{count}": lambda: open_counts(session, site.id),
    }
    names: list[str] = []
    patterns = sheets_allowed(purpose, actor)
    if not actor.may(PURPOSES[purpose].roles) and has_glass(session, actor.id, now):
        patterns = sheets_in_emergency(purpose)
    for pattern in patterns:
        known = {"{site}": site.id, "{actor}": actor.id}
        for place, value in known.items():
            pattern = pattern.replace(place, value)
        several = next((name for name in many if name in pattern), None)
        names += [pattern.replace(several, each) for each in many[several]()] if several else [pattern]
    return names
