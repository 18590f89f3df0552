"""How long it takes until 500 lines that somebody counted are compared with the book, and settled or passed on."""

import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import demo
from backend.app import build_front, open_office
from backend.clock import Clock
from backend.commands import Command, tag_of
from backend.counts import AskForCount, RecordAmount, Submit
from backend.database import Database
from backend.deciding import Asked, Sent
from backend.giving import Giver
from backend.identity import OFFICE, Actor
from backend.ids import new_id
from backend.inventory import ReceiveStock, RecordItem, RecordPlace
from backend.journal import Receipt
from backend.migrating import migrate
from backend.office import OpenSite
from backend.performing import perform, perform_all
from backend.settings import Settings
from backend.staff import find_actor
from backend.staff.models import StaffMember
from backend.work import Device
from tests.bench.reference import one_large_write
from tests.bench.report import Figure, quantile, tell
from tests.postgres import start_postgres

LINES = 500
TIMES = 7
# What one hand-in of a line writes: its finding, observation, task and stock, and the rows that devices see of them.
ROWS_OF_A_LINE = 12
ON_HAND = 200
REPLICA = "00000000-0000-7000-8000-0000000000bb"


class Shelf:
    """An office that keeps 500 items on one shelf, and somebody who counts them."""

    def __init__(self, folder: Path, url: str) -> None:
        migrate(url)
        settings = Settings(data=folder)
        self.database, self.clock = Database(url), Clock()
        self.office = open_office(settings, self.clock, self.database, build_front(settings.web))
        giver = Giver(self.office.performer, self.clock, demo.SITE, OFFICE)
        site = {"site_id": demo.SITE.id, "name": demo.SITE.name, "zone_name": demo.SITE.zone_name}
        giver.give(OpenSite, **site, open_weekdays="1234567")
        demo.add_staff(giver, self.office)
        self.counts = 0
        self.place, self.items = new_id(), [new_id() for _ in range(LINES)]
        giver.give(RecordPlace, place_id=self.place, kind="room", name="Supply room")
        known = [
            {"item_id": id, "name": f"Item {number}", "base_unit": "each", "abc": "ABC"[number % 3]}
            for number, id in enumerate(self.items)
        ]
        list(giver.give_all(sent(RecordItem, fields) for fields in known))
        came = {"place_id": self.place, "quantity": ON_HAND}
        list(giver.give_all(sent(ReceiveStock, {"item_id": id, **came}) for id in self.items))
        with self.database.read() as session:
            self.people = people_of(session)

    def close(self) -> None:
        self.database.close()

    def asked(self, who: int) -> Asked:
        return Asked(REPLICA, "session", Device(None, "a browser"), demo.SITE, self.people[who], self.clock.now())

    def count(self) -> str:
        """A count of the shelf in which every line was seen and none handed in; its id."""
        id, who, self.counts = new_id(), self.asked(0), self.counts + 1
        asking = sent(AskForCount, {"count_id": id, "kind": "full", "place_id": self.place})
        seen = [
            {"count_id": id, "place_id": self.place, "item_id": item, "amounts": [amount(number, self.counts)]}
            for number, item in enumerate(self.items)
        ]
        receipts = perform_all([(one, who) for one in (asking, *(sent(RecordAmount, of) for of in seen))],
                               self.office.performer)  # fmt: skip
        checked(receipts)
        return id

    def hand_in(self, count_id: str) -> float:
        """Milliseconds of the one command that compares, posts and asks again."""
        handing_in = sent(Submit, {"count_id": count_id, "place_id": self.place})
        began = time.perf_counter()
        receipt = perform(handing_in, self.asked(0), self.office.performer)
        took = (time.perf_counter() - began) * 1000
        checked([receipt])
        if not (receipt.say or "").startswith(f"{LINES} items handed in."):
            raise RuntimeError(f"Not everything was handed in: {receipt.say}")
        return took


def amount(number: int, counts: int) -> dict[str, Any]:
    """Four of five as the book has them after the count before; the others one off, and one in 50 far off."""
    off = 60 if number % 50 == 0 else counts % 2 if number % 5 == 0 else 0
    return {"unit": "each", "quantity": ON_HAND - off}


def sent(kind: type[Command], fields: dict[str, Any]) -> Sent:
    return Sent(command_id=new_id(), command=tag_of(kind), fields=fields)


def checked(receipts: list[Receipt]) -> None:
    if wrong := [one for one in receipts if one.outcome not in ("applied", "flagged")]:
        raise RuntimeError(f"{len(wrong)} entries were not applied: {wrong[0].say}")


def people_of(session: Session) -> list[Actor]:
    found = [find_actor(session, id) for id in session.scalars(select(StaffMember.id).order_by(StaffMember.name))]
    return [one for one in found if one is not None]


def measured(folder: Path, url: str) -> list[float]:
    """Milliseconds of each hand-in, every one of a count of its own."""
    shelf = Shelf(folder, url)
    try:
        shelf.hand_in(shelf.count())
        return [shelf.hand_in(shelf.count()) for _ in range(TIMES)]
    finally:
        shelf.close()


def figures(folder: Path) -> list[Figure]:
    """On SQLite and, where the machine has it, on PostgreSQL."""
    raw = one_large_write(folder, LINES * ROWS_OF_A_LINE) * 1000
    of = {"SQLite": f"sqlite:///{folder / 'counting.sqlite3'}"}
    found = []
    with ExitStack() as stack:
        try:
            of["PostgreSQL"] = stack.enter_context(start_postgres()).new_database()
        except RuntimeError as missing:
            tell(str(missing))
        for name, url in of.items():
            tell(f"{TIMES} counts of {LINES} lines on {name}")
            took = measured(folder, url)
            beside = "raw SQLite, as many rows in one durable write"
            for what, share, aim in (("p50", 0.5, 2_000), ("p95", 0.95, 2_000)):
                title = f"submit of {LINES} lines reconciles, {name}, {what}"
                found.append(Figure(title, quantile(took, share), "ms", aim, raw, beside))
    return found
