"""Every byte that a browser left on its disk, also inside what it compresses, searched for what must not be there."""

import base64
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

LEVELDB_MAGIC = bytes.fromhex("57fb808b247547db")
LOG_BLOCK = 32 * 1024
# Before what Chromium's IndexedDB compressed by itself.
IDB_SNAPPY = b"\xff\x11\x02"
GZIP = b"\x1f\x8b\x08"
MOST = 64 * 1024 * 1024


class Wanted:
    """Words (in any case, UTF-8, UTF-16 or Latin-1) and raw secrets (as bytes, hex and base64) to look for."""

    def __init__(self, words: Iterable[str], raw: dict[str, bytes] | None = None) -> None:
        self.patterns: list[tuple[str, re.Pattern[bytes]]] = []
        for word in words:
            for coded in {word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")}:
                # Six digits also stand in the middle of somebody's clock; alone they are a PIN.
                alone = rb"(?<![0-9])(?<![0-9]\0)" + re.escape(coded) + rb"(?!\0?[0-9])"
                pattern = alone if word.isdigit() else re.escape(coded)
                self.patterns.append((word, re.compile(pattern, re.IGNORECASE)))
        for name, secret in (raw or {}).items():
            for coded in spellings(secret):
                self.patterns.append((name, re.compile(re.escape(coded))))

    def found_in(self, content: bytes) -> set[str]:
        return {name for name, pattern in self.patterns if pattern.search(content)}


def spellings(secret: bytes) -> Iterator[bytes]:
    """As it is, in hex, and in base64 wherever in a longer text it begins."""
    yield secret
    for text in (secret.hex(), secret.hex().upper()):
        yield from (text.encode(), text.encode("utf-16-le"))
    for skipped in range(3):
        whole = base64.b64encode(bytes(skipped) + secret).decode()
        inner = whole[4 if skipped else 0 : -4]
        for text in {inner, inner.replace("+", "-").replace("/", "_")}:
            yield from (text.encode(), text.encode("utf-16-le"))


def hits(profile: Path, wanted: Wanted) -> list[str]:
    """One line for each thing found: what, and in which file."""
    files = [path for path in sorted(profile.rglob("*")) if path.is_file() and not path.is_symlink()]
    return [
        f"{name} in {path.relative_to(profile)}"
        for path in files
        for name in sorted(set().union(*map(wanted.found_in, readings(path.read_bytes()))))
    ]


def readings(content: bytes) -> Iterator[bytes]:
    """The file as it is, and every part of it that can be unpacked."""
    yield content
    layers = [content]
    if content.endswith(LEVELDB_MAGIC):
        layers += table_parts(content)
    elif joined := log_parts(content):
        layers.append(joined)
    for layer in layers:
        yield layer
        yield from unpacked(layer)


def unpacked(content: bytes) -> Iterator[bytes]:
    for at in places(content, IDB_SNAPPY):
        if (plain := snappy(content[at + len(IDB_SNAPPY) :])) is not None:
            yield plain
    for at in places(content, GZIP):
        try:
            yield zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content[at:], MOST)
        except zlib.error:
            continue


def places(content: bytes, mark: bytes) -> Iterator[int]:
    at = content.find(mark)
    while at >= 0:
        yield at
        at = content.find(mark, at + 1)


def varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        at, value, shift = at + 1, value | (byte & 127) << shift, shift + 7
        if byte < 128:
            return value, at


def snappy(content: bytes) -> bytes | None:
    """The raw format without frames; None when it is something else."""
    try:
        size, at = varint(content, 0)
        if size > MOST:
            return None
        plain = bytearray()
        while len(plain) < size:
            tag = content[at]
            at += 1
            if tag & 3 == 0:
                length = tag >> 2
                if length >= 60:
                    more = length - 59
                    length = int.from_bytes(content[at : at + more], "little")
                    at += more
                plain += content[at : at + length + 1]
                at += length + 1
                continue
            wide = (0, 1, 2, 4)[tag & 3]
            back = int.from_bytes(content[at : at + wide], "little")
            length = (tag >> 2) + 1
            if wide == 1:
                back, length = (tag >> 5) << 8 | back, (tag >> 2 & 7) + 4
            at += wide
            if not 0 < back <= len(plain):
                return None
            for _ in range(length):
                plain.append(plain[-back])
        return bytes(plain)
    except IndexError:
        return None


def table_parts(content: bytes) -> list[bytes]:
    """Every block of a LevelDB table, with whole keys."""
    footer = content[-48:]
    _, at = varint(footer, 0)
    _, at = varint(footer, at)
    start, at = varint(footer, at)
    size, _ = varint(footer, at)
    parts = []
    for _, handle in entries(block(content, start, size)):
        start, at = varint(handle, 0)
        size, _ = varint(handle, at)
        plain = block(content, start, size)
        parts += [plain, b"\n".join(key + b"\n" + value for key, value in entries(plain))]
    return parts


def block(content: bytes, start: int, size: int) -> bytes:
    raw = content[start : start + size]
    if content[start + size] == 0:
        return raw
    plain = snappy(raw)
    assert plain is not None, "a block of LevelDB that is packed in another way"
    return plain


def entries(plain: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys share their beginnings with the one before."""
    end = len(plain) - 4 - 4 * int.from_bytes(plain[-4:], "little")
    at, key = 0, b""
    while at < end:
        shared, at = varint(plain, at)
        unshared, at = varint(plain, at)
        size, at = varint(plain, at)
        key = key[:shared] + plain[at : at + unshared]
        at += unshared
        yield key, plain[at : at + size]
        at += size


def log_parts(content: bytes) -> bytes:
    """The records of a LevelDB log without the headers that cut them; empty when it is something else."""
    joined = bytearray()
    at = 0
    while at + 7 <= len(content):
        if LOG_BLOCK - at % LOG_BLOCK < 7:
            at += LOG_BLOCK - at % LOG_BLOCK
            continue
        size, kind = int.from_bytes(content[at + 4 : at + 6], "little"), content[at + 6]
        if kind > 4:
            return b""
        joined += content[at + 7 : at + 7 + size]
        at += 7 + size
    return bytes(joined)
