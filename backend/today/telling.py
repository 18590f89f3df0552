"""Telling: whoever something new waits for is told how much, on the devices on which they asked for it."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend import answers, lists
from backend.clock import instant, office_day
from backend.database import upsert
from backend.devices import find_device_by_id
from backend.feed import encode
from backend.giving import Giver
from backend.identity import MANAGERS, OFFICE, Actor
from backend.office import find_site
from backend.painting import Painted
from backend.serving import Office
from backend.shelf import Shelf
from backend.staff import find_actor
from backend.today.models import PushDevice, PushTold
from backend.today.pages import today_page
from backend.today.pushing import EndPush
from backend.today.quiet import is_quiet
from backend.today.sending import can_push, send
from backend.work import Site


@dataclass(frozen=True)
class Person:
    """Somebody who is told: where, what waits for them, and what they were told of before."""

    id: str
    pushes: list[PushDevice]
    waiting: list[str]
    told: set[str]
    quiet: bool

    @property
    def news(self) -> list[str]:
        """What waits that they were not told of."""
        return [one for one in self.waiting if one not in self.told]


def tell_everybody(office: Office, now: datetime) -> int:
    """Told are counts alone. After the commands, by one server: a push service that is slow is in nobody's way."""
    if not can_push():
        return 0
    with office.database.read() as session:
        people, ended = everybody(session, office, now)
        session.expunge_all()
    for push in ended:
        end(push, "Who or what it told is gone", office)
    return sum(tell(person, office) for person in people)


def everybody(session: Session, office: Office, now: datetime) -> tuple[list[Person], list[PushDevice]]:
    """Who is told, and the subscriptions of those who may not be told any more."""
    by_person: dict[str, tuple[Actor, list[PushDevice]]] = {}
    ended = []
    for push in session.scalars(select(PushDevice).order_by(PushDevice.staff_id, PushDevice.device_id)):
        device, actor = find_device_by_id(session, push.device_id), find_actor(session, push.staff_id)
        if device is not None and device.state == "enrolled" and actor is not None and actor.may(MANAGERS):
            by_person.setdefault(actor.id, (actor, []))[1].append(push)
        else:
            ended.append(push)
    told = {one.staff_id: set(msgspec.json.decode(one.told)) for one in session.scalars(select(PushTold))}
    people = []
    for actor, pushes in by_person.values():
        site = find_site(session, pushes[0].site_id)
        if site is not None:
            waiting = waits_for(session, office, actor, site, now)
            quiet = is_quiet(session, actor.id, site, now)
            people.append(Person(actor.id, pushes, waiting, told.get(actor.id, set()), quiet))
    return people, ended


def waits_for(session: Session, office: Office, actor: Actor, site: Site, now: datetime) -> list[str]:
    """A text for each thing that their page of today shows and its badge counts; another one once it presses more."""
    page = next(one for one in office.answering.manifest["pages"] if one["name"] == today_page.name)
    today = str(office_day(now, site.zone_name))
    about = {"site": {"id": site.id}, "actor": {"id": actor.id}, "device": None, "today": today}
    seen = Painted(Shelf(session, kept=office.kept)).within(answers.sheets_of(page, {}, about))
    known = {"param": {}, "now": instant(now), "today": today, "site": site.id, "actor": actor.id, "device": None}
    return [named(row, actor) for one in page["badge"] for row in lists.gather(page["lists"][one], seen, known)]


def named(row: dict[str, object], actor: Actor) -> str:
    """By what somebody was told of it: asked anew, pressing, or passed to them, it is news."""
    marks = [row.get("hash", "")]
    marks += ["presses"] if row.get("pressing") else []
    marks += ["theirs"] if row.get("passed_to") == actor.id else []
    return " ".join(map(str, [row["kind"], row["id"], *marks]))


def tell(person: Person, office: Office) -> int:
    """Tell them, if there is news and they are not left in peace; returns on how many devices."""
    reached = 0
    if person.news and not person.quiet:
        pressing = any(one.endswith(("presses", "presses theirs")) for one in person.news)
        for push in person.pushes:
            what = send(push, len(person.waiting), pressing, office.settings, office.keyring)
            reached += what == "sent"
            if what == "gone":
                end(push, "Its browser takes nothing any more", office)
    # What could not be sent, or not yet, is news still.
    known = set(person.waiting) if reached else person.told & set(person.waiting)
    if known != person.told:
        keep(person.id, known, office)
    return reached


def keep(staff_id: str, told: set[str], office: Office) -> None:
    """Remember of what they were told; what waits no longer may wait anew."""
    with office.database.write() as session:
        if told:
            values = {"staff_id": staff_id, "told": encode(sorted(told)).decode()}
            upsert(session, PushTold.__table__, [values])  # type: ignore[arg-type]
        else:
            session.execute(delete(PushTold).where(PushTold.staff_id == staff_id))


def end(push: PushDevice, why: str, office: Office) -> None:
    """Give the command in the office's own name."""
    with office.database.read() as session:
        site = find_site(session, push.site_id)
    if site is not None:
        giver = Giver(office.performer, office.clock, site, OFFICE)
        giver.give(EndPush, device_id=push.device_id, staff_id=push.staff_id, why=why)
