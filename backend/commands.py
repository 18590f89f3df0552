"""Commands: what a person did or asked for, declared as types; the only way anything changes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Literal, TypeVar

import msgspec

from backend.fields import Id
from backend.identity import DESK, EVERYBODY
from backend.work import Work

Said = dict[str, Any]
# Turns `fields` and `was` of one version into those of the next.
Upcaster = Callable[[Said, Said], tuple[Said, Said]]
Truth = Literal["fact", "request"]
FACT: Truth = "fact"
REQUEST: Truth = "request"


DECLARED = {
    "truth", "v", "title", "who_may", "effect", "undo", "server_decides", "handler", "undoing", "asking_again",
    "upcasters",
}  # fmt: skip


class CommandType(msgspec.StructMeta):
    """Lets a command declare what the building must know of it in its class line."""

    def __new__(
        meta,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        truth: Truth = REQUEST,
        v: int = 1,
        title: str = "",
        roles: frozenset[str] = DESK,
        effect: Sequence[Any] = (),
        undo: Any = None,
        server_decides: Sequence[str] = (),
        **settings: Any,
    ) -> "CommandType":
        made = super().__new__(meta, name, bases, namespace, **settings)
        # What the class says would hide what the field holds, silently.
        if hidden := DECLARED & set(made.__struct_fields__):
            raise TypeError(
                f"{name}.{sorted(hidden)[0]}: the class says something else by this name; call it otherwise."
            )
        made.truth, made.v, made.title, made.who_may = truth, v, title, roles
        made.effect, made.undo, made.server_decides = tuple(effect), undo, frozenset(server_decides)
        made.upcasters = {}
        return made


class Command(
    msgspec.Struct, metaclass=CommandType, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="command"
):
    """Base of all commands; its subclass's tag is the name by which devices send it.

    `truth`: a FACT is never refused, anything odd about it is applied and flagged; a REQUEST is checked.
    `effect`: what it visibly does until the server's row arrives; `server_decides` names the row fields
    in which that paint may differ. `who_may`: roles. `title`: what people call it, in the past tense.
    `v`: its present version. A device may come back after months with an older one, so each keeps an upcaster.
    """

    truth: ClassVar[Truth]
    v: ClassVar[int]
    title: ClassVar[str]
    who_may: ClassVar[frozenset[str]]
    effect: ClassVar[tuple[Any, ...]]
    undo: ClassVar[Any]
    server_decides: ClassVar[frozenset[str]]
    upcasters: ClassVar[dict[int, Upcaster]]


def tag_of(kind: type[Command]) -> str:
    """`checkin.record_arrival`: the command's name in the journal and on the wire."""
    tag = kind.__struct_config__.tag
    assert isinstance(tag, str), kind
    return tag


C = TypeVar("C", bound=Command)


def handles(kind: type[C]) -> Callable[[Callable[[C, Work], None]], Callable[[C, Work], None]]:
    """Make a function the one handler of a command."""

    def register(handler: Callable[[C, Work], None]) -> Callable[[C, Work], None]:
        if "handler" in vars(kind):
            raise ValueError(f"{kind.__name__} has two handlers")
        kind.handler = staticmethod(handler)  # type: ignore[attr-defined]
        return handler

    return register


def undoes(kind: type[C]) -> Callable[[Callable[[str, C, Work], None]], Callable[[str, C, Work], None]]:
    """Make a function decide whether and how a command of this kind is undone.

    It is given the id of the command to undo, the command, and the work of the undoing.
    """

    def register(handler: Callable[[str, C, Work], None]) -> Callable[[str, C, Work], None]:
        kind.undoing = staticmethod(handler)  # type: ignore[attr-defined]
        return handler

    return register


def asks_again(kind: type[C]) -> Callable[[Callable[[C, Work], None]], Callable[[C, Work], None]]:
    """Make a function decide what follows when something that a command of this kind had performed was undone.

    It is given that command and the work of the undoing.
    """

    def register(handler: Callable[[C, Work], None]) -> Callable[[C, Work], None]:
        kind.asking_again = staticmethod(handler)  # type: ignore[attr-defined]
        return handler

    return register


def upcasts(kind: type[Command], v: int) -> Callable[[Upcaster], Upcaster]:
    """Make a function turn `fields` and `was` of version `v` of a command into those of version `v` + 1, as new dicts.

    It is kept as long as the command is: what it was made for may lie on a device, in the journal, or in a backup.
    """

    def register(upcaster: Upcaster) -> Upcaster:
        if v in kind.upcasters or not 0 < v < kind.v:
            raise ValueError(f"{kind.__name__} needs one upcaster for each version before {kind.v}, not this for {v}")
        kind.upcasters[v] = upcaster
        return upcaster

    return register


class Undo(Command, tag="undo", truth=REQUEST, title="Undone", roles=EVERYBODY):
    """Somebody took back what a command did. What that means is the business of the command's own room."""

    command_id: Id


def upcast(kind: type[Command], v: int, fields: Said, was: Said) -> tuple[Said, Said]:
    """`fields` and `was` of version `v` as the present version says them; what was said itself stays as it was."""
    for version in range(v, kind.v):
        fields, was = kind.upcasters[version]({**fields}, {**was})
    return fields, was


def read(kind: type[C], fields: Mapping[str, Any]) -> C:
    """The command from the fields that a device sent; msgspec.ValidationError names the field that does not fit."""
    return msgspec.convert({**fields, "command": tag_of(kind)}, kind)
