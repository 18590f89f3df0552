"""Doing what was typed about backups: the phrase is made and asked for, and the report is told in sentences."""

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from alembic.util import CommandError

from backend.app import ROOMS
from backend.backing_up import TROUBLE, NotDone, make, one_at_a_time, reason
from backend.backup_arguments import PHRASE
from backend.backups import Report, report_of, restores
from backend.clock import Clock, instant
from backend.database import Database
from backend.house import kinds_of
from backend.migrating import migrate
from backend.placing import is_empty
from backend.recording import record_backup
from backend.recovery import find_recovery_key, keep_recovery_key, new_phrase, path_of
from backend.rehearsing import rehearse
from backend.restoring import restore, restored_otherwise
from backend.settings import Settings

Say = Callable[[str], None]


def run(given: argparse.Namespace, settings: Settings, parser: argparse.ArgumentParser, say: Say = print) -> int:
    """Do what was typed; returns the exit code."""
    if given.command == "recovery-phrase":
        return make_phrase(settings, given.new, say)
    if given.command == "backup":
        return back_up(settings, given.where, say=say)
    if given.command == "drill":
        phrase = read_phrase(given.phrase_file, os.environ, ask=given.file is not None)
        return rehearse(settings, given.file, phrase, say=say)
    if given.report:
        return tell_report(settings, say)
    if given.in_place:
        return restored_otherwise(settings, say=say)
    if given.file is None:
        parser.error("say which backup: ./daysheet restore FILE")
    phrase = read_phrase(given.phrase_file, os.environ, ask=True)
    return restore(settings, given.file, phrase or "", given.over, say=say)


def back_up(settings: Settings, where: Path | None = None, clock: Clock | None = None, say: Say = print) -> int:
    """Make one, record that it was made, and say what is in it; 1 with a sentence when there is none."""
    clock = clock or Clock()
    try:
        with one_at_a_time(settings.data) as folder:
            made = make(settings, where, clock, folder)
    except NotDone as problem:
        say(str(problem))
        return 1
    except TROUBLE as error:
        say(f"No backup was made. {reason(error)}")
        return 1
    try:
        record_backup(settings, clock, made.path, made.manifest)
    except TROUBLE as error:
        say(f"{made.path} is whole, but the office could not note that it was made. {reason(error)}")
        return 1
    say(f"{made.path}")
    say(f"  {made.size / 1e6:,.1f} MB in {made.seconds:.1f} s: {made.manifest.entries:,} entries of the journal, "
        f"{made.manifest.parts:,} parts of files")  # fmt: skip
    say("  read back: it opens, the database and both chains are whole, and nothing is missing")
    if made.path.stat().st_dev == settings.data.stat().st_dev:
        say("  It lies on the office’s own disk. Copy it to where a fire or a thief does not reach both.")
    return 0


def make_phrase(settings: Settings, new: bool, say: Say) -> int:
    """Make it, keep the public half, and show the phrase this once."""
    if not new and find_recovery_key(settings) is not None:
        say(f"There is a recovery phrase already; {path_of(settings)} keeps its public half. With --new another one is")
        say("made: backups from then on open with it, and older ones with the phrase of their own time.")
        return 1
    phrase = new_phrase()
    try:
        key = keep_recovery_key(settings, phrase, instant(Clock().now()))
    except OSError as error:
        say(f"No phrase was made: its public half cannot be kept in {path_of(settings)}. {reason(error)}")
        return 1
    say(f"The recovery phrase (key {key.id}):\n\n    {phrase}\n")
    say("It opens every backup, and is not kept here. Write it down now, twice, and keep the two papers where no fire")
    say("reaches both, nor a backup beside them: whoever has one of each has the whole office.")
    return 0


def read_phrase(file: Path | None, environment: Mapping[str, str], ask: bool) -> str | None:
    """From the file, else the environment, else (if `ask`) from who sits there; None when nobody was asked."""
    if file is not None:
        try:
            return file.read_text()
        except (OSError, UnicodeDecodeError) as error:
            raise SystemExit(f"The phrase cannot be read from {file}.") from error
    if environment.get(PHRASE):
        return environment[PHRASE]
    if not ask:
        return None
    return getpass.getpass("Recovery phrase: ") if sys.stdin.isatty() else sys.stdin.readline()


def tell_report(settings: Settings, say: Say) -> int:
    """How the last restore stands, for the whole office."""
    if is_empty(settings.database_url):
        say("There is no office in this place.")
        return 1
    database = Database(settings.database_url)
    try:
        migrate(settings.database_url)
        with database.read() as session:
            found = restores(session)
            report = report_of(session, found[0], kinds_of(ROOMS)) if found else None
    except (*TROUBLE, CommandError) as error:
        say(f"The office’s database cannot be read, so there is no report. {reason(error)}")
        return 1
    finally:
        database.close()
    for line in lines_of(report) if report else ["This office was never restored."]:
        say(line)
    return 0


def lines_of(report: Report) -> list[str]:
    """The report in sentences."""
    about = report.restore
    lines = [f"Restored {about['at']}, to {about['made_at'] or 'an earlier moment'}."]
    lines.append(f"Came back by itself: {report.counts['back']}")
    lines += [f"  {one['device']}: {one['count']}, made {one['first']} to {one['last']}" for one in report.back]
    if not about["compared"]:
        lines.append("What else there was is not known: the database before could not be read.")
    lines.append(f"Still expected: {report.counts['waiting']}")
    for one in report.waiting:
        known = f"last heard of {one['last_contact'] or 'never'}" if one["known"] else "to be enrolled again"
        lines.append(f"  {one['device']}: {one['count']}, {known}")
    lines.append(f"Enrolled devices not heard of since: {len(report.silent)}")
    lines += [f"  {one['device']}: {one['last_contact'] or 'never'}" for one in report.silent]
    for words, entries, count in (
        ("To be done again, because no device has a copy", report.gone, report.counts["gone"]),
        ("Missing, though its device was heard of", report.missing, report.counts["missing"]),
    ):
        lines.append(f"{words}: {count}")
        lines += [f"  {one['at']}  {one['title']}  {one['who']}  {one['device']}" for one in entries]
    return lines
