"""Import of a catalogue: a CSV of device identifiers, each with the packages it comes in, as commands."""

import re
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from tqdm import tqdm

from backend.app import ROOMS
from backend.clock import Clock
from backend.database import Database
from backend.deciding import sent_by_us
from backend.errors import Busy
from backend.feed import encode
from backend.giving import TOGETHER, Giver
from backend.house import kinds_of, sheets_of
from backend.ids import derived
from backend.inventory import BadLine, Line, RecordItem, read_items
from backend.office import find_site
from backend.performing import Performer
from backend.settings import Settings

NAMED = 20


class Tally:
    """What became of every line: lines and codes are named."""

    def __init__(self) -> None:
        self.taken = self.again = 0
        self.warnings: list[str] = []
        self.bad: list[str] = []

    def lines(self, seconds: float) -> Iterator[str]:
        """The closing report."""
        yield f"Taken: {self.taken:,} items"
        yield f"Already taken before: {self.again:,}"
        for name, notes in (("Warnings", self.warnings), ("Not taken", self.bad)):
            if notes:
                yield f"{name} ({len(notes):,})"
                yield from (f"  {note}" for note in notes[:NAMED])
            if len(notes) > NAMED:
                yield f"  and {len(notes) - NAMED:,} more"
        yield f"{seconds:.1f} seconds"


def import_items(settings: Settings, paths: Sequence[Path], site_id: str, clock: Clock | None = None) -> int:
    """Take the files over with progress and a report; 1 when something could not be taken."""
    began, tally = time.monotonic(), Tally()
    database = Database(settings.database_url)
    try:
        with database.read() as session:
            site = find_site(session, site_id) if re.fullmatch("[a-z0-9_-]{1,40}", site_id) else None
        if site is None:
            print(
                f"There is no site called {site_id}. Start the office once, or name another with --site.",
                file=sys.stderr,
            )
            return 1
        giver = Giver(Performer(database, sheets_of(ROOMS), kinds_of(ROOMS)), clock or Clock(), site)
        for path in paths:
            take_file(path, giver, tally)
    except Busy:
        tally.bad.append("The database was busy for too long. Run the same import again: it goes on from here.")
    finally:
        database.close()
    print("\n".join(tally.lines(time.monotonic() - began)))
    return 1 if tally.bad else 0


def take_file(path: Path, giver: Giver, tally: Tally) -> None:
    """Every line as a command; a line of which no item can be made is named and left out."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            waiting = iter(tqdm(sound(read_items(file), path, tally), desc=path.name, unit="item", disable=None))
            while some := list(islice(waiting, TOGETHER)):
                take(some, path, giver, tally)
    except (OSError, UnicodeDecodeError) as error:
        tally.bad.append(f"{path.name}: {getattr(error, 'strerror', None) or 'it is no text in UTF-8'}")
    except BadLine as bad:
        tally.bad.append(f"{path.name}: {bad}")


def sound(lines: Iterator[Line], path: Path, tally: Tally) -> Iterator[Line]:
    """The lines that give an item; what is odd about them is noted."""
    for line in lines:
        tally.warnings += [f"{path.name} line {line.number}: {warning}" for warning in line.warnings]
        if line.problem:
            tally.bad.append(f"{path.name} line {line.number}: {line.problem}")
        else:
            yield line


def take(some: list[Line], path: Path, giver: Giver, tally: Tally) -> None:
    """One transaction's worth. The command's id follows from what the line says, so the same line is taken once."""
    lines = {derived(line.fields["item_id"], encode(line.fields).decode()): line for line in some}
    known = giver.given_before(lines)
    tally.again += len(some) - len(lines.keys() - known)
    sent = [sent_by_us(RecordItem, id, line.fields) for id, line in lines.items() if id not in known]
    for receipts in giver.give_all(sent):
        for receipt in receipts:
            if receipt.outcome in ("held", "refused"):
                tally.bad.append(f"{path.name} line {lines[receipt.command_id].number}: {receipt.say}")
            else:
                tally.taken += 1
