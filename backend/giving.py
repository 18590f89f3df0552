"""Giving commands from the server itself: what imports, seeds and the command line use."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import select

from backend.clock import Clock
from backend.commands import Command, tag_of
from backend.deciding import Asked, Sent, sent_by_us
from backend.identity import IMPORT, Actor
from backend.ids import new_id
from backend.journal import Receipt, journal
from backend.performing import Performer, perform_all
from backend.timetable import SERVER_REPLICA
from backend.work import Device, Site

TOGETHER = 500


class Giver:
    """Gives commands in somebody's name, several of them in one transaction."""

    def __init__(self, house: Performer, clock: Clock, site: Site, actor: Actor = IMPORT) -> None:
        self.house, self.clock, self.site, self.actor = house, clock, site, actor

    def asked(self) -> Asked:
        """On whose behalf, now."""
        device = Device(None, "the server")
        return Asked(SERVER_REPLICA, "server", device, self.site, self.actor, self.clock.now())

    def give(self, kind: type[Command], /, command_id: str | None = None, **fields: Any) -> Receipt:
        """One command; raises RuntimeError with the sentence when it was not applied."""
        sent = sent_by_us(kind, command_id or new_id(), fields)
        receipt = perform_all([(sent, self.asked())], self.house)[0]
        if receipt.outcome in ("held", "refused"):
            raise RuntimeError(f"{tag_of(kind)}: {receipt.say}")
        return receipt

    def given_before(self, command_ids: Iterable[str]) -> set[str]:
        """Which of these the journal has: an import whose ids follow from its input gives nothing twice."""
        with self.house.database.read() as session:
            query = select(journal.c.command_id).where(journal.c.command_id.in_(command_ids))
            return set(session.scalars(query))

    def give_all(self, commands: Iterable[Sent]) -> Iterator[list[Receipt]]:
        """Many commands, `TOGETHER` to a transaction, each with its own outcome."""
        waiting = iter(commands)
        while some := list(islice(waiting, TOGETHER)):
            asked = self.asked()
            yield perform_all([(sent, asked) for sent in some], self.house)
