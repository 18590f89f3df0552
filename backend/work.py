"""Work: what a handler is given, as arguments and never from the air."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from backend.clock import office_day
from backend.errors import Missing
from backend.identity import Actor
from backend.ids import derived
from backend.settings import Settings


@dataclass(frozen=True)
class Site:
    """The place where the work happens; `zone_name` is an IANA name."""

    id: str
    name: str
    zone_name: str


@dataclass(frozen=True)
class Device:
    """What recorded the work; `name` is what people call it. A session without a device is "the office"."""

    id: str | None
    name: str


class Choice(NamedTuple):
    """One thing that a person may do about an odd entry: in words, what it will do, and the command that does it.

    Without a command, all stays as it is. `was` and `seen` go with the command: what the choice was offered over.
    With `managers`, only they may choose it. With `path`, it is a page to open, where a person says more.
    With `as_entered`, it is done in the name of who entered it, at that time.
    """

    code: str
    label: str
    does: str
    command: Any = None
    was: Mapping[str, Any] = {}
    managers: bool = False
    seen: str | None = None
    path: str | None = None
    as_entered: bool = False


@dataclass
class Work:
    """One command being performed: who, where, when, and how to say what became of it."""

    session: Session
    command_id: str
    actor: Actor
    device: Device
    site: Site
    happened_at: datetime
    happened_about: bool
    received_at: datetime
    settings: Settings
    was: dict[str, Any] = field(default_factory=dict)
    seen: str | None = None
    published: dict[tuple[str, str], None] = field(default_factory=dict)
    flags: list[tuple[str, str]] = field(default_factory=list)
    said: tuple[str, str] | None = None
    changed_nothing: bool = False
    subject: str | None = None
    concerned: dict[str, None] = field(default_factory=dict)
    held: tuple[str, str] | None = None
    within: list[Any] = field(default_factory=list)
    kinds: Mapping[tuple[str, int], Any] = field(default_factory=dict)
    stands: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def afresh(self, **own: Any) -> "Work":
        """The work of another command at the same place and moment: nothing that was noted for this one is its."""
        shared = ("session", "device", "site", "happened_at", "happened_about", "received_at", "settings", "kinds")
        return Work(**{name: getattr(self, name) for name in shared}, **own)

    @property
    def today(self) -> date:
        """The office's day on which the act happened."""
        return office_day(self.happened_at, self.site.zone_name)

    def publish(self, kind: str, id: str) -> None:
        """Note that a thing changed; the building builds its row once the order of this command is fixed."""
        self.published[(kind, id)] = None

    def say(self, code: str, sentence: str) -> None:
        """Tell the author something about an act that was applied."""
        self.said = (code, sentence)

    def noop(self, code: str, sentence: str) -> None:
        """It was already so; nothing changed."""
        self.changed_nothing = True
        self.said = (code, sentence)

    def flag(self, code: str, sentence: str) -> None:
        """It was applied, and a person must look at it."""
        self.flags.append((code, sentence))

    def hold(self, code: str, sentence: str) -> None:
        """It was not done and a person must decide, but what was found out about it stays (Held leaves nothing)."""
        self.held = (code, sentence)

    def differs(self, *stands: str) -> None:
        """What the office has, a text for each thing: the card shows it beside what was entered."""
        self.stands += stands

    def offer(
        self,
        code: str,
        label: str,
        does: str,
        command: Any = None,
        was: Mapping[str, Any] | None = None,
        managers: bool = False,
        seen: str | None = None,
        path: str | None = None,
        as_entered: bool = False,
    ) -> None:
        """What a person may choose to do about this entry; see `Choice`."""
        self.choices.append(Choice(code, label, does, command, was or {}, managers, seen, path, as_entered))

    def tell(self, actor_id: str) -> None:
        """Show the card to somebody else as well, whose own entry it is about."""
        self.told.append(actor_id)

    def about(self, patient_id: str | None) -> None:
        """Which patient the work concerns, for the card that a reviewer sees."""
        self.subject = patient_id

    def concerns(self, thing_id: str) -> None:
        """Note a thing that the work is about though its fields do not name it, for the thing's history."""
        self.concerned[thing_id] = None

    def keep_to_site(self, site_id: str | None) -> None:
        """Raise Missing for what is another site's. Imports and timed jobs are started by whoever runs the server."""
        if self.actor.is_person and site_id not in (None, self.site.id):
            raise Missing("This belongs to another site of the practice. Ask somebody there.", "other_site")

    def new_id(self, what: str) -> str:
        """An id made by the server. It follows from the command, so that a replay makes the same one."""
        return derived(self.command_id, what)
