"""Shrinking: the smallest history that still breaks the same promise, found by leaving things out one after another."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tests.simulation.history import Result
from tests.simulation.world import Plan

Play = Callable[[Plan], Result]


def shrink(plan: Plan, play: Play, *, most: int = 400) -> Result:
    """The history that is left, which breaks one of the promises that the first one broke.

    Deterministic: what is left out is tried in a fixed order, large parts first, and every attempt is a whole replay.
    After `most` attempts the smallest history so far is returned. Raises ValueError when nothing is broken at all.
    """
    smallest = play(plan)
    if not smallest.violations:
        raise ValueError(f"Seed {plan.seed} breaks nothing.")
    promise, tries, shrunk = promise_of(smallest.violations[0]), 0, True
    while shrunk:
        shrunk = False
        for candidate in smaller(smallest):
            tries += 1
            result = play(candidate)
            if promise in map(promise_of, result.violations):
                smallest, shrunk = result, True
                break
            if tries >= most:
                return smallest
    return smallest


def promise_of(violation: str) -> str:
    """The number of the promise that is broken."""
    return violation.split()[0]


def smaller(result: Result) -> Iterator[Plan]:
    """The plans that leave something more out: devices, kinds of faults, halves and single ones of acts and faults."""
    plan = result.plan
    for number in range(result.devices):
        if number not in plan.tablets and len(plan.tablets) < result.devices - 1:
            yield plan._replace(tablets=plan.tablets | {number})
    for kinds in parts(sorted({kind for kind, _ in result.times})):
        yield plan._replace(faults=plan.faults | kinds)
    for acts in parts(result.acts):
        yield plan._replace(acts=plan.acts | acts)
    for times in parts(result.times):
        yield plan._replace(times=plan.times | times)


def parts(things: Iterable[Any]) -> Iterator[frozenset[Any]]:
    """All of them, then halves, quarters and so on, at last each alone."""
    ordered = list(things)
    size = len(ordered)
    while size:
        for start in range(0, len(ordered), size):
            yield frozenset(ordered[start : start + size])
        size = size // 2


def told(result: Result) -> str:
    """The history as a list of sentences."""
    return "\n".join([f"seed {result.plan.seed}, {len(result.acts)} acts, {len(result.times)} faults:", *result.story])
