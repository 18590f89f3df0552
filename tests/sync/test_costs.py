"""What a sync asks of the database: nothing twice."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tests.practice import Practice


@contextmanager
def asked_of(practice: Practice) -> Iterator[list[str]]:
    """Every statement that is run meanwhile."""
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(practice.database.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(practice.database.engine, "before_cursor_execute", hear)


def test_a_sync_asks_for_its_device_and_site_once_and_an_arrival_for_its_visit_once_more_when_it_is_shown(
    practice: Practice,
) -> None:
    tablet = practice.tablet("Tablet 1")
    tablet.sync()
    with asked_of(practice) as nothing:
        tablet.sync()
    tables = Counter(statement.split("FROM ")[1].split()[0] for statement in nothing if "FROM " in statement)
    assert tables == dict.fromkeys(tables, 1) | {"feed_head": 2}
    with asked_of(practice) as one:
        tablet.sync([tablet.command("checkin.record_arrival", {"visit_id": practice.visits["alma"]})])
    tables = Counter(
        statement.split("FROM ")[1].split()[0] for statement in one if statement.startswith("SELECT visit")
    )
    assert tables == {"visit": 2, "visit_event": 2}
