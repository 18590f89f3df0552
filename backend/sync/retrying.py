"""Retrying: entries that a bug of ours held are tried again by the next release, without anybody asking."""

from sqlalchemy import select

from backend import VERSION
from backend.clock import Clock
from backend.deciding import Asked, said_again, sent_by_us
from backend.ids import derived
from backend.journal import journal, open_case
from backend.office import find_site
from backend.performing import Performer, perform
from backend.staff import find_actor
from backend.sync.closing import CloseCase
from backend.timetable import SERVER_REPLICA, asked_by_office
from backend.work import Device, Site


def retry_held(house: Performer, clock: Clock) -> int:
    """Perform anew, in its author's name and at its own time, each such entry whose case is still open.

    Once per version: the id of the new command follows from the old one and the version. Returns how many are
    now applied; their cases are closed. What fails again stays as it was.
    """
    done = 0
    with house.database.read() as session:
        query = select(journal, open_case.c.site_id, open_case.c.device).join(
            open_case, open_case.c.command_id == journal.c.command_id
        )
        held = query.where(
            journal.c.code == "our_fault", journal.c.payload.is_not(None), open_case.c.closed_at.is_(None)
        )
        waiting = [
            (entry, find_actor(session, entry.actor_id), find_site(session, entry.site_id))
            for entry in session.execute(held.order_by(journal.c.seq))
        ]
    for entry, actor, site in waiting:
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
            happened=(entry.happened_at, entry.happened_about),
            caused_by=entry.command_id,
        )
        if perform(sent, asked, house).outcome in ("applied", "noop", "flagged"):
            settle(house, entry.command_id, site, clock)
            done += 1
    return done


def settle(house: Performer, command_id: str, site: Site, clock: Clock) -> None:
    """Close the case of an entry that is applied now."""
    fields = {"case_id": command_id, "reason": f"Done by itself after the update to {VERSION}."}
    closing = sent_by_us(CloseCase, derived(command_id, f"settled by {VERSION}"), fields)
    perform(closing, asked_by_office(site, clock.now()), house)
