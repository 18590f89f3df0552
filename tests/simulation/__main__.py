"""`./daysheet simulate`: plays many random histories and says what went wrong in them, and which promises broke."""

import argparse
import os
import sys
import time

from tests.simulation.bugs import BUGS, MOST_HISTORIES, catch
from tests.simulation.history import Result
from tests.simulation.playing import play_all, play_plan, report
from tests.simulation.shrinking import shrink, told


def main() -> int:
    """Returns 1 when a promise broke, or a planted bug went through."""
    parser = argparse.ArgumentParser(prog="daysheet simulate", description=__doc__)
    parser.add_argument("--histories", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1, help="of the first history; the others count on from it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--bugs", action="store_true", help="plant each known bug, and say which seed catches it")
    given = parser.parse_args()
    if given.bugs:
        return score(given.seed)
    began = time.monotonic()
    results = list(play_all(range(given.seed, given.seed + given.histories), min(given.jobs, given.histories)))
    print(report(results, time.monotonic() - began))
    broken = [result for result in results if result.violations]
    if broken:
        print_smallest(broken[0])
    return 1 if broken else 0


def print_smallest(broken: Result) -> None:
    """The first history that broke something, without all that it breaks without."""
    try:
        print(f"\nThe smallest history of it\n{told(shrink(broken.plan, play_plan))}")
    except ValueError as nothing:
        # Only a process that has played others before it could tell them apart, and none may.
        print(f"\nIt does not break when it is played alone: {nothing}")


def score(seed: int) -> int:
    """The mutation score: every planted bug with the seed that caught it."""
    caught = 0
    for name in BUGS:
        found = catch(name, range(seed, seed + MOST_HISTORIES))
        caught += found is not None
        print(f"{name:50} {f'seed {found[0]}: {found[1]}' if found else 'not caught'}", flush=True)
    print(f"{caught} of {len(BUGS)} planted bugs caught within {MOST_HISTORIES} histories")
    return 0 if caught == len(BUGS) else 1


if __name__ == "__main__":
    sys.exit(main())
