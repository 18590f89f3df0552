"""The app: a table of contents, one line per room, and how all of it answers."""

import asyncio
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from litestar import Litestar, Request, Router, get
from litestar.exceptions import HTTPException
from litestar.response import Redirect
from sqlalchemy import text

from backend import (
    VERSION,
    answers,
    approvals,
    backups,
    checkin,
    counts,
    devices,
    downtime,
    files,
    history,
    inventory,
    office,
    patients,
    payments,
    privacy,
    scheduling,
    serving,
    staff,
    sync,
    today,
)
from backend.assets import Assets
from backend.builds import Builds, show_asset, show_worker
from backend.clock import Clock
from backend.database import Database
from backend.errors import Problem
from backend.house import Room, kinds_of, sheets_of
from backend.identity import PURPOSES
from backend.keyring import open_keyring
from backend.logs import log, where
from backend.nightly import NIGHTLY
from backend.performing import Performer
from backend.problems import answer_bug, answer_http, answer_problem, note_start, put_headers
from backend.serving import Office, office_of
from backend.settings import Settings
from backend.templates import Templates
from backend.timetable import lease, run_due

ROOMS: Sequence[Room] = [
    office.room,
    staff.room,
    devices.room,
    patients.room,
    scheduling.room,
    checkin.room,
    sync.room,
    files.room,
    privacy.room,
    inventory.room,
    approvals.room,
    counts.room,
    today.room,
    backups.room,
    downtime.room,
    payments.room,
    history.room,
]


@cache
def build_front(web: Path) -> tuple[Templates, Assets]:
    """The templates checked and compiled for both renderers, and every file that is served."""
    templates = Templates(web)
    return templates, Assets(web, ROOMS, templates)


def open_office(settings: Settings, clock: Clock, database: Database, front: tuple[Templates, Assets]) -> Office:
    """Everything that routes, imports and timed jobs need, put together."""
    templates, assets = front
    performer = Performer(database, sheets_of(ROOMS), kinds_of(ROOMS), settings=settings)
    return Office(
        settings=settings,
        clock=clock,
        database=database,
        performer=performer,
        keyring=open_keyring(settings),
        answering=answers.House(assets.manifest, templates),
        find_caller=devices.find_caller,
        rooms=list(ROOMS),
        jobs=[job for room in ROOMS for job in room.jobs],
    )


@get("/", sync_to_thread=True)
def front_page(request: Request) -> Redirect:
    """Where everybody begins: the board, or what a device of another purpose opens at."""
    running = office_of(request)
    with running.database.read() as session:
        caller = running.find_caller(request, session)
    purpose = PURPOSES["desk" if caller is None else caller.purpose]
    return Redirect(purpose.home, status_code=303)


@get("/healthz", sync_to_thread=True)
def health(request: Request) -> dict[str, str]:
    """Whether the database answers; for the container and the reverse proxy."""
    with office_of(request).database.read() as session:
        session.execute(text("SELECT 1"))
    return {"status": "ok", "version": VERSION}


async def keep_time(app: Litestar) -> None:
    """Look at the timetable every minute, in the background of this process."""
    running: Office = app.state.office

    async def look() -> None:
        while True:
            try:
                app.state.looking = asyncio.ensure_future(asyncio.to_thread(run_jobs, running))
                await asyncio.shield(app.state.looking)
            except Exception as error:
                log.error("timetable", error=type(error).__name__, where=where(error))
            await asyncio.sleep(60)

    app.state.timetable = asyncio.create_task(look())


async def stop_time(app: Litestar) -> None:
    """End what the process does by itself."""
    if app.state.timetable is not None:
        app.state.timetable.cancel()
    if app.state.looking is not None:
        # Its thread cannot be cancelled, and would open connections again after all were closed.
        await asyncio.gather(app.state.looking, return_exceptions=True)
    app.state.office.database.close()


def run_jobs(running: Office) -> int:
    """Whatever of the timetable is due now."""
    now = running.clock.now()
    with running.database.read() as session:
        sites = office.sites(session)
    given = run_due(running.performer, running.jobs, sites[0], now) if sites else 0
    # After the commands: a chore may talk to a server far away, and stands in nobody's way.
    for chore in [*(chore for room in running.rooms for chore in room.chores), NIGHTLY]:
        if lease(running.performer, chore, now):
            log.info("chore", job=chore.name, count=chore.do(running, now))
    return given


def create_app(
    settings: Settings,
    clock: Clock | None = None,
    database: Database | None = None,
    front: tuple[Templates, Assets] | None = None,
) -> Litestar:
    """The whole server. The database must be migrated."""
    front = front or build_front(settings.web)
    running = open_office(settings, clock or Clock(), database or Database(settings.database_url), front)
    return move_in(build_house(settings), running, front[1])


def build_house(settings: Settings) -> Litestar:
    """Every route, with nobody behind it yet."""
    routes = [route for room in ROOMS for route in room.routes]
    generic = [serving.find, serving.show_page, serving.take_post]
    handlers = [front_page, health, show_worker, show_asset, *routes, *generic]
    return Litestar(
        # One router, registered once: Litestar 2.25 wraps a threaded handler again for every handler
        # that is registered later on the same path, and then answers with a coroutine.
        route_handlers=[Router("/", route_handlers=handlers)],
        exception_handlers={Problem: answer_problem, HTTPException: answer_http, Exception: answer_bug},
        before_request=note_start,
        before_send=[put_headers],
        after_response=staff.note_use_of_session,
        on_startup=[keep_time] if settings.timed_jobs else [],
        on_shutdown=[stop_time],
        request_max_body_size=settings.largest_body,
        openapi_config=None,
        logging_config=None,
        debug=False,
    )


def move_in(app: Litestar, running: Office, assets: Assets) -> Litestar:
    """From now on this office answers."""
    app.state.office, app.state.builds = running, Builds(running.settings.data / "builds", assets)
    app.state.timetable = app.state.looking = None
    return app
