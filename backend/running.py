"""Running: one process that migrates, serves, and stops cleanly."""

import asyncio
import signal
import socket
from collections.abc import Sequence
from typing import Any

import msgspec
from cryptography import x509
from granian.constants import Interfaces
from granian.server.embed import Server

from backend import VERSION, logs
from backend.addresses import first_address, is_name, names_of_machine
from backend.app import create_app
from backend.certificates import serving_with
from backend.clock import Clock
from backend.demo import seed
from backend.disk import disk_warning
from backend.greeting import Addresses, greeting
from backend.logs import log
from backend.migrating import migrate
from backend.nodes import RING, hear, other_rings
from backend.serving import Office
from backend.settings import Settings
from backend.sync import retry_held
from backend.trusting import second_origin, shown
from backend.validity import certificate_warning

OTHER_RING = (
    "Another server of this office runs with other secrets, and neither could open what the other seals. Give this one "
    "the same key file (DAYSHEET_KEY_FILE), or the same DAYSHEET_KEY."
)
YEAR, DAY = 31_536_000, 86_400


def serve(settings: Settings, demo: bool = False, lan: bool = False, names: Sequence[str] = ()) -> int:
    """Migrate, seed if asked, and serve until stopped; returns the exit code."""
    host, port = "0.0.0.0" if lan else settings.host, settings.port
    trust_port = settings.trust_port or port + 1
    if wrong := next((name for name in names if not is_name(name.lower())), None):
        print(f"{wrong} is no host name or address. Write it without https:// and without a port.")
        return 1
    if taken(host, port):
        print(f"Port {port} on {host} is in use. Stop what is there, or choose another with --port.")
        return 1
    settings.data.mkdir(parents=True, exist_ok=True)
    disk = disk_warning(settings)
    settings, authority = with_tls(settings, lan, names)
    if authority and taken(host, trust_port):
        print(f"Port {trust_port} on {host} is in use. Stop what is there, or set DAYSHEET_TRUST_PORT to another.")
        return 1
    migrate(settings.database_url)
    app = create_app(settings)
    office: Office = app.state.office
    with office.database.read() as session:
        others = other_rings(session, office.keyring.id)
    if others:
        office.database.close()
        print(OTHER_RING)
        return 1
    if demo:
        logs.set_up("WARNING")
        seed(office)
        logs.set_up(settings.log_level)
    app.state.builds.keep()
    if done := retry_held(office.performer, office.clock):
        log.info("retried", count=done)
    where = addresses(settings, host, names, trust_port if authority else None)
    warnings = filter(None, [certificate_warning(settings, Clock().now()), disk])
    print(greeting(where, demo, authority, [*warnings]), flush=True)
    servers = [listener(app, host, settings)]
    if authority:
        tiny = second_origin(shown(office, authority, where.trust or "", where.office))
        servers.append(Server(tiny, address=host, port=trust_port, interface=Interfaces.ASGINL, **QUIET))
    asyncio.run(until_stopped(servers, port, office))
    return 0


QUIET = {"websockets": False, "log_enabled": False}


def listener(app: Any, host: str, settings: Settings) -> Server:
    """The office's own server, with TLS where there is a certificate."""
    tls = {}
    if settings.certificate:
        tls = {"ssl_cert": settings.certificate_path, "ssl_key": settings.certificate_key_path}
    return Server(one_cookie_header(app), address=host, port=settings.port, interface=Interfaces.ASGI, **QUIET, **tls)


def one_cookie_header(app: Any) -> Any:
    """The app behind HTTP/2, where a browser sends each cookie in a header of its own (RFC 9113 §8.2.3).

    Granian hands them on as they came, and Litestar reads one: a signed-in device would be only one of the two.
    """

    async def joined(scope: Any, receive: Any, send: Any) -> None:
        crumbs = [value for name, value in scope.get("headers", ()) if name == b"cookie"]
        if len(crumbs) > 1:
            others = [pair for pair in scope["headers"] if pair[0] != b"cookie"]
            scope = {**scope, "headers": [*others, (b"cookie", b"; ".join(crumbs))]}
        await app(scope, receive, send)

    return joined


def with_tls(settings: Settings, lan: bool, names: Sequence[str]) -> tuple[Settings, x509.Certificate | None]:
    """The settings of a server that speaks TLS, if it shall, and the authority that devices have to trust."""
    if not lan and not settings.certificate:
        return settings, None
    given = [name.lower() for name in names]
    certificate, key, authority = serving_with(settings, names_of_machine([]), given, Clock().now())
    # Under an authority of our own for a day only: made anew, it must be reachable from devices that know the old one,
    # and a browser that insists on HTTPS neither opens the page over plain HTTP nor lets anybody pass a warning.
    seconds = settings.transport_security or (DAY if authority else YEAR)
    changes = {"certificate": str(certificate), "certificate_key": str(key), "secure_cookies": True}
    changed = msgspec.structs.replace(settings, **changes, transport_security=seconds)
    return changed, authority.certificate if authority else None


def addresses(settings: Settings, host: str, names: Sequence[str], trust_port: int | None) -> Addresses:
    """What people type. Where devices learn to trust, it is a number: no browser forces HTTPS on one (RFC 6797 §8)."""
    own = "localhost" if host in ("127.0.0.1", "localhost", "::1") else (first_address() or "localhost")
    best = names[0].lower() if names else own if host in ("0.0.0.0", "::", "127.0.0.1") else host
    scheme = "https" if settings.certificate else "http"
    trust = f"http://{bracketed(own)}:{trust_port}/" if trust_port else None
    exposed = scheme == "http" and host not in ("127.0.0.1", "localhost", "::1")
    return Addresses(f"{scheme}://{bracketed(best)}:{settings.port}/", trust, exposed)


def bracketed(name: str) -> str:
    """As an address is written in a URL."""
    return f"[{name}]" if ":" in name else name


async def until_stopped(servers: list[Server], port: int, office: Office) -> None:
    """Serve until somebody presses Ctrl-C or the container is stopped."""
    loop = asyncio.get_running_loop()
    called = office.answering.manifest["build"] + RING + office.keyring.id
    hearing = asyncio.create_task(hear(office.database, office.performer.listeners, called))

    def stop() -> None:
        office.performer.listeners.close()
        for server in servers:
            server.stop()

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop)
    log.info("serving", port=port, version=VERSION)
    await asyncio.gather(*(server.serve() for server in servers))
    hearing.cancel()
    await asyncio.gather(hearing, return_exceptions=True)


def taken(host: str, port: int) -> bool:
    """Whether somebody already listens there."""
    with socket.socket() as probe:
        return probe.connect_ex((("127.0.0.1" if host in ("0.0.0.0", "::") else host), port)) == 0
