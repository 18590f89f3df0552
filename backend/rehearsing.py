"""Rehearsing: a backup is restored into a place of its own and looked through, and the office remembers how that went.

Who opens it with the phrase proves that the paper is right as well; without it, the drill proves everything else.
"""

import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from backend.backing_up import TROUBLE, Made, NotDone, make, one_at_a_time, reason
from backend.backups import RecordDrill
from backend.checking import check
from backend.clock import Clock
from backend.placing import filled_schema
from backend.recording import record
from backend.recovery import WrongPhrase, open_key
from backend.restoring import open_backup, staged_settings
from backend.sealed_file import Damaged
from backend.settings import Settings
from backend.unpacking import DATABASE, KeyOf

Say = Callable[[str], None]


def rehearse(
    settings: Settings, path: Path | None, phrase: str | None, clock: Clock | None = None, say: Say = print
) -> int:
    """Do it with a backup made for it, or with the one at `path`, which needs the phrase; 1 when something differs."""
    clock = clock or Clock()
    try:
        with one_at_a_time(settings.data) as folder:
            began = time.monotonic()
            made = make(settings, folder / "made", clock, folder) if path is None else None
            backup = made.path if made else path
            assert backup is not None
            size, place = backup.stat().st_size, folder / "restored"
            place.mkdir()
            manifest = open_backup(backup, opener(made, phrase), place, say).manifest
            wrong = look_through(settings, place, say)
            took = time.monotonic() - began
            figures = {"entries": manifest.entries, "size": size, "milliseconds": round(took * 1000), "wrong": wrong}
            record(settings, clock, RecordDrill, made_at=manifest.made_at, by_phrase=bool(phrase), **figures)
    except (NotDone, WrongPhrase, Damaged) as problem:
        say(f"The drill failed. {problem}")
        return 1
    except TROUBLE as error:
        say(f"The drill failed. {reason(error)}")
        return 1
    say(f"Restored {size / 1e6:,.1f} MB with {manifest.entries:,} entries in {took:.1f} s: "
        f"{'something differs, see above' if wrong else 'all as it should be'}.")  # fmt: skip
    if not phrase:
        say("The recovery phrase was not tried. Once in a while: ./daysheet drill FILE, with the paper in hand.")
    return 1 if wrong else 0


def opener(made: Made | None, phrase: str | None) -> KeyOf:
    """By the phrase, if somebody has it at hand; else by the key with which the backup was made a moment ago."""
    if phrase is not None:
        return lambda sealed: open_key(phrase, sealed)
    if made is None:
        raise NotDone("A backup of another day opens with the recovery phrase only.")
    return lambda _: made.key


def look_through(settings: Settings, place: Path, say: Say) -> int:
    """Check the restored office on the engine that it would run on; 1 when something differs."""
    staged = staged_settings(settings, place)
    if settings.database_url.startswith("sqlite"):
        return check(staged, say)
    with filled_schema(place / DATABASE, settings.database_url, f"drill_{place.parent.name[-8:]}") as (_, own):
        return check(msgspec.structs.replace(staged, database=own), say)
