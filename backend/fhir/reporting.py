"""The closing report: what was taken, what was not and why, and where. It names lines and ids, never people."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from backend.fhir.reading import Record

PLACES_NAMED = 3
BAD_NAMED = 100


@dataclass
class Report:
    """What became of every record."""

    taken: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    skipped: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    skips: Counter[tuple[str, str]] = field(default_factory=Counter)
    noted: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)
    untaken: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    bads: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    def skip(self, noun: str, why: str, record: Record) -> None:
        """A sound record was not taken."""
        self.skips[noun, why] += 1
        keep_place(self.skipped[noun, why], record)

    def note(self, noun: str, what: str, record: Record) -> None:
        """A record was taken, but not all of it."""
        self.notes[noun, what] += 1
        keep_place(self.noted[noun, what], record)

    def spoiled(self, record: Record, why: str) -> None:
        """A record could not be read."""
        self.bads += 1
        if len(self.bad) < BAD_NAMED:
            self.bad.append(f"{record.file} {record.place}: {why}")

    def lines(self, seconds: float) -> list[str]:
        """The report, line by line."""
        lines = [*self.said]
        lines += section("Taken", [f"{count:,} {noun}" for noun, count in self.taken.items()] or ["nothing new"])
        lines += section("Already taken before", [f"{count:,} {noun}" for noun, count in self.again.items()])
        lines += section("Left out of what was taken", counted(self.notes, self.noted))
        lines += section("Skipped", counted(self.skips, self.skipped))
        untaken = [f"{count:,} {kind}" for kind, count in self.untaken.most_common()]
        lines += section("Skipped, because Daysheet does not take these kinds of record", untaken)
        more = [f"and {self.bads - len(self.bad):,} more"] if self.bads > len(self.bad) else []
        lines += section(f"Could not be read ({self.bads:,})", [*self.bad, *more])
        lines += section("Classes of encounters", [f"{count:,} {name}" for name, count in self.classes.most_common()])
        lines += section("Files that break off", self.damaged)
        return [*lines, f"{seconds:.1f} seconds"]


def keep_place(places: list[str], record: Record) -> None:
    """Remember the first few places: enough to look at, few enough to read."""
    if len(places) < PLACES_NAMED:
        places.append(f"{record.file} {record.place}")


def section(title: str, lines: list[str]) -> list[str]:
    """A heading and its lines; nothing when there are none."""
    return [title, *(f"  {line}" for line in lines)] if lines else []


def counted(counts: Counter[tuple[str, str]], places: dict[tuple[str, str], list[str]]) -> list[str]:
    """`12 visits: without a start time (a.ndjson line 3, …)`."""
    lines = []
    for (noun, why), count in counts.most_common():
        named = places[noun, why]
        where = f" ({', '.join(named)}{', …' if count > len(named) else ''})" if named else ""
        lines.append(f"{count:,} {noun}: {why}{where}")
    return lines
