"""What a camera sees becomes scans: surely read, and one for each label that is held before it."""

from collections.abc import Iterator

import pytest

from tests.worker.node import WORKER, Node

ITEM, OTHER = "00812444023879", "4006381333931"
ASKING = """
import { sightings } from "./sightings.js";
export function answer(frames) {
  const see = sightings("2026-11-23");
  return frames.map(([now, codes]) => see(codes, now));
}
"""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    source = (WORKER.parent / "scripts" / "sightings.js").read_text(encoding="utf-8").replace("../worker/", "./")
    with Node(tmp_path_factory.mktemp("sightings") / "worker", {"answer.js": ASKING, "sightings.js": source}) as node:
        yield node


def flat(text: str) -> dict:
    return {"text": text, "flat": True}


def square(text: str) -> dict:
    return {"text": text, "flat": False}


def test_a_code_of_bars_is_taken_at_its_second_equal_frame(node: Node) -> None:
    assert node.ask([[0, [flat(OTHER)]], [50, [flat(ITEM)]], [100, [flat(ITEM)]]]) == [None, None, ITEM]


def test_a_square_code_is_taken_at_once_and_only_once_while_it_stays(node: Node) -> None:
    frames = [[at, [square(ITEM)]] for at in range(0, 3000, 50)]
    assert [text for text in node.ask(frames) if text] == [ITEM]


def test_the_next_package_of_the_same_item_counts_when_the_first_had_left(node: Node) -> None:
    assert node.ask([[0, [square(ITEM)]], [50, []], [1000, [square(ITEM)]]]) == [ITEM, None, ITEM]


def test_of_one_label_the_code_that_says_most_is_taken_and_the_others_are_not(node: Node) -> None:
    full = f"(01){ITEM}(10)A"
    both = [flat(ITEM), square(full)]
    frames = [[0, both], [50, both], [100, [flat(ITEM)]], [150, [flat(ITEM)]]]
    assert node.ask(frames) == [full, None, None, None]


def test_a_second_code_with_a_lot_alone_is_no_scan(node: Node) -> None:
    assert node.ask([[0, [square("]C110LOT")]], [50, [square("]C110LOT")]]]) == [None, None]
