"""Files of FHIR resources, one record at a time: NDJSON by its lines, a Bundle by its entries, gzipped or not."""

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import ijson
import msgspec

LONGEST = 8_000_000  # bytes of one line, or of a document that is not a Bundle
DEEPEST = 100
AHEAD = 1 << 20
GZIP = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"


class Record(NamedTuple):
    """One resource and where it stands, or what is wrong at that place."""

    file: str
    place: str
    resource: dict[str, Any]
    full_url: str | None = None
    problem: str | None = None

    @property
    def type(self) -> str:
        """The resource's type; empty when it has none."""
        named = self.resource.get("resourceType")
        return named if isinstance(named, str) else ""


class _Head(msgspec.Struct):
    resourceType: str = ""


_decode = msgspec.json.Decoder(dict[str, Any]).decode
_head = msgspec.json.Decoder(_Head).decode


def open_file(path: Path) -> BinaryIO:
    """The file's bytes, unpacked; OSError when there is no such file or it may not be read."""
    file: Any = path.open("rb", buffering=AHEAD)
    try:
        if file.peek(2)[:2] == GZIP:
            file.close()
            file = io.BufferedReader(gzip.open(path), AHEAD)  # type: ignore[type-var]  # noqa: SIM115
        if file.peek(3)[:3] == BOM:
            file.read(3)
    except BaseException:
        file.close()
        raise
    return file  # type: ignore[no-any-return]


def read(path: Path, only: frozenset[str] | None = None) -> Iterator[Record]:
    """Every record of the file, or those of some types. OSError when the file breaks off in its packing."""
    try:
        with open_file(path) as file:
            records = read_lines if is_lines(path, file) else read_document
            for record in records(path, file, only):
                if only is None or record.type in only:
                    yield record
    except (EOFError, zlib.error) as error:
        raise OSError("it is damaged") from error


def is_lines(path: Path, file: Any) -> bool:
    """NDJSON is known by its name, or by a first line that is a whole object."""
    if ".ndjson" in path.name or ".jsonl" in path.name:
        return True
    ahead = file.peek(AHEAD).lstrip()
    first, newline, _ = ahead.partition(b"\n")
    if not ahead.startswith(b"{"):
        return True
    try:
        return bool(newline) and isinstance(_decode(first), dict)
    except (msgspec.MsgspecError, RecursionError):
        return False


def read_lines(path: Path, file: BinaryIO, only: frozenset[str] | None) -> Iterator[Record]:
    """One object to a line. No more of an overlong line is held than it takes to know that it is one."""
    number = 0
    while line := file.readline(LONGEST + 1):
        number += 1
        place = f"line {number}"
        if len(line) > LONGEST:
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST)
            yield Record(path.name, place, {}, problem=f"longer than {LONGEST:,} bytes")
        elif line.strip():
            yield from read_line(path, place, line, only)


def read_line(path: Path, place: str, line: bytes, only: frozenset[str] | None) -> Iterator[Record]:
    """The resource of a line; where only some types are wanted, the others are not even built."""
    try:
        if only is not None and _head(line).resourceType not in only | {"Bundle"}:
            return
        resource = _decode(line)
    except msgspec.ValidationError:
        yield Record(path.name, place, {}, problem="not a JSON object with a resourceType")
    except (msgspec.DecodeError, UnicodeDecodeError):
        yield Record(path.name, place, {}, problem="not JSON")
    except RecursionError:
        yield Record(path.name, place, {}, problem=f"nested deeper than {DEEPEST}")
    else:
        if resource.get("resourceType") == "Bundle":
            entries = resource.get("entry")
            for number, entry in enumerate(entries if isinstance(entries, list) else [], 1):
                yield from read_entry(path, f"{place}, entry {number}", entry)
        else:
            yield checked(Record(path.name, place, resource))


def read_document(path: Path, file: BinaryIO, only: frozenset[str] | None) -> Iterator[Record]:
    """A Bundle by its entries, so that it never sits in memory; any other document whole."""
    number = 0
    try:
        if type_of_document(file) != "Bundle":
            with open_file(path) as again:
                whole = again.read(LONGEST + 1)
            if len(whole) > LONGEST:
                yield Record(path.name, "document", {}, problem=f"longer than {LONGEST:,} bytes")
            else:
                yield from read_line(path, "document", whole, only)
            return
        with open_file(path) as again:
            for number, entry in enumerate(ijson.items(again, "entry.item", use_float=True), 1):
                yield from read_entry(path, f"entry {number}", entry)
    except (ijson.JSONError, UnicodeDecodeError):
        problem = "not JSON from here on; the rest of the file is not read"
        yield Record(path.name, f"entry {number + 1}", {}, problem=problem)


def type_of_document(file: BinaryIO) -> str:
    """The resourceType of the outermost object, wherever in it that is said."""
    return next((str(value) for prefix, _, value in ijson.parse(file) if prefix == "resourceType"), "")


def read_entry(path: Path, place: str, entry: Any) -> Iterator[Record]:
    """The resource of a Bundle's entry. Entries without one (requests to delete, say) hold nothing to take."""
    if not isinstance(entry, dict) or not isinstance(entry.get("resource", {}), dict):
        yield Record(path.name, place, {}, problem="not a JSON object")
    elif "resource" in entry:
        full_url = entry.get("fullUrl")
        resource = entry["resource"]
        if isinstance(full_url, str) and full_url.startswith("urn:uuid:"):
            resource = {"id": full_url.removeprefix("urn:uuid:"), **resource}
        yield checked(Record(path.name, place, resource, full_url if isinstance(full_url, str) else None))


def checked(record: Record) -> Record:
    """The record, or the complaint that it is nested too deep for anything that would look at it."""
    level: list[Any] = [record.resource]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return record
    return record._replace(resource={}, problem=f"nested deeper than {DEEPEST}")
