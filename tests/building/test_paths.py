"""Paths, sheet names and forms as addresses carry them."""

import pytest

from backend import ids, paths
from tests.building.engines import ask, cases, spelled, titles


@pytest.mark.parametrize("case", cases("paths"), ids=titles)
def test_a_path_is_read_as_the_case_says(case):
    assert spelled(ask(case["question"])) == spelled(case["answer"])


@pytest.mark.parametrize("pattern", ["/checkin/{day:moon}", "/checkin/{day}-x", "/checkin/{Day}"])
def test_a_pattern_that_no_engine_knows_is_refused_where_it_is_written(pattern):
    with pytest.raises(ValueError, match=r"/checkin/"):
        paths.Path(pattern)


def test_an_address_is_never_written_with_a_hole_in_it():
    with pytest.raises(KeyError):
        paths.fill("/checkin/{day}", {})


def test_an_id_made_from_the_same_things_is_the_same_and_looks_like_any_other():
    seed = ids.new_id()
    minted = ids.mint(seed, "checkin.record_arrival", "v1")

    assert minted == ids.mint(seed, "checkin.record_arrival", "v1")
    assert minted != ids.mint(seed, "checkin.record_arrival", "v2")
    assert ids.is_id(minted)
    assert minted[:13] == seed[:13]
    assert minted[14] == "7"
    assert minted[19] in "89ab"
