"""Moving the busiest day to today, so that a board can be seen."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from backend.fhir.encounters import AMBULATORY, classes

ENOUGH = 24
# Where one day is too quiet, visits are chosen from the busiest days that hold this many together.
POOL = 2_400
OPENS, CLOSES = time(8), time(17)
SLOT = 15  # minutes
GIVEN_UP = ("cancelled", "noshow", "entered-in-error", "unknown", "discontinued")


class Candidate(NamedTuple):
    """A visit that may be moved; `day` and `clock` are local to the site."""

    day: date
    clock: time
    visit_id: str
    patient_id: str


def belongs_on_a_board(resource: dict[str, Any]) -> bool:
    """An appointment, or an encounter of somebody who came and went, that was not given up."""
    said = classes(resource) if resource["resourceType"] == "Encounter" else []
    return (not said or AMBULATORY in said) and resource.get("status") not in GIVEN_UP


def pool(days: Counter[date]) -> set[date]:
    """The busiest day alone where it is enough of a board, else the busiest days together."""
    ranked = sorted(days, key=lambda day: (-days[day], day))
    chosen, held = set(), 0
    for day in ranked:
        if held >= (ENOUGH if len(chosen) == 1 else POOL):
            break
        chosen.add(day)
        held += days[day]
    return chosen


def move(candidates: Iterable[Candidate], today: date, zone: ZoneInfo) -> dict[str, datetime]:
    """The new start of each visit that moves, by visit. One day keeps its clock times; merged days are spread."""
    once = {candidate.visit_id: candidate for candidate in candidates}
    if not once:
        return {}
    days = Counter(candidate.day for candidate in once.values())
    ranked = sorted(once.values(), key=lambda one: (-days[one.day], one.day, one.clock, one.visit_id))
    busiest = [one for one in ranked if one.day == ranked[0].day]
    if len(busiest) >= ENOUGH:
        return {one.visit_id: datetime.combine(today, one.clock, zone) for one in busiest}
    return {id: datetime.combine(today, clock, zone) for id, clock in spread(various(ranked)).items()}


def various(ranked: list[Candidate]) -> list[Candidate]:
    """Enough for a board: from busier days first, and nobody a second time before everybody had a first."""
    seen: Counter[str] = Counter()
    turns = []
    for place, one in enumerate(ranked):
        turns.append((seen[one.patient_id], place, one))
        seen[one.patient_id] += 1
    return [one for _, _, one in sorted(turns)[:ENOUGH]]


def spread(chosen: list[Candidate]) -> dict[str, time]:
    """Clock times for all: their own where they fall into office hours and nobody else is there, else a free slot."""
    first = OPENS.hour * 60
    free = list(range(first, CLOSES.hour * 60, SLOT))
    times: dict[str, time] = {}
    homeless = []
    for one in chosen:
        slot = first + (one.clock.hour * 60 + one.clock.minute - first) // SLOT * SLOT
        if slot in free:
            free.remove(slot)
            times[one.visit_id] = one.clock
        else:
            homeless.append(one)
    for place, one in enumerate(homeless):
        slot = free[place * len(free) // len(homeless)]
        times[one.visit_id] = time(slot // 60, slot % 60)
    return times
