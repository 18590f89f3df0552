"""The tolerances of counts are a manager's to change, against what they saw."""

from tests.counts.cast import Counting

TAG = "counts.change_tolerances"
SAID = {
    "a_percent": 1, "b_percent": 3, "c_percent": 5, "unit_floor": 1, "value_cents": 2500, "a_days": 91, "b_days": 182,
    "c_days": 365,
}  # fmt: skip


def test_every_site_begins_with_what_the_office_lays_out(counting: Counting) -> None:
    assert counting.practice.giver is not None
    row = counting.practice.row("count_settings", "main")
    assert row is not None
    assert {name: row[name] for name in SAID} == SAID
    done = counting.practice.act("maria", "counts.furnish", {"site_id": "main"})
    assert done.outcome in ("held", "refused")


def test_stricter_tolerances_hold_for_what_is_handed_in_from_then_on(counting: Counting) -> None:
    assert counting.practice.act("maria", TAG, {**SAID, "b_percent": 0, "unit_floor": 0}).outcome == "applied"
    counting.sees("dana", counting.gloves, 199)
    counting.does("dana", "submit")
    assert counting.task(counting.gloves) == "recount"


def test_what_is_dear_is_looked_at_though_it_is_a_small_part(counting: Counting) -> None:
    counting.practice.act("maria", TAG, {**SAID, "value_cents": 20})
    counting.sees("dana", counting.gloves, 197)
    counting.does("dana", "submit")
    assert counting.task(counting.gloves) == "recount"


def test_by_form_with_what_was_shown_and_held_when_somebody_was_faster(counting: Counting) -> None:
    browser = counting.practice.browser("maria")
    shown = {f"_was.{name}": str(number) for name, number in SAID.items()} | {"_was.value_cents": "$25.00"}
    form = {name: str(number) for name, number in SAID.items()} | {"value_cents": "$30.00", **shown}
    assert browser.post("/counts/tolerances", form).status_code == 303
    assert counting.practice.row("count_settings", "main")["value_cents"] == 3000  # type: ignore[index]
    again = counting.practice.act("maria", TAG, {**SAID, "value_cents": 9900}, was={"value_cents": 2500})
    assert (again.outcome, again.code) == ("held", "changed")
    same = counting.practice.act("maria", TAG, {**SAID, "value_cents": 3000})
    assert same.outcome == "noop"
    assert counting.practice.act("dana", TAG, SAID).outcome in ("held", "refused")


def test_a_percentage_that_is_none_gets_a_sentence(counting: Counting) -> None:
    answer = counting.practice.browser("maria").post(
        "/counts/tolerances", {name: str(number) for name, number in SAID.items()} | {"a_percent": "many"}
    )
    assert answer.status_code == 422
    assert 'value="many"' in answer.text
