"""Trusting: a tiny second origin over plain HTTP, where a device learns to trust the office's own authority.

It serves the files named here and nothing else: no cookie is read or set, nothing of the office is behind it.
"""

import hashlib
import io
import plistlib
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import segno
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from backend.serving import Office

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
STYLES = ("tokens.css", "reset.css", "base.css", "components.css", "trust.css")
# The types by which systems know what to do with the file: RFC 8555 §9.1 (PEM), RFC 2585 §4.1 (DER), and Apple's own.
PEM, DER, PROFILE = "application/x-pem-file", "application/x-x509-ca-cert", "application/x-apple-aspen-config"
Asgi = Callable[[dict[str, Any], Callable[..., Awaitable[Any]], Callable[[dict[str, Any]], Awaitable[None]]], Any]


class Shown(NamedTuple):
    """One file of this origin."""

    media_type: str
    body: bytes
    saved_as: str = ""


def fingerprint(authority: x509.Certificate) -> str:
    """SHA-256 in groups of four, for two people to compare: this page came over a network that nobody vouches for."""
    digits = hashlib.sha256(authority.public_bytes(serialization.Encoding.DER)).hexdigest().upper()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def shown(office: Office, authority: x509.Certificate, here: str, there: str) -> dict[str, Shown]:
    """Every file by its path; `here` is this origin's address, `there` the office's."""
    der = authority.public_bytes(serialization.Encoding.DER)
    web = office.settings.web / "shell"
    styles = b"\n".join((web / name).read_bytes() for name in STYLES)
    files = {
        "/trust.css": Shown("text/css; charset=utf-8", styles),
        "/mark.svg": Shown("image/svg+xml", (web / "favicon.svg").read_bytes()),
        "/here.svg": Shown("image/svg+xml", code(here)),
        "/daysheet.crt": Shown(DER, der, "daysheet.crt"),
        "/daysheet.pem": Shown(PEM, authority.public_bytes(serialization.Encoding.PEM), "daysheet.pem"),
        "/daysheet.mobileconfig": Shown(PROFILE, profile(der), "daysheet.mobileconfig"),
    }
    for path, language in (("/", "en"), ("/es", "es")):
        about = {"here": here, "there": there, "fingerprint": fingerprint(authority)}
        page = office.plain("shell/trust.html", about, {"language": language})
        files[path] = Shown("text/html; charset=utf-8", page.encode())
    return files


def code(address: str) -> bytes:
    """A QR code with its quiet zone on white, so that it can be read in the dark too."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=6, border=4, light="#fff", xmldecl=False)
    return drawn.getvalue()


def profile(der: bytes) -> bytes:
    """An Apple configuration profile with the authority. Its ids come from it, so a second one replaces the first."""
    id = uuid.uuid5(uuid.NAMESPACE_OID, hashlib.sha256(der).hexdigest())
    inner = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"app.daysheet.authority.{id}",
        "PayloadUUID": str(uuid.uuid5(id, "authority")).upper(),
        "PayloadDisplayName": "Daysheet of this office",
        "PayloadContent": der,
    }
    outer = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"app.daysheet.{id}",
        "PayloadUUID": str(id).upper(),
        "PayloadDisplayName": "Daysheet of this office",
        "PayloadDescription": "Lets this device open the office’s Daysheet safely.",
        "PayloadContent": [inner],
    }
    return plistlib.dumps(outer)


def second_origin(files: dict[str, Shown]) -> Asgi:
    """The origin as an ASGI application."""

    async def answer(scope: dict[str, Any], _receive: Any, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        if scope["type"] != "http":
            return
        found = files.get(scope["path"])
        status = 404 if found is None else 200 if scope["method"] in ("GET", "HEAD") else 405
        headers = dict(HEADERS)
        body = b""
        if found is not None and status == 200:
            body = found.body if scope["method"] == "GET" else b""
            headers["Content-Type"] = found.media_type
            if found.saved_as:
                headers["Content-Disposition"] = f'attachment; filename="{found.saved_as}"'
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})

    return answer
