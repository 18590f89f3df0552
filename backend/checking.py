"""Checking: the journal's chain is verified and every row is built again from the models, and what differs is named."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Column, MetaData, select
from sqlalchemy.orm import Session

from backend.access_log import broken_access
from backend.anchors import anchors_that_differ
from backend.app import ROOMS
from backend.database import Base, Database
from backend.disk import disk_warning
from backend.feed import Key, chunks, encode, fingerprint, follow_ref, seen_row, sheet_head, sheet_row
from backend.files import Cabinet, files_that_differ
from backend.house import sheets_of
from backend.inventory import stock_that_differs
from backend.journal import broken_link, journal, open_case, receipt_copy, replica
from backend.keyring import open_keyring
from backend.settings import Settings
from backend.sheets import Body, Sheets

MOST_NAMED = 20
Say = Callable[[str], None]
# A reference that a sheet follows: the sheet, the kind and id of the row that has it, and its field.
Ref = tuple[str, str, str, str]


def check(settings: Settings, say: Say = print) -> int:
    """Says what was looked at and what differs, by ids and never by what is in a row; 1 when anything does."""
    database = Database(settings.database_url)
    try:
        with database.read() as session:
            wrong = report(session, sheets_of(ROOMS), settings.anchors_path, say)
            lost = list(files_that_differ(session, Cabinet(settings.data, open_keyring(settings))))
    finally:
        database.close()
    tell(say, "files", lost)
    # An open disk is no error of the data, so it is said and does not count.
    if warning := disk_warning(msgspec.structs.replace(settings, require_encrypted_disk=False)):
        say(warning)
    return 1 if wrong or lost else 0


def report(session: Session, sheets: Sheets, anchors: Path, say: Say = print) -> int:
    """One line for each thing that is looked at, in one snapshot."""
    broken = broken_link(session)
    tell(say, "the journal’s chain", [] if broken is None else [f"breaks at entry {broken}"])
    broken_look = broken_access(session)
    tell(say, "the access log’s chain", [] if broken_look is None else [f"breaks at entry {broken_look}"])
    moved = list(anchors_that_differ(session, anchors))
    tell(say, "the anchors of both chains", moved)
    bodies = bodies_now(session, sheets)
    refs = refs_now(sheets, bodies)
    wrong = {
        f"{len(bodies)} rows": list(rows_that_differ(session, bodies)),
        f"{len(refs)} references": list(refs_that_differ(session, refs)),
        "the places of rows in sheets": list(places_that_differ(session, sheets, bodies, refs)),
        "counts and digests of sheets": list(heads_that_differ(session)),
        "stock against its movements": list(stock_that_differs(session)),
    }
    for what, differences in wrong.items():
        tell(say, what, differences)
    return 0 if broken is None and broken_look is None and not moved and not any(wrong.values()) else 1


def tell(say: Say, what: str, differences: Sequence[str]) -> None:
    """One line, and one more for each of the first differences."""
    say(f"{what}: {f'{len(differences)} differ' if differences else 'as they should be'}")
    for difference in differences[:MOST_NAMED]:
        say(f"  {difference}")
    if len(differences) > MOST_NAMED:
        say(f"  and {len(differences) - MOST_NAMED} more")


def bodies_now(session: Session, sheets: Sheets) -> dict[Key, Body]:
    """Every row as its own builder makes it now."""
    found: dict[Key, Body] = {}
    for kind, row in sheets.rows.items():
        for ids in chunks(sorted(ids_of(session, kind, row.owner))):
            found |= {
                (kind, id): msgspec.json.decode(encode(body)) for id, body in row.bodies(session, ids, {}).items()
            }
    return found


def ids_of(session: Session, kind: str, owner: str | None) -> set[str]:
    """The ids that a row of this kind could have.

    A row stands for the record of the table of its own name, one that belongs to another's aggregate for that
    one's. What was published is offered too, so that a row which outlived its record is found.
    """
    published = set(session.execute(select(seen_row.c.id).where(seen_row.c.kind == kind)).scalars())
    if kind == "receipt":
        # What the office did by itself is receipted to nobody.
        from_devices = select(journal.c.command_id).join(replica, replica.c.id == journal.c.replica_id)
        published |= set(session.execute(from_devices.where(replica.c.kind == "device")).scalars())
        return published | set(session.execute(select(receipt_copy.c.command_id)).scalars())
    if kind == "case":
        return published | set(session.execute(select(open_case.c.command_id)).scalars())
    table = tables().get(owner.removesuffix("_id") if owner else kind)
    if table is None:
        return published
    return published | {"/".join(map(str, key)) for key in session.execute(select(*table))}


def tables() -> dict[str, list[Column[object]]]:
    """The primary key of every table, by its name."""
    known: MetaData = Base.metadata
    return {name: list(table.primary_key) for name, table in known.tables.items()}


def rows_that_differ(session: Session, bodies: dict[Key, Body]) -> Iterator[str]:
    """Rows that were published otherwise than they would be now, or not at all, or outlived their record."""
    published: set[Key] = set()
    for row in session.execute(select(seen_row).execution_options(yield_per=1000)):
        key = (row.kind, row.id)
        published.add(key)
        now = encode(bodies[key]) if key in bodies else None
        if now != (None if row.body is None else row.body.encode()):
            yield f"{row.kind} {row.id} {difference(row.body, bodies.get(key))}"
    yield from (f"{kind} {id} was never published" for kind, id in sorted(bodies.keys() - published))


def difference(text: str | None, body: Body | None) -> str:
    """In which fields, by their names alone."""
    if body is None:
        return "is still shown, and its record is gone"
    if text is None:
        return "is not shown any more, and its record is there"
    old = msgspec.json.decode(text)
    names = sorted(name for name in {*old, *body} if old.get(name) != body.get(name))
    return f"differs in {', '.join(names)}"


def refs_now(sheets: Sheets, bodies: dict[Key, Body]) -> dict[Ref, str]:
    """What every sheet that follows something must bring along."""
    return {
        (sheet, kind, id, follow.field): body[follow.field]
        for (kind, id), body in bodies.items()
        for follow in sheets.follows
        if follow.kind == kind and body.get(follow.field) is not None
        for sheet in sheets.rows[kind].own_sheets(body)
        if follow.covers(sheet)
    }


def refs_that_differ(session: Session, refs: dict[Ref, str]) -> Iterator[str]:
    """References that are kept otherwise than the rows have them."""
    kept = {(ref.sheet, ref.kind, ref.id, ref.field): ref.target for ref in session.execute(select(follow_ref))}
    for ref in sorted(kept.keys() | refs.keys()):
        if kept.get(ref) != refs.get(ref):
            sheet, kind, id, field = ref
            yield f"{sheet}: {kind} {id} {field}"


def places_that_differ(
    session: Session, sheets: Sheets, bodies: dict[Key, Body], refs: dict[Ref, str]
) -> Iterator[str]:
    """Rows that stand in a sheet where they do not belong, are missing from one, or are of another version there."""
    owners: dict[str, list[Key]] = defaultdict(list)
    wanted: dict[str, set[Key]] = defaultdict(set)
    for (kind, id), body in bodies.items():
        owners[sheets.owner_of(kind, id, body)].append((kind, id))
        for sheet in sheets.rows[kind].own_sheets(body):
            wanted[sheet].add((kind, id))
    for (sheet, kind, _, field), target in refs.items():
        brings = {
            brought
            for follow in sheets.follows
            if (follow.kind, follow.field) == (kind, field) and follow.covers(sheet)
            for brought in follow.brings
        }
        wanted[sheet].update(key for key in owners[target] if key[0] in brings)
    here: dict[str, set[Key]] = defaultdict(set)
    query = select(sheet_row, seen_row.c.version.label("now")).outerjoin(
        seen_row, (seen_row.c.kind == sheet_row.c.kind) & (seen_row.c.id == sheet_row.c.id)
    )
    for row in session.execute(query.where(sheet_row.c.present).execution_options(yield_per=1000)):
        here[row.sheet].add((row.kind, row.id))
        if row.version != row.now:
            yield f"{row.sheet}: {row.kind} {row.id} stands there in version {row.version}, and is {row.now}"
    for sheet in sorted(wanted.keys() | here.keys()):
        yield from named(sheet, here[sheet] - wanted[sheet], "does not belong there")
        yield from named(sheet, wanted[sheet] - here[sheet], "is missing")


def named(sheet: str, keys: Iterable[Key], what: str) -> Iterator[str]:
    """One line for each."""
    return (f"{sheet}: {kind} {id} {what}" for kind, id in sorted(keys))


def heads_that_differ(session: Session) -> Iterator[str]:
    """Sheets whose count or digest is not that of the rows that stand in them."""
    sums: dict[str, tuple[int, int]] = {}
    query = select(sheet_row.c.sheet, sheet_row.c.kind, sheet_row.c.id, sheet_row.c.version).where(sheet_row.c.present)
    for row in session.execute(query.execution_options(yield_per=1000)):
        count, digest = sums.get(row.sheet, (0, 0))
        sums[row.sheet] = count + 1, (digest + fingerprint(row.kind, row.id, row.version)) % 2**128
    heads = {head.sheet: (head.count, int(head.digest, 16)) for head in session.execute(select(sheet_head))}
    for sheet in sorted(sums.keys() | heads.keys()):
        if heads.get(sheet, (0, 0)) != sums.get(sheet, (0, 0)):
            yield f"{sheet} has {sums.get(sheet, (0, 0))[0]} rows"
