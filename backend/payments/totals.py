"""The day's money, to the cent: by how it came and by who took it."""

from collections import Counter
from datetime import date
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.at_office import only_for, show
from backend.clock import instant
from backend.errors import Missing
from backend.identity import MANAGERS
from backend.payments.models import METHOD_WORDS, METHODS, Payment
from backend.serving import office_of
from backend.staff import called

NOT_YOURS = "Only a manager sees the day's money. Ask the office manager."


@get("/payments/{day:str}", sync_to_thread=True)
def show_day(request: Request, day: FromPath[str]) -> Response[str]:
    """From the office alone: what devices have not handed in yet is no total."""
    office = office_of(request)
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        raise Missing("There is no such day.") from None
    with office.database.read() as session:
        caller = only_for(request, session, MANAGERS, NOT_YOURS)
        context = totals(session, caller.site.id, wanted)
    return show(office, caller, "payments.day", "payments/day.html", day=str(wanted), **context)


def totals(session: Session, site_id: str, day: date) -> dict[str, Any]:
    """`{methods, people, entries, cents}` of a site's day; what was given back that day counts against it."""
    query = select(Payment).where(Payment.site_id == site_id, Payment.day == day)
    booked = list(session.scalars(query.order_by(Payment.happened_at, Payment.id)))
    names = {id: called(session, id) or "Somebody" for id in {one.actor_id for one in booked}}
    methods, people = Counter[str](), Counter[str]()
    for one in booked:
        methods[one.method] += one.cents
        people[one.actor_id] += one.cents
    ranked = sorted(people, key=lambda id: (names[id], id))
    return {
        "methods": [{"word": METHOD_WORDS[method], "cents": methods[method]} for method in METHODS],
        "people": [{"name": names[id], "cents": people[id]} for id in ranked],
        "entries": [line(one, names[one.actor_id]) for one in booked],
        "cents": sum(one.cents for one in booked),
    }


def line(one: Payment, name: str) -> dict[str, Any]:
    """One line of the book."""
    return {
        "id": one.id, "kind": one.kind, "cents": one.cents, "word": METHOD_WORDS[one.method], "number": one.number,
        "name": name, "device": one.device, "at": instant(one.happened_at), "about": one.happened_about,
        "to_balance": one.to_balance,
    }  # fmt: skip
