"""Retrying: what a bug of ours held, or a release that did not know it, is decided again by the next one, unasked."""

from sqlalchemy import select

from backend import VERSION
from backend.clock import Clock
from backend.deciding import RETRIED, UNKNOWN, Asked, said_again, sent_by_us
from backend.devices import find_device_by_id
from backend.ids import derived
from backend.journal import Receipt, journal, open_case
from backend.office import find_site
from backend.performing import Performer, perform
from backend.staff import find_actor
from backend.sync.closing import CloseCase
from backend.sync.entries import not_its_work
from backend.timetable import SERVER_REPLICA, asked_by_office
from backend.work import Device, Site


def retry_held(house: Performer, clock: Clock) -> int:
    """Perform anew, in its author's name and at its own time, each such entry whose case is still open.

    Once per version: the id of the new command follows from the old one and the version. What comes of it is an entry
    of its own, with a case of its own where it needs a person, so the old case is closed; what fails again as it did
    stays as it was. Returns how many are now applied.
    """
    done = 0
    with house.database.read() as session:
        query = select(journal, open_case.c.site_id, open_case.c.device).join(
            open_case, open_case.c.command_id == journal.c.command_id
        )
        held = query.where(
            journal.c.code.in_(RETRIED),
            journal.c.payload.is_not(None),
            open_case.c.closed_at.is_(None),
            # Where two entries came under one id, a person has to look first.
            open_case.c.alarm.is_(None),
        )
        waiting = [
            (
                entry,
                find_actor(session, entry.actor_id),
                find_site(session, entry.site_id),
                find_device_by_id(session, entry.device_id) if entry.device_id else None,
            )
            for entry in session.execute(held.order_by(journal.c.seq))
            if entry.code != UNKNOWN or (entry.command, entry.v) in house.kinds
        ]
    for entry, actor, site, device in waiting:
        if actor is None or site is None:
            continue
        sent = said_again(entry, derived(entry.command_id, f"retry {VERSION}"))
        asked = Asked(
            replica_id=SERVER_REPLICA,
            replica_kind="server",
            device=Device(entry.device_id, entry.device),
            site=site,
            actor=actor,
            received_at=clock.now(),
            # Whether it is for such a device could not be said of a kind that nobody knew.
            hold=not_its_work(sent, device.purpose, house.kinds) if device else None,
            happened=(entry.happened_at, entry.happened_about),
            caused_by=entry.command_id,
        )
        receipt = perform(sent, asked, house)
        if receipt.code not in RETRIED:
            settle(house, entry.command_id, receipt, site, clock)
        done += receipt.outcome in ("applied", "noop", "flagged")
    return done


def settle(house: Performer, command_id: str, receipt: Receipt, site: Site, clock: Clock) -> None:
    """Close the case of an entry that is decided now."""
    reason = f"Done by itself after the update to {VERSION}."
    if receipt.outcome in ("held", "refused"):
        reason = f"Decided anew by version {VERSION}; see its new card."
    closing = sent_by_us(
        CloseCase, derived(command_id, f"settled by {VERSION}"), {"case_id": command_id, "reason": reason}
    )
    perform(closing, asked_by_office(site, clock.now()), house)
