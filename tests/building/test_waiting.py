"""The frozen case of a waiting command: what a hash binds, and how a difference is told."""

import pytest

from backend.waiting import Change, FrozenCase, case_for, difference, hash_of
from tests.approvals.cast import Rename

CASE = FrozenCase(title="Another name", amount=100, changes=(Change("Name", "Alma", "Alba"),), evidence=("Card",))
FIELDS = {"name": "Alba", "cost": 100}


def test_the_same_content_has_the_same_hash_in_any_order() -> None:
    backwards = dict(reversed(FIELDS.items()))
    assert hash_of("trial.rename", FIELDS, CASE) == hash_of("trial.rename", backwards, CASE)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (FrozenCase(title="x", amount=100, changes=CASE.changes, evidence=("Card",)), "Another name → x"),
        (FrozenCase(title="Another name", changes=CASE.changes, evidence=("Card",)), "The amount is another"),
        (
            FrozenCase(title="Another name", amount=100, changes=(Change("Name", "A", "Alba"),), evidence=("Card",)),
            "Name: Alma → Alba, now A → Alba",
        ),
        (FrozenCase(title="Another name", amount=100, changes=CASE.changes), "No longer: Card"),
        (FrozenCase(title="Another name", amount=100, changes=CASE.changes, evidence=("Card", "b")), "New: b"),
    ],
)
def test_whatever_differs_is_another_hash_and_is_told(other: FrozenCase, told: str) -> None:
    assert hash_of("trial.rename", FIELDS, CASE) != hash_of("trial.rename", FIELDS, other)
    assert difference(CASE, other) == [told]
    assert difference(CASE, CASE) == []


def test_a_kind_of_command_has_one_case() -> None:
    with pytest.raises(ValueError, match="Rename has two cases"):
        case_for(Rename, title="Twice")(lambda rename, work: CASE)
