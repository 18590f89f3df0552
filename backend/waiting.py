"""Waiting: what a second person is shown of a command before it is performed, and the hash that binds their answer."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from backend.commands import Command, read, tag_of
from backend.feed import encode
from backend.work import Work


class Change(msgspec.Struct, frozen=True):
    """One thing that a yes changes, as people read it."""

    label: str
    before: str
    after: str


class FrozenCase(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided on: a copy by intent. It says only what the decision is about, for any difference voids a yes.

    `amount` is in cents, or None where there is none. `excluded` maps the ids of people who may not decide to
    why, as the end of a sentence about them: "counted it", "received the goods".
    """

    title: str
    amount: int | None = None
    changes: tuple[Change, ...] = ()
    evidence: tuple[str, ...] = ()
    excluded: dict[str, str] = {}


@dataclass(frozen=True)
class Kind:
    """A kind of command that may wait. The rest is the rule that it begins with, until a manager changes it.

    A yes is needed from `amount_from` cents on (or where there is no amount), of `levels` different people;
    a level of 0 means nobody. After `expires_hours` without an answer the request lapses. Where there are `reasons`,
    a yes names one of them and a root cause, which become the command's fields of these names.
    """

    command: type[Command]
    case: Callable[[Any, Work], FrozenCase]
    title: str
    amount_from: int
    levels: int
    expires_hours: int
    reasons: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {}
# What the asking room does when a request of the kind ends without a yes.
ENDED: dict[str, Callable[[Any, str, Work], None]] = {}
C = TypeVar("C", bound=Command)
Builder = Callable[[C, Work], FrozenCase]


def case_for(
    kind: type[C],
    *,
    title: str,
    amount_from: int = 0,
    levels: int = 1,
    expires_hours: int = 72,
    reasons: tuple[str, ...] = (),
) -> Callable[[Builder[C]], Builder[C]]:
    """Make a function build the frozen case of a command, and let commands of this kind wait for a second person.

    It is called when the command is asked for and again when it is approved, so it reads the state of now.
    `title` is what the page of the rules calls such requests. With `reasons`, whoever says yes says why.
    """

    def register(build: Builder[C]) -> Builder[C]:
        if tag_of(kind) in KINDS:
            raise ValueError(f"{kind.__name__} has two cases")
        KINDS[tag_of(kind)] = Kind(kind, build, title, amount_from, levels, expires_hours, reasons)
        return build

    return register


def ended(kind: type[C]) -> Callable[[Callable[[C, str, Work], None]], Callable[[C, str, Work], None]]:
    """Make a function hear of requests of this kind that end without a yes: declined, expired or withdrawn.

    It is called in the transaction that ends them, with the waiting command and how it ended; Refused stops that.
    """

    def register(hear: Callable[[C, str, Work], None]) -> Callable[[C, str, Work], None]:
        ENDED[tag_of(kind)] = hear
        return hear

    return register


def read_waiting(tag: str, fields: Mapping[str, Any]) -> Command:
    """The command that was stored; msgspec.ValidationError when a newer release reads it otherwise."""
    return read(KINDS[tag].command, fields)


def hash_of(tag: str, fields: Mapping[str, Any], case: FrozenCase) -> str:
    """SHA-256 over the canonical JSON of the command and its case: what was shown is what is decided."""
    return hashlib.sha256(encode({"command": tag, "fields": fields, "case": case})).hexdigest()


def difference(old: FrozenCase, new: FrozenCase) -> list[str]:
    """What has changed from one case to the other, a text for each."""
    said = []
    if old.title != new.title:
        said.append(f"{old.title} → {new.title}")
    if old.amount != new.amount:
        said.append("The amount is another")
    was, now = ({one.label: f"{one.before} → {one.after}" for one in case.changes} for case in (old, new))
    told = [label for label in was | now if was.get(label) != now.get(label)]
    said += [f"{label}: {was.get(label, '–')}, now {now.get(label, '–')}" for label in told]
    said += [f"New: {text}" for text in new.evidence if text not in old.evidence]
    said += [f"No longer: {text}" for text in old.evidence if text not in new.evidence]
    return said
