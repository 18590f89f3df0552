"""The program's commands: serve, migrate, import, check, backup, restore."""

import argparse
import logging
import os
import sys
from pathlib import Path

import msgspec

from backend import VERSION, logs
from backend.backup_arguments import COMMANDS, add_parsers
from backend.settings import read_settings


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; returns the exit code."""
    parser = argparse.ArgumentParser(prog="daysheet", description="Daysheet runs a physician’s office.")
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(dest="command", required=True)
    serve_parser = commands.add_parser("serve", help="serve the office")
    serve_parser.add_argument("--demo", action="store_true", help="seed a small practice into an empty database")
    serve_parser.add_argument("--host")
    serve_parser.add_argument("--port", type=int)
    serve_parser.add_argument("--lan", action="store_true", help="speak HTTPS to every device on the office’s network")
    serve_parser.add_argument("--name", action="append", default=[], help="a name or address devices come by")
    commands.add_parser("migrate", help="bring the database to this version")
    commands.add_parser("check", help="verify the journal’s chain and recompute every row")
    commands.add_parser("rotate-key", help="add a secret to the keyring and seal again what is kept, server stopped")
    user_parser = commands.add_parser("user", help="add the first owner, or rescue somebody who cannot sign in")
    user_parser.add_argument("username", nargs="?", help="as they type it")
    user_parser.add_argument("--list", action="store_true", help="who may sign in")
    user_parser.add_argument("--reset-second-factor", action="store_true", help="leave only the password")
    user_parser.add_argument("--name", default="", help="as colleagues read it")
    user_parser.add_argument(
        "--role", action="append", help="owner, manager, front_desk, clinical, supplies or privacy_officer"
    )
    user_parser.add_argument("--zone", default="America/New_York", help="of the site, if it is not there yet")
    import_parser = commands.add_parser("import", help="take over another system’s records")
    import_parser.add_argument("format", choices=["fhir", "items"])
    import_parser.add_argument("files", nargs="+", type=Path)
    import_parser.add_argument("--site", default="main", help="the site that the records belong to")
    import_parser.add_argument("--source", default="fhir", help="a short name of the system that the records are from")
    import_parser.add_argument("--shift-to-today", action="store_true", help="move the busiest day to today")
    add_parsers(commands)
    given = parser.parse_args(arguments)
    # Whatever is written from here on, the database above all, is for the eyes of the account that runs the office.
    os.umask(0o077)
    settings = read_settings()
    # At a prompt only what went wrong is worth a line; a server keeps one per request and command.
    logs.set_up(settings.log_level if given.command == "serve" else "WARNING")
    logging.captureWarnings(True)
    if given.command == "serve":
        from backend.running import serve

        where = {"host": given.host or settings.host, "port": given.port or settings.port}
        return serve(msgspec.structs.replace(settings, **where), given.demo, given.lan, given.name)
    if given.command in COMMANDS:
        # Before anything is migrated: it may be this database that is damaged, or not there yet.
        from backend.backup_commands import run

        return run(given, settings, parser)
    from backend.migrating import migrate

    settings.data.mkdir(parents=True, exist_ok=True)
    migrate(settings.database_url)
    if given.command == "user":
        from backend.app import build_front, open_office
        from backend.clock import Clock
        from backend.database import Database
        from backend.welcoming import add_user, list_users, reset_second_factor

        office = open_office(settings, Clock(), Database(settings.database_url), build_front(settings.web))
        if given.list:
            return list_users(office)
        if not given.username:
            parser.error("say whose: ./daysheet user NAME")
        if given.reset_second_factor:
            return reset_second_factor(office, given.username)
        return add_user(office, given.username, given.name or given.username, given.role or ["owner"], given.zone)
    if given.command == "rotate-key":
        from backend.rotating import rotate
        from backend.running import taken

        if taken(settings.host, settings.port):
            print("Stop the office’s server first: it would not know the new secret.")
            return 1
        return rotate(settings)
    if given.command == "check":
        from backend.checking import check

        return check(settings)
    if given.command == "import":
        if given.format == "items":
            from backend.importing_items import import_items

            return import_items(settings, given.files, given.site)
        from backend.fhir import import_files

        shift = given.shift_to_today
        return import_files(settings, given.files, site_id=given.site, shift_to_today=shift, source=given.source)
    return 0


if __name__ == "__main__":
    sys.exit(main())
