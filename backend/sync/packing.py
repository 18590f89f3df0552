"""Packing: bodies of /sync as they go over the wire, compressed both ways, and never unpacked beyond a limit."""

import gzip
import re
import zlib
from typing import Any

import msgspec
from litestar import Response

LARGEST_UNPACKED = 1_000_000
WORTH_PACKING = 1_400  # about one packet
# What zlib calls them: a gzip member, and a zlib stream (RFC 9110, 8.4.1.2).
ENCODINGS = {"gzip": 31, "deflate": 15}

Answer = Response[bytes]

# The escapes of JSON (RFC 8259, 7): a pair of surrogates, one alone, any other.
ESCAPES = re.compile(rb"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(\\u[dD][89a-fA-F])|\\.", re.DOTALL)


class TooLarge(Exception):
    """A body that unpacks to more than a batch can be."""


class UnknownEncoding(Exception):
    """A body that is packed in a way we do not know."""


def unpack(body: bytes, encoding: str | None) -> bytes:
    """The JSON text. A small body that unpacks to gigabytes is stopped at the limit, not after it.

    Raises TooLarge, UnknownEncoding, zlib.error, or EOFError where it was cut short.
    """
    if encoding and encoding != "identity":
        if encoding not in ENCODINGS:
            raise UnknownEncoding()
        unpacker = zlib.decompressobj(wbits=ENCODINGS[encoding])
        body = unpacker.decompress(body, LARGEST_UNPACKED + 1)
        if len(body) <= LARGEST_UNPACKED and not unpacker.eof:
            raise EOFError("cut short")
    if len(body) > LARGEST_UNPACKED:
        raise TooLarge()
    return body


def without_lone_surrogates(text: bytes) -> bytes:
    """JSON in which half a character, which no reader takes, is spelled out: so it spoils its own entry alone."""
    return ESCAPES.sub(lambda found: b"\\" * bool(found[1]) + found[0], text)


def wire(body: dict[str, Any], status: int = 200, accepted: str = "") -> Answer:
    """The answer as JSON, packed where that is worth it and the device said that it can unpack it."""
    packed = msgspec.json.encode(body)
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if len(packed) > WORTH_PACKING and "gzip" in accepted:
        packed = gzip.compress(packed, compresslevel=1)
        headers["Content-Encoding"] = "gzip"
    return Response(packed, status_code=status, headers=headers, media_type="application/json")
