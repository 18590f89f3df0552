"""Rows of the supply room as Hypothesis draws them, for the pages that both renderers show."""

from typing import Any

from hypothesis import strategies as st

UNITS = ["each", "box of 12", "case <24>"]


def goods(id: Any, text: Any, flag: Any, date: Any) -> dict[str, Any]:
    """The bodies of every kind, by its name."""
    named = {"site_id": st.just("main"), "active": flag, "search": text, "sort_key": text}
    number = st.integers(0, 900)
    return {
        "item": st.fixed_dictionaries({
            **named, "name": text, "base_unit": st.sampled_from(UNITS),
            "units": st.lists(st.sampled_from(UNITS), min_size=1, max_size=3, unique=True),
            "cost_cents": st.none() | number, "abc": st.sampled_from("ABC"),
            "has_lots": flag, "has_expiry": flag, "controlled": flag,
        }),
        "pack": st.fixed_dictionaries({"item_id": id, "name": st.sampled_from(UNITS), "holds": st.integers(2, 99)}),
        "code": st.fixed_dictionaries({
            "item_id": id, "code": text, "unit": st.sampled_from(UNITS),
            "warning": st.sampled_from([None, "check_digit", "later"]),
        }),
        "place": st.fixed_dictionaries({
            **named, "room_id": id, "parent_id": st.none() | id, "kind": st.sampled_from(["room", "cabinet", "bin"]),
            "name": text, "path": text, "label": st.just("PL-0123456789"),
        }),
        "belonging": st.fixed_dictionaries({
            "place_id": id, "item_id": id, "least": st.none() | number, "most": st.none() | number,
        }),
        "stock": st.fixed_dictionaries({
            "room_id": id, "place_id": id, "item_id": id, "lot": st.just("") | text, "on_hand": st.integers(-5, 900),
            "expires": st.none() | date, "fefo": text, "search": text, "sort_key": text,
        }),
        "level": st.fixed_dictionaries({
            "room_id": id, "place_id": id, "item_id": id, "least": st.none() | number, "most": st.none() | number,
            "on_hand": st.integers(-5, 900), "is_low": flag, "short": st.integers(-900, 900),
            "search": text, "sort_key": text,
        }),
    }  # fmt: skip
