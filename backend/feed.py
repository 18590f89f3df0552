"""The change feed: rows are written behind one counter, so that no reader can ever miss a change."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Table, bindparam, delete
from sqlalchemy.orm import Session

from backend.database import upsert
from backend.feed_tables import (
    COUNT_ON,
    FEED,
    HEADS,
    OWNED,
    POINTING,
    WANTED,
    follow_ref,
    seen_row,
    sheet_head,
    sheet_row,
)
from backend.sheets import Body, Sheets

Key = tuple[str, str]
NO_DIGEST = "0" * 32
encode = msgspec.json.Encoder(order="sorted").encode


class Seen(NamedTuple):
    """A row as it is written now; `body` is its JSON."""

    kind: str
    id: str
    version: int
    body: str | None
    owner: str | None


def fingerprint(kind: str, id: str, version: int) -> int:
    """What one row adds to its sheet's digest: 128 bits of SHA-256."""
    return int.from_bytes(hashlib.sha256(f"{kind}\n{id}\n{version}".encode()).digest()[:16])


def next_seq(session: Session) -> int:
    """Take the office's one counter. Its lock is held until commit: the order of numbers is the order of visibility."""
    return session.execute(COUNT_ON).scalar_one()


def epoch_and_head(session: Session) -> tuple[str, int]:
    """The epoch of this database and the number of the newest change."""
    found = session.execute(FEED).one()
    return found.epoch, found.value


def publish_rows(session: Session, sheets: Sheets, touched: Iterable[Key], seq: int) -> None:
    """Build the touched rows from freshly read state and place them in their sheets. Call with the counter held."""
    session.flush()
    # What this session read before it held the counter may be another writer's past.
    session.expire_all()
    touched = list(touched)
    bodies = build(session, sheets, touched)
    before = load(session, touched)
    changed = [key for key in touched if encode(bodies[key]) != before[key][1]]
    if not changed:
        return
    rows = []
    for kind, id in changed:
        body, (version, _, owner) = bodies[kind, id], before[kind, id]
        owner = sheets.owner_of(kind, id, body) if body is not None else owner
        text = None if body is None else encode(body).decode()
        rows.append(Seen(kind, id, version + 1, text, owner))
    upsert(session, seen_row, [row._asdict() for row in rows])
    targets = follow_again(session, sheets, {key: bodies[key] for key in changed})
    settle(session, sheets, rows, targets, seq)


def build(session: Session, sheets: Sheets, keys: Sequence[Key]) -> dict[Key, Body | None]:
    """The bodies as of now; None for what no longer exists."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, id in keys:
        by_kind[kind].append(id)
    read: dict[Any, Any] = {}
    found = {kind: sheets.rows[kind].bodies(session, ids, read) for kind, ids in by_kind.items()}
    return {(kind, id): found[kind].get(id) for kind, id in keys}


def load(session: Session, keys: Sequence[Key]) -> dict[Key, tuple[int, bytes, str | None]]:
    """Version, encoded body and owner of what was published before; (0, b"null", None) for what never was."""
    known: dict[Key, tuple[int, bytes, str | None]] = dict.fromkeys(keys, (0, b"null", None))
    for found in rows_of(session, seen_row, keys):
        known[found.kind, found.id] = (found.version, (found.body or "null").encode(), found.owner)
    return known


def rows_of(session: Session, table: Table, keys: Iterable[Key]) -> Iterator[Any]:
    """The table's rows for these (kind, id) pairs."""
    wanted = set(keys)
    kinds = sorted({kind for kind, _ in wanted})
    for ids in chunks(sorted({id for _, id in wanted})):
        for found in session.execute(WANTED[table], {"kinds": kinds, "ids": ids}):
            if (found.kind, found.id) in wanted:
                yield found


def follow_again(session: Session, sheets: Sheets, bodies: dict[Key, Body | None]) -> set[str]:
    """Keep the references of the changed rows; returns the aggregates whose place may have changed."""
    following = {follow.kind for follow in sheets.follows}
    keys = [key for key in bodies if key[0] in following]
    if not keys:
        return set()
    old = {(ref.sheet, ref.kind, ref.id, ref.field): ref.target for ref in rows_of(session, follow_ref, keys)}
    new: dict[tuple[str, str, str, str], str] = {}
    for kind, id in keys:
        body = bodies[kind, id]
        for follow in sheets.follows:
            if body is None or follow.kind != kind or body.get(follow.field) is None:
                continue
            for sheet in sheets.rows[kind].own_sheets(body):
                if follow.covers(sheet):
                    new[sheet, kind, id, follow.field] = body[follow.field]
    gone = [dict(zip(("s", "k", "i", "f"), ref, strict=True)) for ref in old.keys() - new.keys()]
    if gone:
        c = follow_ref.c
        session.execute(
            delete(follow_ref).where(
                c.sheet == bindparam("s"), c.kind == bindparam("k"), c.id == bindparam("i"), c.field == bindparam("f")
            ),
            gone,
        )
    names = ("sheet", "kind", "id", "field")
    moved = [ref for ref, target in new.items() if old.get(ref) != target]
    upsert(session, follow_ref, [dict(zip(names, ref, strict=True)) | {"target": new[ref]} for ref in moved])
    return {old[ref] for ref in old.keys() - new.keys()} | {
        target for ref in moved for target in (new[ref], old.get(ref)) if target is not None
    }


def settle(session: Session, sheets: Sheets, changed: list[Seen], targets: set[str], seq: int) -> None:
    """Put every changed row, and every row brought along by a changed reference, where it now belongs."""
    brought = {kind for follow in sheets.follows for kind in follow.brings}
    affected: dict[Key, Any] = {(row.kind, row.id): row for row in changed}
    for owners in chunks(sorted(targets)):
        for found in session.execute(OWNED, {"owners": owners}):
            if found.kind in brought:
                affected[found.kind, found.id] = found
    refs: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for owners in chunks(sorted({row.owner for row in affected.values() if row.owner and row.kind in brought})):
        for ref in session.execute(POINTING, {"owners": owners}):
            refs[ref.target].add((ref.sheet, ref.kind, ref.field))
    present: dict[Key, dict[str, int]] = defaultdict(dict)
    for found in rows_of(session, sheet_row, affected):
        if found.present:
            present[found.kind, found.id][found.sheet] = found.version
    rows: list[dict[str, Any]] = []
    moves: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for key, row in affected.items():
        wanted = places(sheets, row, refs)
        for sheet in sorted(wanted | present[key].keys()):
            here = present[key].get(sheet)
            if sheet in wanted and here == row.version:
                continue
            minus = fingerprint(*key, here) if here is not None else 0
            plus = fingerprint(*key, row.version) if sheet in wanted else 0
            moves[sheet].append(((sheet in wanted) - (here is not None), plus - minus))
            rows.append(
                {"sheet": sheet, "kind": key[0], "id": key[1], "seq": seq, "version": row.version}
                | {"present": sheet in wanted}
            )
    upsert(session, sheet_row, rows)
    move_heads(session, moves, seq)


def places(sheets: Sheets, row: Any, refs: dict[str, set[tuple[str, str, str]]]) -> set[str]:
    """The sheets in which a row must stand: its own, and those that follow its aggregate."""
    if row.body is None:
        return set()
    own = sheets.rows[row.kind].own_sheets(msgspec.json.decode(row.body))
    followed = {
        sheet
        for sheet, kind, field in refs.get(row.owner, ())
        for follow in sheets.follows
        if (follow.kind, follow.field) == (kind, field) and follow.covers(sheet) and row.kind in follow.brings
    }
    return own | followed


def move_heads(session: Session, moves: dict[str, list[tuple[int, int]]], seq: int) -> None:
    """Count and digest follow by difference; nothing is ever summed up again but by `./daysheet check`."""
    heads = {}
    for names in chunks(sorted(moves)):
        for head in session.execute(HEADS, {"sheets": names}):
            heads[head.sheet] = (head.count, int(head.digest, 16))
    rows = []
    for sheet, steps in moves.items():
        count, digest = heads.get(sheet, (0, 0))
        digest = (digest + sum(step for _, step in steps)) % 2**128
        rows.append({"sheet": sheet, "count": count + sum(n for n, _ in steps), "digest": f"{digest:032x}", "seq": seq})
    upsert(session, sheet_head, rows)


def chunks(values: list[str]) -> Iterator[list[str]]:
    """Pieces small enough for one statement."""
    return (values[start : start + 500] for start in range(0, len(values), 500))
