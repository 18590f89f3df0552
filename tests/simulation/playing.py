"""Playing many histories, in as many processes as there are, and saying what came of them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
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
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(play_one, seeds, chunksize=4)


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
