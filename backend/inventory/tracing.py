"""Tracing: every movement of an item or of one of its lots, with what was there after each, from the office alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get
from litestar.params import FromPath
from sqlalchemy import Select, Subquery, and_, func, select
from sqlalchemy.orm import Session, aliased

from backend import paths
from backend.at_office import only_for, show
from backend.callers import Caller
from backend.clock import instant, midnight
from backend.errors import NotAllowed
from backend.identity import DESK, HANDLERS, IMPORT, OFFICE
from backend.ids import is_id
from backend.inventory.labelling import NOT_THEIRS, find
from backend.inventory.models import Item, Movement, Place
from backend.paths import is_date
from backend.posts import last
from backend.serving import office_of
from backend.shelf import Shelf
from backend.words import STATUS_WORDS

AT_ONCE = 100
KINDS = {
    "received": "Received",
    "used": "Used",
    "wasted": "Thrown away",
    "expired": "Expired",
    "transferred": "Transferred",
    "adjusted": "Put right after a count",
}
# Why a count was off, and what a shelf's stock met with, are the office's own words already.
REASONS = STATUS_WORDS | {
    "expired": "Expired",
    "contaminated": "Contaminated",
    "dropped": "Dropped",
    "other": "Another reason",
    "Undone": "Undone",
    "Counted after this happened": "Counted after this happened",
}


@dataclass(frozen=True)
class Asked:
    """What somebody asked to see; empty is everything. Days are the site's; `skip` is how many newer ones were seen."""

    item_id: str
    lot: str = ""
    place: str = ""
    kind: str = ""
    start: str = ""
    end: str = ""
    skip: int = 0

    def shown(self) -> dict[str, str]:
        """For the form that filters, and the link to older ones."""
        return {name: getattr(self, name) for name in ("lot", "place", "kind", "start", "end")}


def asked_of(item_id: str, given: Mapping[str, list[str]]) -> Asked:
    """What is no day, id or kind is as if it had not been asked."""

    def one(name: str, fits: Any) -> str:
        text = last(given, name)
        return text if fits(text) else ""

    skip = one("skip", lambda text: text.isascii() and text.isdigit() and len(text) < 7)
    return Asked(
        item_id=item_id,
        lot=one("lot", lambda text: len(text) <= 40),
        place=one("place", is_id),
        kind=one("kind", lambda text: text in KINDS),
        start=one("start", is_date),
        end=one("end", is_date),
        skip=int(skip or 0),
    )


def may_trace(request: Request, session: Session) -> Caller:
    """Who may see the stock may see how it came about; on a device for blind counts, nobody."""
    caller = only_for(request, session, HANDLERS, NOT_THEIRS)
    if not caller.may_read(["stock/{room}"]):
        raise NotAllowed("This needs the office, or your own phone.")
    return caller


@get("/supply-movements/{item_id:str}", sync_to_thread=True)
def movements_page(request: Request, item_id: FromPath[str]) -> Response[str]:
    """Newest first, a page at a time."""
    office = office_of(request)
    with office.database.read() as session:
        caller = may_trace(request, session)
        item = find(session, Item, item_id, caller)
        asked = asked_of(item_id, paths.form_of(request.url.query))
        told = tell(session, asked, caller)
        about = {"id": item.id, "name": item.name, "base_unit": item.base_unit}
    older = asked.skip + AT_ONCE if len(told["movements"]) > AT_ONCE else 0
    told["movements"] = told["movements"][:AT_ONCE]
    rest = {"item": about, "filters": asked.shown(), "kinds": list(KINDS), "kind_words": KINDS, "older": older}
    rest["lot_in_link"] = quote(asked.lot, safe="")
    return show(office, caller, "inventory.movements", "inventory/movements.html", **rest, **told)


def tell(session: Session, asked: Asked, caller: Caller) -> dict[str, Any]:
    """The movements as the page shows them, one more than it has room for, and what can be chosen."""
    running = with_balance(asked)
    found = session.execute(query_of(running, asked, caller)).all()
    lots = select(Movement.lot).where(Movement.item_id == asked.item_id, Movement.lot != "").distinct()
    places = select(Place).where(Place.site_id == caller.site.id)
    names = {place.id: place.path for place in session.scalars(places)}
    return {
        "movements": rows_of(session, found, names, caller),
        "lots": sorted(session.scalars(lots)),
        "places": sorted(({"id": id, "path": path} for id, path in names.items()), key=lambda one: one["path"]),
    }


def with_balance(asked: Asked) -> Subquery:
    """Every movement of the item (of the lot, in the place), with the sum up to it in the order of what happened.

    Kinds and days leave out lines, and never change what was there after the others.
    """
    then = (Movement.happened_at, Movement.received_at, Movement.id)
    balance = func.sum(Movement.quantity).over(order_by=then, rows=(None, 0))
    query = select(Movement, balance.label("balance")).where(Movement.item_id == asked.item_id)
    if asked.lot:
        query = query.where(Movement.lot == asked.lot)
    if asked.place:
        query = query.where(Movement.place_id == asked.place)
    return query.subquery()


def query_of(running: Subquery, asked: Asked, caller: Caller) -> Select[Any]:
    """Newest first."""
    c, opposite, zone = running.c, aliased(Movement), caller.site.zone_name
    query = select(running, opposite.id.label("taken_back")).outerjoin(opposite, opposite.reverses == c.id)
    wanted = [c.kind == asked.kind] if asked.kind else []
    wanted += [c.happened_at >= midnight(asked.start, zone)] if asked.start else []
    wanted += [c.happened_at < midnight(asked.end, zone, timedelta(days=1))] if asked.end else []
    order = (c.happened_at.desc(), c.received_at.desc(), c.id.desc())
    return query.where(and_(True, *wanted)).order_by(*order).limit(AT_ONCE + 1).offset(asked.skip)


def rows_of(session: Session, found: Sequence[Any], places: Mapping[str, str], caller: Caller) -> list[dict[str, Any]]:
    """Each movement in words. A visit is named by its day alone: whose it is says its own page, to who may open it."""
    shelf, site = Shelf(session), caller.site.id
    office = {one.id: one.name for one in (IMPORT, OFFICE)}

    @cache
    def name(kind: str, id: str | None, sheet: str) -> str:
        row = shelf.get(kind, id, [f"{sheet}/{site}"]) if id else None
        return str(row["name"]) if row else ""

    @cache
    def visit(id: str | None) -> str:
        row = shelf.get("visit", id, [f"visits/{site}/*"]) if id and caller.actor.may(DESK) else None
        return f"/checkin/{row['day']}/{id}" if row else ""

    return [
        {
            "id": one.id,
            "kind": KINDS[one.kind],
            "quantity": f"{one.quantity:+,}".replace("-", "−"),
            "balance": one.balance,
            "lot": one.lot,
            "place": places.get(one.place_id, ""),
            "who": name("staff_member", one.actor_id, "office") or office.get(one.actor_id, ""),
            "device": name("device", one.device_id, "devices"),
            "happened_at": instant(one.happened_at),
            "about": one.happened_about,
            "received_at": instant(one.received_at),
            **in_words(one.reason),
            "on_visit": one.visit_id is not None,
            "visit": visit(one.visit_id),
            "taken_back": one.taken_back is not None,
            "takes_back": one.reverses is not None,
        }
        for one in found
    ]


def in_words(reason: str | None) -> dict[str, str]:
    """A reason that the office has a word for, and what somebody wrote beside it."""
    known, _, note = (reason or "").partition(": ")
    return {"reason": REASONS[known], "note": note} if known in REASONS else {"reason": "", "note": reason or ""}
