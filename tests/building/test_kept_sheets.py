"""What a process keeps of the sheets is what the database has, whoever changed it, and whichever snapshot is read."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.feed_tables import feed_head, seen_row, sheet_head, sheet_row
from backend.ids import new_id
from backend.inventory import ReceiveStock, RecordItem, UseStock
from backend.kept_sheets import KeptSheets, Rows
from backend.lists import Eq, List, Ne, gather
from backend.painting import Painted
from backend.shelf import Shelf
from tests.practice import Practice

SCOPE: dict[str, Any] = {"param": {}}
LISTS = [
    List("item", sort=["sort_key"]),
    List("item", where=[Eq("active", True)], sort=["sort_key"], limit=2),
    List("item", where=[Eq("abc", "B"), Ne("name", "Gauze")], sort=["-name"]),
    List("stock", where=[Ne("on_hand", 0)], sort=["expires", "sort_key"]),
    List("stock", sort=["item_id.sort_key"]),
]
SHEETS = ["items/main", "stock/*"]


def shown(practice: Practice, kept: KeptSheets | None) -> list[Any]:
    with practice.database.read() as session:
        view = Painted(Shelf(session, kept=kept)).within(SHEETS)
        known = [view.get("item", row["id"]) for row in view.rows("item")]
        return [known and sorted(known, key=lambda row: row["id"]), *(gather(one, view, SCOPE) for one in LISTS)]


def give_goods(practice: Practice) -> list[str]:
    giver, ids = practice.giver(), [new_id() for _ in range(4)]
    for id, name in zip(ids, ("Gauze", "Zoster swab", "Éponge", "gloves"), strict=True):
        giver.give(RecordItem, item_id=id, name=name, base_unit="each", abc="B")
    for number, id in enumerate(ids[:3]):
        giver.give(ReceiveStock, item_id=id, place_id=practice.cast.room, quantity=number + 1, lot=f"L{number}")
    return ids


def test_what_is_kept_follows_every_change(practice: Practice) -> None:
    kept = KeptSheets()
    assert shown(practice, kept) == shown(practice, None)
    ids, giver = give_goods(practice), practice.giver()
    assert shown(practice, kept) == shown(practice, None)
    giver.give(UseStock, item_id=ids[0], place_id=practice.cast.room, quantity=1, lot="L0")
    giver.give(RecordItem, item_id=ids[1], name="Aaa", base_unit="each", abc="C", active=False)
    assert shown(practice, kept) == shown(practice, None)
    assert shown(practice, kept)[1][0]["name"] == "Aaa"


def test_a_row_that_left_a_sheet_is_not_kept_in_it(practice: Practice) -> None:
    give_goods(practice)
    kept = KeptSheets()
    known = {"place_id": practice.cast.room, "item_id": give_goods(practice)[0]}
    practice.act("dana", "inventory.set_par", {**known, "least": 4})
    levels = List("level", sort=["sort_key"])

    def low(keeping: KeptSheets | None) -> Any:
        with practice.database.read() as session:
            return gather(levels, Painted(Shelf(session, kept=keeping)).within(SHEETS), SCOPE)

    assert len(low(kept)) == 1
    practice.act("dana", "inventory.remove_from_place", known)
    assert low(kept) == low(None) == []


def test_who_reads_an_older_snapshot_is_not_shown_what_came_later(practice: Practice) -> None:
    if not practice.database.is_sqlite or ":memory:" in practice.database.url:
        pytest.skip("one connection sees one state")
    give_goods(practice)
    kept = KeptSheets()
    with practice.database.read() as session:
        # The first question fixes what this reader sees.
        assert session.execute(sheet_head.select()).all()
        practice.giver().give(RecordItem, item_id=new_id(), name="Later", base_unit="each", abc="C")
        assert "Later" in str(shown(practice, kept))
        old = gather(LISTS[0], Painted(Shelf(session, kept=kept)).within(SHEETS), SCOPE)
        assert "Later" not in str(old)


def test_a_restored_database_is_read_afresh(practice: Practice) -> None:
    give_goods(practice)
    kept = KeptSheets()
    assert "Gauze" in str(shown(practice, kept))
    with practice.database.write() as session:
        session.execute(feed_head.update().values(epoch=new_id()))
        session.execute(seen_row.delete().where(seen_row.c.kind == "item"))
        session.execute(sheet_row.delete().where(sheet_row.c.kind == "item"))
    assert "Gauze" not in str(shown(practice, kept)[1])


def test_a_sheet_that_is_too_large_is_not_kept_and_others_give_way(practice: Practice) -> None:
    give_goods(practice)
    assert shown(practice, KeptSheets(most_in_one=3)) == shown(practice, None)
    assert shown(practice, KeptSheets(most=1)) == shown(practice, None)


VALUES = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "É", "😀"]) | st.just(["x"])


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.fixed_dictionaries({}, optional={"a": VALUES, "b": VALUES}), max_size=6), value=VALUES)
def test_kept_orders_are_those_of_the_lists(rows: list[dict[str, Any]], value: Any) -> None:
    by_id = {f"r{number}": {"id": f"r{number}", **row} for number, row in enumerate(rows)}
    held = Rows((), by_id, [by_id])

    class Plain:
        def rows(self, kind: str) -> Any:
            return by_id.values()

        def get(self, kind: str, id: str | None) -> Any:
            return by_id.get(id or "")

    class Keeping(Plain):
        def in_order(self, kind: str, sort: tuple[str, ...], name: str | None, value: Any) -> Any:
            return held.in_order(sort, name, value)

    for one in (List("x", sort=["a", "b"]), List("x", where=[Eq("a", value)], sort=["b"], limit=2)):
        assert gather(one, Keeping(), SCOPE) == gather(one, Plain(), SCOPE)
