"""What tests of backups have in common: an office with a phrase, and tablets that keep what they handed in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import text

from backend.backup_commands import back_up, make_phrase
from backend.nightly import back_up_nightly
from backend.restoring import restore
from backend.settings import Settings
from tests.practice import Practice
from tests.tablets import Tablet

# 2 am in New York, the night after the morning of the tests.
NIGHT = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


class Server:
    """Who sits at the server: types commands, reads what is said, and has the phrase on paper."""

    def __init__(self, practice: Practice, folder: Path) -> None:
        self.practice, self.folder = practice, folder
        self.said: list[str] = []
        make_phrase(practice.office.settings, new=False, say=self.said.append)
        self.phrase = next(line.strip() for line in "\n".join(self.said).splitlines() if line.startswith("    "))

    @property
    def settings(self) -> Any:
        return self.practice.office.settings

    def told(self, command: Callable[..., int], *given: Any, **more: Any) -> tuple[int, str]:
        """The exit code of a command, and all that it said."""
        said: list[str] = []
        code = command(self.settings, *given, clock=self.practice.clock, say=said.append, **more)
        return code, "\n".join(said)

    def back_up(self) -> Path:
        code, said = self.told(back_up, self.folder)
        assert code == 0, said
        return max(self.folder.glob("*.backup"))

    def restore(self, backup: Path, phrase: str = "", over: bool = True) -> tuple[int, str]:
        """With the server stopped, as it has to be."""
        self.practice.database.close()
        return self.told(restore, backup, phrase or self.phrase, over)


class Keeping:
    """A tablet that keeps what it handed in, as devices do for thirty days."""

    def __init__(self, tablet: Tablet) -> None:
        self.tablet = tablet
        self.kept: list[dict[str, Any]] = []

    def do(self, command: str, **fields: Any) -> dict[str, Any]:
        """Record something, without a network."""
        self.kept.append(self.tablet.command(command, fields))
        return self.kept[-1]

    def reach_the_office(self) -> None:
        """Hand in everything, from the beginning if the office is another since."""
        answer = self.tablet.send(self.kept)
        if answer.status_code == 409:
            assert answer.json()["error"] == "epoch"
            self.tablet.epoch = answer.json()["epoch"]
        self.tablet.sync(self.kept, standing={"waiting": len(self.kept)})

    def outcomes(self) -> list[str]:
        return [self.tablet.receipt(one)["outcome"] for one in self.kept]


def what_the_office_holds(practice: Practice) -> dict[str, list[Any]]:
    """Every row of the journal and of what devices see."""
    with practice.database.read() as session:
        return {
            name: [tuple(row) for row in session.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2"))]
            for name in ("journal", "seen_row", "sheet_row", "feed_head")
        }


def set_to(practice: Practice, **settings: Any) -> Settings:
    """The office is started anew with other settings."""
    changed = msgspec.structs.replace(practice.office.settings, **settings)
    practice.office = replace(practice.office, settings=changed)
    return changed


def nights(folder: Path) -> list[str]:
    return sorted(path.name.removeprefix("daysheet-nightly-") for path in folder.glob("daysheet-nightly-*.backup"))


def today(practice: Practice) -> str:
    return " ".join(practice.browser("maria").get("/today").text.split())


def at(practice: Practice, moment: datetime) -> int:
    practice.clock.moment = moment
    return back_up_nightly(practice.office, moment)
