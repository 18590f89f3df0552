"""Rows of counts as Hypothesis draws them, so that tasks, tallies and lines often meet."""

from typing import Any

from hypothesis import strategies as st

# Where each kind stands; ME is who reads.
IN_COUNTS = {
    "count": "counts/main", "count_place": "counts/main", "count_task": "counts/main",
    "count_review": "counted/main", "count_finding": "counted/main", "count_settings": "counted/main",
    "count_accuracy": "counted/main", "late_movement": "counted/main",
    **dict.fromkeys(("tally", "count_line", "stray", "count_stand"), "count-lines/COUNT/ME"),
}  # fmt: skip
STATES = ["open", "recount", "review", "posted", "rejected", "not_counted", "superseded", "later"]


def counts(id: Any, text: Any, flag: Any, date: Any, instant: Any, ids: list[str]) -> dict[str, Any]:
    """The bodies of every kind, by its name."""
    few, number = st.sampled_from(ids[:3]), st.integers(0, 900)
    where = {"count_id": few, "place_id": few, "item_id": few}
    undo = {"last_command": st.none() | text, "last_command_id": st.none() | id, "can_undo": flag}
    seen = {"by": st.sampled_from(ids[1:4]), "seen_at": instant, "submitted": flag, **undo}
    lot = st.just("") | text
    return {
        "count": st.fixed_dictionaries({
            "site_id": st.just("main"), "count_kind": st.sampled_from(["full", "cycle", "spot", "later"]),
            "title": text, "state": st.sampled_from(["open", "open", "done", "cancelled"]),
            "place_id": st.none() | few, "item_id": st.none() | few, "due": st.none() | date, "asked_by": id,
            "asked_at": instant, "total": number, "done": number, "recount": number, "review": number,
            "strays": number, "sort_key": text,
        }),
        "count_place": st.fixed_dictionaries({
            "count_id": few, "place_id": few, "taken_by": st.none() | st.sampled_from(ids[1:4]),
            "taken_at": st.none() | instant, "handed_in_by": st.none() | id, "handed_in_at": st.none() | instant,
            "total": number, "done": number, "sort_key": text,
        }),
        "count_stand": st.fixed_dictionaries({"count_id": few, "place_id": few, "by": st.sampled_from(ids[1:4])}),
        "count_task": st.fixed_dictionaries({
            **where, "state": st.sampled_from(STATES), "listed": flag, "sort_key": text, "search": text,
        }),
        "tally": st.fixed_dictionaries({**where, "none": flag, **seen}),
        "count_line": st.fixed_dictionaries({
            **where, "tally_id": few, "unit": text, "lot": lot, "expires": st.none() | date, "quantity": number,
            "before": number, **seen,
        }),
        "stray": st.fixed_dictionaries({
            "count_id": few, "place_id": few, "said": text, "quantity": number, "before": number, **seen,
        }),
        "count_review": st.fixed_dictionaries({
            **where, "state": st.sampled_from(STATES), "listed": flag,
            "why": st.none() | st.sampled_from(["expiring", "later"]), "settled_at": st.none() | instant,
            "sort_key": text, "alike": st.integers(0, 3), "seen_until": st.none() | instant, "known_since": instant,
        }),
        "count_accuracy": st.fixed_dictionaries({"lines": number, "within": number, "percent_text": text}),
        "late_movement": st.fixed_dictionaries({
            "spot": st.tuples(few, few).map("/".join), "lot": lot, "quantity_text": text, "is_undoing": flag,
            "movement_kind": st.sampled_from(["used", "received", "later"]), "by": st.sampled_from(ids[1:4]),
            "happened_at": instant, "happened_about": flag, "received_at": instant,
        }),
        "count_finding": st.fixed_dictionaries({
            "count_id": few, "task_id": few, "number": number, "lot": lot, "by": id, "by_name": text, "counted": text,
            "found": number, "expected": number, "variance": number, "variance_text": text,
            "value_cents": st.none() | number, "outcome": st.sampled_from(["matches", "within", "beyond"]),
            "seen_at": instant, "seen_about": flag, "handed_in_at": instant, "posted": flag, "sort_key": text,
        }),
        "count_settings": st.fixed_dictionaries({
            name: st.integers(0, 400)
            for name in ("a_percent", "b_percent", "c_percent", "unit_floor", "value_cents", "a_days", "b_days",
                         "c_days")
        }),
    }  # fmt: skip
