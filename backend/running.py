"""Running: one process that migrates, serves, and stops cleanly."""

import asyncio
import signal
import socket

from granian.constants import Interfaces
from granian.server.embed import Server

from backend import VERSION, logs
from backend.app import create_app
from backend.demo import PASSWORD, STAFF, seed
from backend.logs import log
from backend.migrating import migrate
from backend.serving import Office
from backend.settings import Settings
from backend.sync import retry_held


def serve(settings: Settings, host: str, port: int, demo: bool) -> int:
    """Migrate, seed if asked, and serve until stopped; returns the exit code."""
    if taken(host, port):
        print(f"Port {port} on {host} is in use. Stop what is there, or choose another with --port.")
        return 1
    settings.data.mkdir(parents=True, exist_ok=True)
    migrate(settings.database_url)
    app = create_app(settings)
    office: Office = app.state.office
    if demo:
        logs.set_up("WARNING")
        seed(office)
        logs.set_up(settings.log_level)
    if done := retry_held(office.performer, office.clock):
        log.info("retried", count=done)
    print(greeting(host, port, demo), flush=True)
    server = Server(app, address=host, port=port, interface=Interfaces.ASGI, websockets=False, log_enabled=False)
    asyncio.run(until_stopped(server, port, app.state.office))
    return 0


async def until_stopped(server: Server, port: int, office: Office) -> None:
    """Serve until somebody presses Ctrl-C or the container is stopped."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        office.performer.listeners.close()
        server.stop()

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop)
    log.info("serving", port=port, version=VERSION)
    await server.serve()


def taken(host: str, port: int) -> bool:
    """Whether somebody already listens there."""
    with socket.socket() as probe:
        return probe.connect_ex((("127.0.0.1" if host in ("0.0.0.0", "::") else host), port)) == 0


def greeting(host: str, port: int, demo: bool) -> str:
    """What the person who started it wants to know."""
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::") else host
    lines = ["", f"  Daysheet {VERSION}", f"  Open     http://{shown}:{port}/"]
    if demo:
        names = ", ".join(f"{username} ({', '.join(roles)})" for username, _, roles in STAFF)
        lines += [
            f"  Sign in  {names}",
            f"  Password {PASSWORD}",
            "  Enrol this browser as a tablet: sign in as maria, then Devices.",
        ]
    return "\n".join([*lines, ""])
