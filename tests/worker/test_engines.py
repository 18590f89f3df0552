"""The worker's engines give what the server's give, for the shared cases and for thousands of drawn ones."""

import random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.building.drawn import questions
from tests.building.engines import HASHES, ask, cases, engines, spelled

FILES = ["answers", "effects", "fields", "lists", "paths", "scans", "values"]


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    assert HASHES.is_dir(), "Set up first: the worker's packages are missing."
    with engines(tmp_path_factory.mktemp("engines")) as running:
        yield running


@pytest.mark.parametrize("file", FILES)
def test_the_worker_answers_every_shared_case(node, file):
    given = cases(file)

    answered = node.ask({"all": [case["question"] for case in given]})

    wrong = [
        (case["title"], case["answer"], got)
        for case, got in zip(given, answered, strict=True)
        if spelled(got) != spelled(case["answer"])
    ]
    assert wrong == []


def test_both_engines_agree_on_whatever_is_drawn(node):
    drawn = []

    @settings(max_examples=250, phases=[Phase.generate], database=None, deadline=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.lists(questions, min_size=4, max_size=4))
    def draw(some):
        drawn.extend(some)

    draw()
    answered = node.ask({"all": drawn})

    both = [(question, ask(question), got) for question, got in zip(drawn, answered, strict=True)]
    differing = [(question, one, other) for question, one, other in both if spelled(one) != spelled(other)]
    assert differing[:3] == []


def test_two_hundred_waiting_commands_and_fifty_thousand_patients_are_no_delay(node):
    ids = [f"p{n}" for n in random.Random(2).sample(range(50_000), 200)]
    commands = {"rename": {"effect": [{"op": "patch", "kind": "patient", "id": {"$": "field.id"}, "values": {"a": 1}}]}}
    pending = [{"command_id": id, "command": "rename", "fields": {"id": id}} for id in ids]

    [taken] = node.ask({"all": [{"ask": "speed", "pending": pending, "commands": commands, "ranks": {}}]})

    # Milliseconds of processor time: ten while somebody types, and a repaint that nobody sees.
    assert taken["matches"] < 20, taken
    assert taken["paint"] < 10, taken
