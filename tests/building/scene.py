"""A scene: what the office knows already, then one command that is painted and performed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.practice import Practice

Made = tuple[str, dict[str, Any]]


@dataclass
class Scene:
    """Commands already known to the office, then the one that is painted; each made from the practice."""

    name: str
    command: Callable[[Practice], Made]
    before: list[Callable[[Practice], Made]] = field(default_factory=list)
    undoes: bool = False
    paints_nothing: bool = False
    who: str = "ana"
    by: str = ""  # who gives the painted command, if it is not who did what was before
