"""A morning of named people at their tablets, played one act after another: they send forms and read pages."""

import base64
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from backend.ids import new_id
from tests.forms import Form, read, text_of
from tests.product.playing import Player
from tests.product.practice import fixed_id

# What a long morning asks of the office.
MOST_REQUESTS = 2_000
CARD = re.compile(r'<li class="matter" data-row="case:([^"]+)".*?(?=<li class="matter"|</section>\s*$|\Z)', re.DOTALL)


class Morning:
    """The office, and time that passes when a test says so."""

    def __init__(self, player: Player) -> None:
        self.player = player
        things = player.ask("sit", most=MOST_REQUESTS)
        self.visits, self.patients = things["visits"], things["patients"]
        self.staff = {name: fixed_id(name) for name in ("ana", "ben", "maria")}

    def ask(self, what: str, **given: Any) -> Any:
        return self.player.ask("act", act=what, **given)

    def tablet(self, name: str, who: str, purpose: str = "front_desk") -> "Desk":
        """A device in somebody's hands, with its copy of the day."""
        return Desk(self, name, who, self.ask("tablet", name=name, who=who, purpose=purpose))

    def passes(self, minutes: float) -> None:
        self.ask("pass", ms=minutes * 60_000)

    def give(self, command: str, **fields: Any) -> None:
        """The office itself did something, meanwhile."""
        self.give_all([(command, fields)])

    def give_all(self, commands: list[tuple[str, dict[str, Any]]]) -> None:
        self.ask("office", order="give", commands=commands)

    def hire(self, username: str, name: str, *roles: str) -> None:
        self.staff[username] = new_id()
        who = {"staff_id": self.staff[username], "name": name, "username": username}
        self.give("staff.add_member", **who, roles=list(roles), site_id="main")

    def query(self, query: str, *given: str) -> list[Any]:
        """What the office's database says."""
        with closing(sqlite3.connect(self.player.folder / "history.sqlite3")) as connection:
            return connection.execute(query, given).fetchall()

    def outcomes(self, command: str) -> list[tuple[str, str]]:
        """What became of every entry of this kind, in the order in which the office decided."""
        return self.query("SELECT outcome, code FROM journal WHERE command = ? ORDER BY seq", command)


class Desk:
    """One tablet and who stands before it."""

    def __init__(self, morning: Morning, name: str, who: str, device_id: str) -> None:
        self.morning, self.name, self.who, self.device_id = morning, name, who, device_id

    def ask(self, what: str, **given: Any) -> Any:
        return self.morning.ask(what, tablet=self.name, **given)

    def cut(self) -> None:
        """It has no network."""
        self.ask("online", online=False)

    def back(self) -> None:
        """It has one again, and hands in."""
        self.ask("online", online=True)
        self.syncs()

    def syncs(self) -> None:
        self.ask("sync")

    def visit(self, path: str, fields: dict[str, Any] | None = None) -> dict[str, Any]:
        return self.ask("visit", path=path, fields=fields)  # type: ignore[no-any-return]

    def page(self, path: str) -> str:
        answer = self.visit(path)
        assert answer["status"] == 200, answer
        return str(answer["text"])

    def reads(self, path: str) -> str:
        """Its text, as it is read aloud."""
        return text_of(self.page(path))

    def pdf(self, path: str) -> bytes:
        answer = self.visit(path)
        assert answer["status"] == 200, answer
        return base64.b64decode(answer["raw"])

    def form(self, path: str, end: str, **chosen: str) -> Form:
        """The form of that page whose address ends so, and which says this already."""
        forms = [one for one in read(self.page(path)).forms if one.action.endswith(end)]
        fitting = [one for one in forms if all(one.fields.get(name) == [text] for name, text in chosen.items())]
        assert fitting, f"no form to …{end} with {chosen}: {[(one.action, one.fields) for one in forms]}"
        return fitting[0]

    def sends(self, path: str, end: str, **typed: Any) -> None:
        """Opens the page, fills the form in and sends it."""
        self.posts(self.form(path, end), **typed)

    def posts(self, form: Form, **typed: Any) -> None:
        answer = self.visit(form.action, form.filled(**typed))
        assert answer["status"] in (200, 303), text_of(answer["text"])

    def cards(self, path: str = "/attention") -> list[str]:
        """What each card there says."""
        return [text_of(found[0]) for found in CARD.finditer(self.page(path))]

    def card(self, path: str = "/attention") -> str:
        [found] = self.cards(path)
        return found

    def chooses(self, code: str, path: str = "/attention") -> None:
        """Taps one of the choices of the only card that offers it."""
        self.posts(self.form(path, "/choice", choice=code))
        self.syncs()

    def closes(self, reason: str, path: str = "/attention") -> None:
        """Says what was done about the first card."""
        self.sends(path, "/close", reason=reason)
        self.syncs()


@contextmanager
def morning_of(player: Player) -> Iterator[Morning]:
    """The office at 9:00; afterwards no program of a tablet may have gone wrong by itself."""
    morning = Morning(player)
    yield morning
    assert player.ask("rise") == []
