"""Edits that meet: what somebody changed is told from what their form only showed, field by field and line by line."""

from collections.abc import Mapping
from typing import Any, TypeVar

from backend.work import Work

T = TypeVar("T")


def merged(name: str, recorded: T, current: T, work: Work) -> T:
    """The value of a field from now on. A form that showed nothing of it (an import) says how it is.

    Who changed nothing leaves what another put there meanwhile; of two who changed it the later holds, flagged.
    """
    if name not in work.was:
        return recorded
    shown = work.was[name]
    if recorded == shown:
        return current
    if current not in (shown, recorded):
        label = name.replace("_cents", "").replace("_", " ")
        work.flag("changed_by_two", f"Somebody else meanwhile changed the {label} to {said(current)}. Compare the two.")
    return recorded


def said(value: Any) -> str:
    """A value in a sentence."""
    if value in (None, ""):
        return "nothing"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else f"“{value}”"


def merged_lines(recorded: Mapping[str, T], shown: Mapping[str, T] | None, current: Mapping[str, T]) -> dict[str, T]:
    """Lines by their key from now on: what was added or changed is, what was taken out goes, the rest stays."""
    if shown is None:
        return dict(recorded)
    kept = {key: value for key, value in current.items() if key in recorded or key not in shown}
    changed = {key: value for key, value in recorded.items() if shown.get(key) != value}
    return kept | changed
