"""The access log as a file: CSV for a spreadsheet, NDJSON for a program. Patients are in it by id only."""

import csv
import io
from collections.abc import Iterable
from typing import Any

import msgspec

from backend.clock import instant
from backend.privacy.telling import Names

COLUMNS = (
    "seq", "at", "at_about", "received_at", "kind", "code", "person", "actor_id", "device", "device_id", "page",
    "patient_id", "patients_shown", "source", "id", "previous", "hash",
)  # fmt: skip
# A spreadsheet takes a cell that begins so for a formula, and would run it.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
MOST_EXPORTED = 200_000


def records(entries: Iterable[Any], names: Names) -> list[dict[str, Any]]:
    """Each entry with who and what its ids are, and its place in the chain."""
    return [
        {
            "seq": entry.seq,
            "at": instant(entry.at),
            "at_about": entry.at_about,
            "received_at": instant(entry.received_at),
            "kind": entry.kind,
            "code": entry.code,
            "person": names.person(entry.actor_id) if entry.actor_id else "",
            "actor_id": entry.actor_id,
            "device": names.device(entry.device_id),
            "device_id": entry.device_id,
            "page": entry.page,
            "patient_id": entry.subject,
            "patients_shown": entry.rows,
            "source": entry.source,
            "id": entry.id,
            "previous": entry.previous,
            "hash": entry.hash,
        }
        for entry in entries
    ]


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    """RFC 4180, with the mark by which spreadsheets know UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([cell(row[name]) for name in COLUMNS] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def cell(value: Any) -> str:
    """What stands in one cell, never a formula."""
    text = "" if value is None else "yes" if value is True else "no" if value is False else str(value)
    return f"'{text}" if text.startswith(FORMULAS) else text


def as_ndjson(rows: list[dict[str, Any]]) -> bytes:
    """One JSON object a line."""
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
