"""An application node of the engine layer: `python -m tests.engine.node PLAN FIRST LAST` is its writers, in threads.

Each writer is a device with a replica: it sends the same command until it is decided. Where a node was killed, the
next one begins a few commands earlier than the office knows, as a device does that missed its answers.
"""

import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from backend import logs
from backend.app import ROOMS
from backend.database import Database
from backend.deciding import Asked
from backend.errors import Busy
from backend.house import kinds_of, sheets_of
from backend.journal import replica
from backend.performing import Performer, perform
from backend.work import Device
from tests.engine.plan import Plan
from tests.practice import MORNING, SITE

OFFERED_AGAIN = 5


def write(plan: Plan, house: Performer, writer: int) -> Counter[str]:
    """All commands of one writer, in their order; how often each came to what."""
    said: Counter[str] = Counter()
    device = Device(plan.id("device", writer), f"Tablet {writer}")
    for n in range(max(1, decided(plan, house, writer) - OFFERED_AGAIN + 1), plan.each + 1):
        sent = plan.sent(writer, n)
        asked = Asked(plan.replica(writer), "device", device, SITE, plan.actor, MORNING)
        while True:
            try:
                receipt = perform(sent, asked, house)
                break
            except (Busy, OperationalError):
                said["busy"] += 1
                time.sleep(0.02)
        said[receipt.outcome] += 1
    return said


def decided(plan: Plan, house: Performer, writer: int) -> int:
    """The number of the last command of this writer that the office knows."""
    while True:
        try:
            with house.database.read() as session:
                query = select(replica.c.last_n).where(replica.c.id == plan.replica(writer))
                return int(session.execute(query).scalar() or 0)
        except OperationalError:
            time.sleep(0.02)


def main(path: str, first: int, last: int) -> int:
    """Says at the end what came of its writers' commands, as JSON."""
    logs.set_up("ERROR")
    with open(path, "rb") as file:
        plan = msgspec.json.decode(file.read(), type=Plan)
    house = Performer(Database(plan.url), sheets_of(ROOMS), kinds_of(ROOMS))
    with ThreadPoolExecutor(last - first) as threads:
        said = sum(threads.map(lambda writer: write(plan, house, writer), range(first, last)), Counter())
    house.database.close()
    print(msgspec.json.encode(dict(said)).decode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
