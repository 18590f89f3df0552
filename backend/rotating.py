"""Rotating the key: a new secret on the ring, and whatever the office keeps sealed is sealed again under it.

May be killed at any moment and run again: a new secret is added only when everything is under the newest one, and
each thing is read back before the new seal takes the old one's place.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import Table, select, update

from backend.app import build_front, open_office
from backend.clock import Clock
from backend.database import Base, Database
from backend.feed import chunks
from backend.files import Cabinet
from backend.keyring import Keyring, Unsealable, fresh_secret, open_keyring, read_ring, write_ring
from backend.serving import Office
from backend.settings import Settings

Say = Callable[[str], None]


class Sealed(NamedTuple):
    """A column of bytes that the keyring sealed: for which purpose, and the column whose text each value is tied to."""

    table: str
    column: str
    purpose: str
    bound: str


# One line for each sealed column of the database. A column that is missing here is lost when an old secret goes.
SEALED: list[Sealed] = [
    Sealed("authenticator_app", "sealed", "totp", "staff_id"),
    Sealed("authenticator_app", "offered", "totp", "staff_id"),
]
IN_THE_SETTINGS = (
    "The office’s secrets are in DAYSHEET_KEY, which only you can change. Put a new one at its end, after a space; "
    "openssl rand -base64 32 makes one. Then run this again, and what is kept is sealed under it."
)


def rotate(settings: Settings, say: Say = print, columns: Sequence[Sealed] = SEALED) -> int:
    """Do it, and say what was done; 1 when something could not be opened, and was left as it was."""
    office = open_office(settings, Clock(), Database(settings.database_url), build_front(settings.web))
    try:
        ring = office.keyring
        if is_done(office, ring, columns):
            if settings.key:
                say(IN_THE_SETTINGS)
                return 1
            write_ring(settings.key_path, [*read_ring(settings.key_path), fresh_secret()])
            ring = open_keyring(settings)
            say(f"A new secret is on the ring in {settings.key_path}. Copy that file to where its copy is kept.")
        return seal_everything(office, ring, columns, say)
    finally:
        office.database.close()


def is_done(office: Office, ring: Keyring, columns: Sequence[Sealed]) -> bool:
    """Whether nothing waits from a rotation that was cut off. What no secret opens waits for nothing."""
    cabinet = Cabinet(office.settings.data, ring)
    if any(cabinet.waits(path) for path in cabinet.every_part()):
        return False
    return not any(
        opens(ring, column, bound, value) for column in columns for bound, value in values_to_seal(office, ring, column)
    )


def opens(ring: Keyring, column: Sealed, bound: str, value: bytes) -> bool:
    """Whether some secret of the ring opens it."""
    try:
        ring.open(column.purpose, value, bound)
    except Unsealable:
        return False
    return True


def seal_everything(office: Office, ring: Keyring, columns: Sequence[Sealed], say: Say) -> int:
    """Files first, then each column; one line for each."""
    lost = 0
    cabinet = Cabinet(office.settings.data, ring)
    sealed = 0
    for path in cabinet.every_part():
        try:
            sealed += cabinet.seal_again(path)
        except (OSError, Unsealable):
            lost += 1
            say(f"  {path} cannot be opened, and was left as it is")
    say(f"parts of files: {sealed} sealed again")
    for column in columns:
        done, closed = seal_column(office, ring, column)
        lost += len(closed)
        say(f"{column.table}.{column.column}: {done} sealed again")
        for id in closed:
            say(f"  {id} cannot be opened, and was left as it is")
    say("Older secrets stay on the ring: what devices sealed to them may still be on its way.")
    return 1 if lost else 0


def seal_column(office: Office, ring: Keyring, column: Sealed) -> tuple[int, list[str]]:
    """Seal a column's values again, each only if nobody changed it meanwhile; how many, and whose did not open."""
    table = table_of(column)
    value = table.c[column.column]
    done, closed = 0, []
    for some in chunks(sorted({bound for bound, _ in values_to_seal(office, ring, column)})):
        with office.database.write() as session:
            query = select(*table.primary_key, value, table.c[column.bound].label("bound")).where(
                table.c[column.bound].in_(some), value.is_not(None)
            )
            for row in list(session.execute(query.with_for_update())):
                old = row._mapping[value]
                if ring.is_current(old):
                    continue
                try:
                    plain = ring.open(column.purpose, old, str(row.bound))
                except Unsealable:
                    closed.append(str(row.bound))
                    continue
                new = ring.seal(column.purpose, plain, str(row.bound))
                if ring.open(column.purpose, new, str(row.bound)) != plain:
                    raise Unsealable()
                here = [key == row._mapping[key] for key in table.primary_key]
                session.execute(update(table).where(*here).values({value: new}))
                done += 1
    return done, closed


def values_to_seal(office: Office, ring: Keyring, column: Sealed) -> list[tuple[str, bytes]]:
    """The values that are not under the newest secret, each after what it is tied to."""
    table = table_of(column)
    query = select(table.c[column.bound], table.c[column.column]).where(table.c[column.column].is_not(None))
    with office.database.read() as session:
        return [(str(bound), value) for bound, value in session.execute(query) if not ring.is_current(value)]


def table_of(column: Sealed) -> Table:
    """The table, by its name."""
    return Base.metadata.tables[column.table]
