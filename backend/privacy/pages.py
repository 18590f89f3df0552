"""Emergencies: the way in, and the page on which each is reviewed by a second person."""

from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, RawBody
from sqlalchemy import select

from backend.access_log import access_entry
from backend.at_office import form_of, give, show
from backend.callers import same_origin
from backend.clock import instant, optional_instant
from backend.emergencies import UNDER_GLASS
from backend.fields import read, specs
from backend.identity import EMERGENCY_MINUTES
from backend.ids import is_id
from backend.privacy.breaking_glass import BreakGlass
from backend.privacy.log_pages import note_by, officer_of
from backend.privacy.models import Glass
from backend.privacy.reviewing import ReviewGlass
from backend.privacy.telling import Names, told
from backend.screens import Post
from backend.serving import office_of, read_form, scope_of

REVIEWED_SHOWN = 20
MOST_LOOKS = 200

posts = [Post("/emergency", BreakGlass, then="/checkin", form="shell/_emergency.html", emergency=True)]


@get("/privacy", sync_to_thread=True)
def privacy_page(request: Request) -> Response[str]:
    """Emergencies to review, oldest first, and what was looked at meanwhile."""
    return reviews(request, form_of(), 200)


@post("/privacy/{glass_id:str}/review", sync_to_thread=True, status_code=303)
def review_post(request: Request, glass_id: FromPath[str], body: RawBody) -> Response[str]:
    """One emergency reviewed; a form with a mistake comes back with what was typed."""
    office = office_of(request)
    same_origin(request)
    form = read_form(body)
    with office.database.read() as session:
        caller = officer_of(request, session)
    scope = scope_of(caller, office)
    words = office.answering.manifest["words"].get(caller.language, {})
    given = {**form, "glass_id": [glass_id]}
    fields, complaints = read(specs(ReviewGlass), given, scope["today"], caller.language, words)
    complaint = ""
    if not complaints:
        minted = form.get("_command_id", [""])[-1]
        complaint = give(office, caller, ReviewGlass, fields, minted if is_id(minted) else "")
    if complaints or complaint:
        values = {**{name: texts[-1] for name, texts in form.items()}, "glass_id": glass_id}
        return reviews(request, form_of(values, complaints, complaint), 422)
    return Response("", status_code=303, headers={"Location": "/privacy"})


def reviews(request: Request, form: dict[str, Any], status: int) -> Response[str]:
    """The page, with the form that comes back on it."""
    office = office_of(request)
    with office.database.read() as session:
        caller = officer_of(request, session)
        names = Names(session, caller, office)
        query = select(Glass).where(Glass.site_id == caller.site.id)
        waiting = list(session.scalars(query.where(Glass.reviewed_at.is_(None)).order_by(Glass.since, Glass.id)))
        done = query.where(Glass.reviewed_at.is_not(None)).order_by(Glass.reviewed_at.desc(), Glass.id)
        reviewed = list(session.scalars(done.limit(REVIEWED_SHOWN)))
        shown = [seen(session, glass, names, caller.actor.id) for glass in [*waiting, *reviewed]]
    note_by(caller, office, "read", "privacy.review", rows=len({one["subject"] for one in shown if one["subject"]}))
    return show(
        office, caller, "privacy.review", "privacy/review.html", status,
        form=form, waiting=shown[: len(waiting)], reviewed=shown[len(waiting) :],
    )  # fmt: skip


def seen(session: Any, glass: Glass, names: Names, asking: str) -> dict[str, Any]:
    """One emergency as its card shows it."""
    c = access_entry.c
    mine = (c.actor_id == glass.actor_id) & (c.at >= glass.since)
    looks = select(access_entry).where(mine, c.code == UNDER_GLASS, c.at < until(glass)).order_by(c.seq)
    found = list(session.execute(looks.limit(MOST_LOOKS)))
    return {
        "id": glass.id,
        "who": names.person(glass.actor_id),
        "own": glass.actor_id == asking,
        "device": names.device(glass.device_id),
        "since": instant(glass.since),
        "about": glass.since_about,
        "reason": glass.reason,
        "subject": glass.patient_id,
        "whom": names.patient(glass.patient_id) if glass.patient_id else "",
        "looks": told(found, names),
        "reviewed_at": optional_instant(glass.reviewed_at),
        "reviewed_by": names.person(glass.reviewed_by) if glass.reviewed_by else "",
        "verdict": glass.verdict or "",
        "finding": glass.finding or "",
    }


def until(glass: Glass) -> Any:
    """When it closed by itself."""
    return glass.since + timedelta(minutes=EMERGENCY_MINUTES)
