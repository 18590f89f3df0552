"""Bytes as base64url without padding, as browsers and devices write them (RFC 4648, section 5)."""

import base64


def to_base64url(raw: bytes) -> str:
    """The text."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """The bytes; ValueError for what is not base64url."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
