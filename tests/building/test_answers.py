"""What a page and a post answer, from the same declarations in both engines."""

import json

import pytest

from tests.building.engines import ask, cases, spelled, titles

CASES = {case["title"]: case for case in cases("answers")}


@pytest.mark.parametrize("case", cases("answers"), ids=titles)
def test_a_page_and_a_post_answer_as_the_case_says(case):
    assert spelled(ask(case["question"])) == spelled(case["answer"])


def answered(title: str) -> tuple[int, dict, str]:
    status, headers, body = ask(CASES[title]["question"])
    return status, headers, body


def shown(body: str, template: str) -> dict:
    return json.loads(body.removeprefix(f"<{template}>").split(f"</{template}>")[0])


def test_a_tap_is_answered_with_the_row_that_was_tapped_and_the_counts_beside_it():
    status, _, body = answered("an arrival answered with its parts")

    assert status == 200
    assert shown(body, "_visit")["visit"]["status"] == "arrived"
    assert shown(body, "_visit")["visits"] == []
    beside = body.split("</_visit>")[1]
    assert beside.startswith('<hx-partial hx-target="#counts" hx-swap="outerMorph"><_counts>')
    assert shown(beside[beside.index("<_counts>") :], "_counts")["counts"] == {"booked": 0, "arrived": 1}


def test_a_browser_without_a_script_is_sent_to_the_page_it_belongs_to():
    assert answered("an arrival without a script goes back to the board") == (
        303, {"Location": "/checkin/2026-11-23"}, "",
    )  # fmt: skip


@pytest.mark.parametrize(("asked", "template"), [("part", "_walk_in_form"), ("page", "walk_in")])
def test_a_form_that_cannot_be_read_comes_back_with_what_was_typed(asked, template):
    status, _, body = answered(f"a registration without a name (en, {asked})")

    assert status == 422
    assert shown(body, template)["form"] == {
        "command": "checkin.register_walk_in",
        "values": {"visit_id": "", "family": "", "tags": ["b"], "q": ["r", "s"]},
        "complaints": {"family": "Please fill in Last name."},
        "complaint": "Some fields need another look.",
    }


def test_a_page_looks_up_only_what_its_own_sheets_hold():
    _, _, body = answered("the board of another day, filtered, in Spanish")

    assert shown(body, "board")["patients"] == {}
    assert shown(body, "board")["param"] == {
        "day": "2026-11-24", "provider": "", "q": "ruiz", "status": ["arrived", "booked"],
    }  # fmt: skip


def test_the_same_form_sent_twice_is_the_same_command_making_the_same_things():
    question = CASES["a registration without a name (en, part)"]["question"]
    post, form = question["arguments"]["post"], question["arguments"]["form"]
    again = {"ask": "post", "manifest": question["manifest"], "post": post, "params": {}, "scope": question["scope"]}

    first, second = ask({**again, "form": form}), ask({**again, "form": form})

    assert first["command_id"] == form["_command_id"][0]
    assert first["new"].keys() == {"visit", "patient"}
    assert first == second
