"""A new secret on the ring: what is kept is sealed under it, and a rotation that was cut off goes on where it was."""

import base64
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Column, LargeBinary, String, Table, insert, select, update

from backend.database import Base
from backend.keyring import Keyring, Unsealable, fresh_secret, open_keyring, read_ring
from backend.rotating import SEALED, Sealed, rotate
from backend.settings import Settings
from tests.files.sending import cabinet, id_of, picture, send_whole
from tests.practice import Practice

COLUMN = Sealed("planted_secret", "sealed", "planted", "owner_id")


@pytest.fixture
def planted(practice: Practice) -> Iterator[Table]:
    """A table with a sealed column, as a room would have it."""
    columns = [
        Column("id", String(10), primary_key=True),
        Column("owner_id", String(10)),
        Column("sealed", LargeBinary),
    ]
    table = Table("planted_secret", Base.metadata, *columns)
    table.create(practice.database.engine)
    with practice.database.write() as session:
        for who in ("ana", "ben"):
            sealed = practice.office.keyring.seal("planted", who.encode(), who)
            session.execute(insert(table).values(id=f"1{who}", owner_id=who, sealed=sealed))
        session.execute(insert(table).values(id="none", owner_id="cleo", sealed=None))
    yield table
    table.drop(practice.database.engine)
    Base.metadata.remove(table)


def values(practice: Practice, table: Table) -> dict[str, bytes]:
    with practice.database.read() as session:
        query = select(table.c.owner_id, table.c.sealed).where(table.c.sealed.is_not(None))
        return dict(session.execute(query).all())  # type: ignore[arg-type]


def ring_of(practice: Practice) -> Keyring:
    return open_keyring(practice.office.settings)


def all_current(practice: Practice, table: Table) -> bool:
    ring = ring_of(practice)
    parts = [path.read_bytes() for path in cabinet(practice).every_part()]
    return all(map(ring.is_current, [*parts, *values(practice, table).values()]))


def test_everything_is_under_the_new_secret_and_still_opens(practice: Practice, planted: Table) -> None:
    photo = picture(300_000)
    send_whole(practice.tablet("Tablet 1"), photo)
    old, said = ring_of(practice), []
    assert rotate(practice.office.settings, said.append, [COLUMN]) == 0
    ring = ring_of(practice)
    assert len(ring.secrets) == 2
    assert ring.current != old.current
    assert all_current(practice, planted)
    after = values(practice, planted)
    assert {who: ring.open("planted", sealed, who) for who, sealed in after.items()} == {"ana": b"ana", "ben": b"ben"}
    practice.office = dataclasses.replace(practice.office, keyring=ring)
    assert b"".join(cabinet(practice).read(id_of(photo), 2)) == photo
    assert "parts of files: 2 sealed again" in said
    assert "planted_secret.sealed: 2 sealed again" in said
    with pytest.raises(Unsealable):
        old.open("planted", after["ana"], "ana")


def test_a_rotation_that_was_killed_goes_on_with_the_same_secret(practice: Practice, planted: Table) -> None:
    photo = picture(600_000)
    send_whole(practice.tablet("Tablet 1"), photo)

    class Killed(Exception):
        pass

    def die(line: str) -> None:
        if line.startswith("parts of files"):
            raise Killed

    with pytest.raises(Killed):
        rotate(practice.office.settings, die, [COLUMN])
    first = ring_of(practice)
    assert len(first.secrets) == 2
    assert not all_current(practice, planted)
    assert rotate(practice.office.settings, lambda _: None, [COLUMN]) == 0
    assert ring_of(practice).secrets == first.secrets
    assert all_current(practice, planted)
    assert rotate(practice.office.settings, lambda _: None, [COLUMN]) == 0
    assert len(ring_of(practice).secrets) == 3


def test_killed_between_two_parts_it_goes_on_with_the_rest(practice: Practice, planted: Table) -> None:
    send_whole(practice.tablet("Tablet 1"), picture(600_000))
    rotate(practice.office.settings, lambda _: None, [COLUMN])
    ring, old = ring_of(practice), practice.office.keyring
    path = list(cabinet(practice).every_part())[1]
    about = f"{path.parent.name}/{path.name}"
    path.write_bytes(old.seal("file", ring.open("file", path.read_bytes(), about), about))
    said: list[str] = []
    assert rotate(practice.office.settings, said.append, [COLUMN]) == 0
    assert "parts of files: 1 sealed again" in said
    assert ring_of(practice).secrets == ring.secrets


def test_what_does_not_open_is_named_by_its_id_and_left_alone(practice: Practice, planted: Table) -> None:
    with practice.database.write() as session:
        session.execute(update(planted).where(planted.c.owner_id == "ben").values(sealed=b"rubbish" * 9))
    said: list[str] = []
    assert rotate(practice.office.settings, said.append, [COLUMN]) == 1
    assert "  ben cannot be opened, and was left as it is" in said
    assert values(practice, planted)["ben"] == b"rubbish" * 9
    assert len(ring_of(practice).secrets) == 2
    assert ring_of(practice).is_current(values(practice, planted)["ana"])


def test_secrets_in_the_settings_are_not_ours_to_change(practice: Practice, planted: Table, tmp_path: Path) -> None:
    first = read_ring(practice.office.settings.key_path)[0]
    texts = [base64.b64encode(secret).decode() for secret in (first, fresh_secret())]
    said: list[str] = []
    one = msgspec.structs.replace(practice.office.settings, key=texts[0])
    assert rotate(one, said.append, [COLUMN]) == 1
    assert "DAYSHEET_KEY" in said[0]
    both = msgspec.structs.replace(one, key=" ".join(texts))
    assert rotate(both, said.append, [COLUMN]) == 0
    assert all(map(open_keyring(both).is_current, values(practice, planted).values()))
    assert read_ring(practice.office.settings.key_path) == [first]


@pytest.mark.parametrize("column", SEALED or [None], ids=str)
def test_every_sealed_column_is_there(column: Sealed | None) -> None:
    for one in [column] if column else []:
        table = Base.metadata.tables[one.table]
        assert {one.column, one.bound} <= set(table.c.keys())


def test_settings_name_the_ring(tmp_path: Path) -> None:
    assert Settings(data=tmp_path).key_path == tmp_path / "daysheet.key"
