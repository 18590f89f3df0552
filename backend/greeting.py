"""The greeting: what the person who started the server wants to know."""

import io
from collections.abc import Sequence
from typing import NamedTuple

import segno
from cryptography import x509

from backend import VERSION
from backend.demo import PASSWORD, STAFF
from backend.trusting import fingerprint


class Addresses(NamedTuple):
    """Where people go; `exposed` is plain HTTP that others on the network can read."""

    office: str
    trust: str | None = None
    exposed: bool = False


def greeting(
    where: Addresses, demo: bool, authority: x509.Certificate | None = None, warnings: Sequence[str] = ()
) -> str:
    """The lines for the terminal."""
    lines = ["", f"  Daysheet {VERSION}", f"  Open     {where.office}"]
    if demo:
        names = ", ".join(f"{username} ({', '.join(roles)})" for username, _, roles in STAFF)
        lines += [
            f"  Sign in  {names}",
            f"  Password {PASSWORD}",
            "  Enrol this browser as a tablet: sign in as maria, then Devices.",
        ]
    if authority and where.trust:
        digits = fingerprint(authority)
        lines += [
            "",
            f"  New devices first open {where.trust}, or point their camera here:",
            "",
            *drawn(where.trust),
            "  That page must show these letters:",
            f"  {digits[:39]}",
            f"  {digits[40:]}",
        ]
    if where.exposed:
        lines += [
            "",
            "  SECURE   This is plain HTTP on the network: everybody there can read it, and tablets keep no copy.",
            "           Start with --lan, set DAYSHEET_CERTIFICATE, or put a proxy in front that speaks HTTPS.",
        ]
    for warning in warnings:
        lines += ["", f"  SECURE   {warning}"]
    return "\n".join([*lines, ""])


def drawn(address: str) -> list[str]:
    """The address as a QR code in half blocks, with the light ground that cameras look for."""
    out = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(out, border=2, compact=True)
    return [f"  {line}" for line in out.getvalue().splitlines()]
