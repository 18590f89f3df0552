"""What can be typed about backups. A secret is never typed here: a command line is read by every other program."""

import argparse
from pathlib import Path

PHRASE = "DAYSHEET_RECOVERY_PHRASE"
COMMANDS = ("backup", "restore", "drill", "recovery-phrase")


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The four commands."""
    phrase = commands.add_parser("recovery-phrase", help="make the phrase that opens backups, and show it once")
    phrase.add_argument("--new", action="store_true", help="another one, for the backups from now on")
    backup = commands.add_parser("backup", help="write the whole office into one sealed file, and read it back")
    backup.add_argument("where", nargs="?", type=Path, help="a folder, or the file itself")
    drill = commands.add_parser("drill", help="restore a backup into a place of its own, and look through it")
    drill.add_argument("file", nargs="?", type=Path, help="a backup of another day; needs the phrase")
    back = commands.add_parser("restore", help="put a backup in the office’s place, server stopped")
    back.add_argument("file", nargs="?", type=Path)
    back.add_argument("--over", action="store_true", help="also where there is an office, which is kept aside")
    back.add_argument("--report", action="store_true", help="what came back since the last restore, and what did not")
    back.add_argument("--in-place", action="store_true", help="the database was put back otherwise: tell the devices")
    for parser in (drill, back):
        parser.add_argument("--phrase-file", type=Path, help=f"where the phrase stands; else {PHRASE}, or asked for")
