"""`./daysheet simulate`: plays many random histories and says what went wrong in them, and which promises broke."""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from multiprocessing import get_context

from tests.simulation.history import Result, play
from tests.simulation.office import Practice, open_practice


@cache
def practice() -> Practice:
    """One office for each process."""
    return open_practice()


def play_one(seed: int) -> Result:
    return play(seed, practice())


def play_all(seeds: Iterable[int], jobs: int) -> Iterator[Result]:
    """The histories of these seeds, in as many processes."""
    if jobs == 1:
        yield from map(play_one, seeds)
        return
    # A fresh interpreter for each: a forked one would share the connection that holds the office.
    with get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap_unordered(play_one, seeds, chunksize=4)


def report(results: list[Result], seconds: float) -> str:
    """Figures, faults by kind, and every promise that broke with the seeds that show it."""
    faults: Counter[str] = sum((result.faults for result in results), Counter())
    outcomes: Counter[str] = sum((result.outcomes for result in results), Counter())
    lines = [
        f"{len(results)} histories, {sum(result.commands for result in results)} commands, {seconds:.0f} s",
        "outcomes    " + ", ".join(f"{name} {count}" for name, count in outcomes.most_common()),
        "faults      " + ", ".join(f"{name} {count}" for name, count in faults.most_common()),
    ]
    broken = [result for result in results if result.violations]
    lines.append(f"violations  {sum(len(result.violations) for result in broken)}")
    for result in sorted(broken, key=lambda result: result.seed):
        lines += [
            f"  --seed {result.seed} --histories 1",
            *(f"    {said}" for said in dict.fromkeys(result.violations)),
        ]
    return "\n".join(lines)


def main() -> int:
    """Returns 1 when a promise broke."""
    parser = argparse.ArgumentParser(prog="daysheet simulate", description=__doc__)
    parser.add_argument("--histories", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1, help="of the first history; the others count on from it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    began = time.monotonic()
    results = list(play_all(range(given.seed, given.seed + given.histories), min(given.jobs, given.histories)))
    print(report(results, time.monotonic() - began))
    return 1 if any(result.violations for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
