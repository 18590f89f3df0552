"""What this disk can do at all: the durable transactions of a push, by plain SQLite with nothing of ours around it."""

import json
import sqlite3
import time
from pathlib import Path

TABLES = """
CREATE TABLE head (id INTEGER PRIMARY KEY, value INTEGER);
CREATE TABLE journal (seq INTEGER PRIMARY KEY, command_id TEXT UNIQUE, payload TEXT, hash TEXT);
CREATE TABLE visit (id TEXT PRIMARY KEY, status TEXT, body TEXT);
CREATE TABLE event (command_id TEXT PRIMARY KEY, visit_id TEXT, body TEXT);
CREATE TABLE seen (kind TEXT, id TEXT, version INTEGER, body TEXT, PRIMARY KEY (kind, id));
CREATE TABLE placed (sheet TEXT, kind TEXT, id TEXT, seq INTEGER, version INTEGER, PRIMARY KEY (sheet, kind, id));
CREATE TABLE sheet (name TEXT PRIMARY KEY, count INTEGER, digest TEXT);
INSERT INTO head VALUES (1, 0);
"""
PAYLOAD = json.dumps({"fields": {"visit_id": "0" * 36}, "was": {}, "made": "x" * 120, "command": "checkin.arrival"})
BODY = "x" * 900  # a visit's row, as devices are sent it


def durable_writes(folder: Path, count: int) -> float:
    """Seconds for `count` transactions, each of about the rows that one arrival writes."""
    path = folder / "reference.sqlite3"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.executescript(TABLES)
    began = time.perf_counter()
    for number in range(count):
        write_one(connection, number)
    took = time.perf_counter() - began
    connection.close()
    path.unlink()
    return took


def one_large_write(folder: Path, rows: int) -> float:
    """Seconds for one transaction of so many rows, each of about the size of what one line of a count leaves."""
    path = folder / "reference-large.sqlite3"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.executescript(TABLES)
    began = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for number in range(rows):
        line = (f"{number:036d}", f"{number % 500:036d}", 1, BODY[:400])
        connection.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)", line)
    connection.execute("COMMIT")
    took = time.perf_counter() - began
    connection.close()
    path.unlink()
    return took


def write_one(connection: sqlite3.Connection, number: int) -> None:
    id, run = f"{number:036d}", connection.execute
    run("BEGIN IMMEDIATE")
    run("UPDATE head SET value = value + 1")
    run("INSERT OR REPLACE INTO visit VALUES (?, ?, ?)", (id, "arrived", BODY[:300]))
    run("INSERT INTO event VALUES (?, ?, ?)", (id, id, BODY[:200]))
    run("INSERT INTO journal VALUES (?, ?, ?, ?)", (number, id, PAYLOAD, "0" * 192))
    for kind, body in (("visit", BODY), ("receipt", BODY[:200])):
        run("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)", (kind, id, 1, body))
        run("INSERT OR REPLACE INTO placed VALUES (?, ?, ?, ?, ?)", (f"{kind}s", kind, id, number, 1))
        run("INSERT OR REPLACE INTO sheet VALUES (?, ?, ?)", (f"{kind}s", number, "0" * 32))
    run("COMMIT")
