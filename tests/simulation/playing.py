"""Playing many histories, in as many processes as there are, and saying what came of them."""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import combinations, count
from multiprocessing import get_context

from tests.simulation.history import Result, play
from tests.simulation.office import Practice, open_practice
from tests.simulation.replaying import replay_journal, replay_with_other_clocks
from tests.simulation.world import FAULTS, HAPPENINGS, Plan

COLLECT_EVERY = 20
PLAYED = count(1)
# One history in so many is played once more from its journal, and one with other clocks.
REPLAYED = 10
MOST_NAMED = 40


@cache
def practice() -> Practice:
    """One office for each process. The collector would spend a quarter of the time on what is thrown away anyway."""
    gc.disable()
    return open_practice()


def play_one(seed: int) -> Result:
    return play_plan(Plan(seed))


def play_plan(plan: Plan) -> Result:
    """One history; a sample is played again from its journal (I4) or with other clocks (I12)."""
    result = play(plan, practice())
    if plan.seed % REPLAYED == 1:
        result.violations.extend(replay_journal(practice()))
    if plan.seed % REPLAYED == 2:
        result.violations.extend(replay_with_other_clocks(result, practice()))
    if next(PLAYED) % COLLECT_EVERY == 0:
        gc.collect()
    return result


def play_all(seeds: Iterable[int], jobs: int) -> Iterator[Result]:
    """The histories of these seeds, in as many processes."""
    if jobs == 1:
        yield from map(play_one, seeds)
        return
    # A fresh interpreter for each: a forked one would share the connection that holds the office.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(play_one, seeds, chunksize=4)


def report(results: list[Result], seconds: float) -> str:
    """Figures, faults by kind and by pair, and every promise that broke with the seeds that show it."""
    faults: Counter[str] = sum((result.faults for result in results), Counter())
    outcomes: Counter[str] = sum((result.outcomes for result in results), Counter())
    commands: Counter[str] = sum((result.commands for result in results), Counter())
    kinds = sorted((*FAULTS, *HAPPENINGS))
    met = {pair for result in results for pair in combinations([kind for kind in kinds if result.faults[kind]], 2)}
    never = [f"{one} + {other}" for one, other in combinations(kinds, 2) if (one, other) not in met]
    lines = [
        f"{len(results)} histories, {commands.total()} commands, {seconds:.0f} s",
        "commands    " + ", ".join(f"{name} {times}" for name, times in commands.most_common()),
        "outcomes    " + ", ".join(f"{name} {times}" for name, times in outcomes.most_common()),
        "faults      " + ", ".join(f"{name} {times}" for name, times in faults.most_common()),
        f"pairs       {len(met)} of {len(kinds) * (len(kinds) - 1) // 2} met in one history"
        + (f"; never: {', '.join(never[:MOST_NAMED])}" if never else "")
        + (f" and {len(never) - MOST_NAMED} more" if len(never) > MOST_NAMED else ""),
    ]
    broken = [result for result in results if result.violations]
    lines.append(f"violations  {sum(len(result.violations) for result in broken)}")
    for result in sorted(broken, key=lambda result: result.plan.seed):
        lines += [
            f"  --seed {result.plan.seed} --histories 1",
            *(f"    {said}" for said in dict.fromkeys(result.violations)),
        ]
    return "\n".join(lines)
