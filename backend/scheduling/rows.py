"""What is seen of the schedule: providers, kinds of visit, and each visit as the board shows it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from backend.clock import instant, is_unknown, optional_instant
from backend.database import among
from backend.patients import survivors
from backend.scheduling.models import GIVEN_UP, Provider, Room, Visit, VisitEvent, VisitType
from backend.scheduling.standing import ALERT_MINUTES, Standing, standing, without
from backend.sheets import Body, row
from backend.values import folded

UNDONE_AT_DESK = ("booked", "confirmed", "arrived", "checked_in", "left_unseen", *GIVEN_UP)
STEPS = ("arrived", "identified", "checked_in")


@row("provider", sheets=["office/{site_id}"])
def provider_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """Name and specialty."""
    return {
        provider.id: {
            "site_id": provider.site_id,
            "name": provider.name,
            "specialty": provider.specialty,
            "active": provider.active,
            "sort_key": folded(provider.name),
        }
        for provider in session.scalars(among(Provider.id), {"ids": ids})
    }


@row("visit_type", sheets=["office/{site_id}"])
def visit_type_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """Name and usual length in minutes."""
    return {
        type.id: {"site_id": type.site_id, "name": type.name, "minutes": type.minutes, "sort_key": folded(type.name)}
        for type in session.scalars(among(VisitType.id), {"ids": ids})
    }


Happened = list[tuple[Visit, list[VisitEvent]]]


def visits_with_events(session: Session, ids: Sequence[str]) -> Happened:
    """These visits, and what happened to each."""
    events: dict[str, list[VisitEvent]] = defaultdict(list)
    for event in session.scalars(among(VisitEvent.visit_id), {"ids": ids}):
        events[event.visit_id].append(event)
    return [(visit, events[visit.id]) for visit in session.scalars(among(Visit.id), {"ids": ids})]


@row("visit", sheets=["visits/{site_id}/{day}"], reads=visits_with_events)
def visit_row(session: Session, happened: Happened) -> dict[str, Body]:
    """One line of the board."""
    room_ids = {visit.room_id for visit, _ in happened if visit.room_id}
    there = session.scalars(among(Room.id), {"ids": room_ids}) if room_ids else ()
    rooms = {room.id: room.name for room in there}
    now = survivors(session, [visit.patient_id for visit, _ in happened])
    return {
        visit.id: {
            **visit_body(visit, events, rooms.get(visit.room_id or "")),
            "patient_id": now.get(visit.patient_id or "", visit.patient_id),
        }
        for visit, events in happened
    }


@row("wait", sheets=["waits/{site_id}/{day}"], reads=visits_with_events)
def wait_row(_session: Session, happened: Happened) -> dict[str, Body]:
    """Somebody waits, for how long and for whom, and from when that is too long. Nothing says who it is."""
    bodies = {}
    for visit, events in happened:
        now = standing(visit, events)
        if now.status not in ALERT_MINUTES:
            continue
        bodies[visit.id] = {
            "site_id": visit.site_id,
            "day": str(visit.day),
            "provider_id": visit.provider_id,
            "status": now.status,
            "since": instant(now.since),
            "alert_at": instant(now.since + timedelta(minutes=ALERT_MINUTES[now.status])),
        }
    return bodies


def untimed(seen: VisitEvent) -> bool:
    """Whether nobody knows when it was."""
    return is_unknown(seen.happened_at, seen.happened_about, seen.received_at)


def visit_body(visit: Visit, events: list[VisitEvent], room: str | None) -> Body:
    """What is seen of one visit, but for whose it is. `status_before` is what an undo of the last step would show."""
    now = standing(visit, events)
    before = without(visit, events, now.last.command_id) if now.last else None
    steps = {step: seen for step in STEPS if (seen := getattr(now, step)) is not None}
    can_undo = now.last is not None and now.status in UNDONE_AT_DESK
    return {
        "site_id": visit.site_id,
        "day": str(visit.day),
        "starts_at": instant(visit.starts_at),
        "minutes": visit.minutes,
        "provider_id": visit.provider_id,
        "type": visit.type,
        "is_walk_in": visit.kind == "walk_in" or now.worked_in,
        "reason": visit.reason,
        "room": room,
        "status": now.status,
        "status_since": instant(now.since),
        "arrived_at": optional_instant(now.arrived and now.arrived.happened_at),
        "arrived_by": now.arrived.actor_id if now.arrived else None,
        "arrived_about": bool(now.arrived and now.arrived.happened_about),
        "paper_by": now.arrived.paper_by if now.arrived else None,
        "identity": now.identified.detail.split() if now.identified else [],
        "identity_at": optional_instant(now.identified and now.identified.happened_at),
        "identity_by": now.identified.actor_id if now.identified else None,
        "checked_in_at": optional_instant(now.checked_in and now.checked_in.happened_at),
        "checked_in_by": now.checked_in.actor_id if now.checked_in else None,
        "next_action": now.next_action,
        "last_command": now.last.command if now.last else None,
        "last_command_id": now.last.command_id if now.last else None,
        "status_before": before.status if before else None,
        "since_before": instant(before.since) if before else None,
        "next_before": before.next_action if before else None,
        "can_undo": can_undo and not (visit.given_to and now.status in GIVEN_UP),
        "alert_minutes": ALERT_MINUTES.get(now.status),
        "flags": ["walk_in"] if visit.kind == "walk_in" or now.worked_in else [],
        "notes": now.notes,
        # Of which steps the time is only about right, and of which no more is known than that it was before.
        "about_steps": [step for step, seen in steps.items() if seen.happened_about],
        "unknown_steps": [step for step, seen in steps.items() if untimed(seen)],
        **cancelled_body(visit, now),
    }


def cancelled_body(visit: Visit, now: Standing) -> Body:
    """Whether it was called off, by whom, and whether its time went to somebody else. Another system says only that."""
    event = now.cancelled
    elsewhere = visit.booked_at if visit.booked_status.startswith("cancelled_") else None
    who_called, _, why = event.detail.partition(" ") if event else ("", "", "")
    return {
        "cancelled_at": optional_instant(event.happened_at if event else elsewhere),
        "cancelled_by": event.actor_id if event else None,
        "cancel_called": who_called or None,
        "cancel_reason": why or None,
        "slot_given": visit.given_to is not None,
    }
