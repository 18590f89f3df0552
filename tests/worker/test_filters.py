"""Every filter gives the same in both languages, and time zones keep their hours."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.dialect import kind
from backend.filters import FILTERS
from backend.words import STATUS_WORDS, words
from backend.zones import BEGINNING, transitions
from tests.worker.node import Node

SHARED = json.loads((Path(__file__).parents[1] / "cases" / "filters.json").read_text(encoding="utf-8"))
TABLES = {"status_words": STATUS_WORDS, "seed": SHARED["seed"], "bearer": SHARED["bearer"]}

ANSWER = """
import { filters } from "./filters.js";
export function answer([name, context, value, given]) {
  if (name === null) return Object.keys(filters);
  try {
    return { gives: filters[name](context, value, ...given) };
  } catch (error) {
    return { raises: true };
  }
}
"""


@pytest.fixture(scope="module")
def device(tmp_path_factory):
    with Node(tmp_path_factory.mktemp("filters") / "worker", {"answer.js": ANSWER}) as node:
        yield node


def context_of(case: dict) -> dict:
    zone = case.get("zone", "America/New_York")
    return {
        "now": case.get("now", SHARED["now"]),
        "zone": {"name": zone, "transitions": SHARED["zones"][zone]},
        "language": case.get("language", "en"),
        "words": case.get("words", {}),
        **TABLES,
    }


def on_the_server(name, context, value, arguments):
    try:
        return {"gives": FILTERS[name][0](context, value, *arguments)}
    except ValueError:
        return {"raises": True}


def test_every_shared_case_gives_what_it_says_on_the_server():
    for case in SHARED["cases"]:
        said = on_the_server(case["filter"], context_of(case), case["value"], case.get("arguments", []))
        assert said == expected(case), case


def test_every_shared_case_gives_what_it_says_on_the_device(device):
    for case in SHARED["cases"]:
        said = device.ask([case["filter"], context_of(case), case["value"], case.get("arguments", [])])
        assert said == expected(case), case


def test_both_languages_have_the_same_filters_and_each_has_its_cases(device):
    assert sorted(device.ask([None, None, None, None])) == sorted(FILTERS)
    assert {case["filter"] for case in SHARED["cases"]} == set(FILTERS)


def expected(case: dict) -> dict:
    return {"raises": True} if case.get("raises") else {"gives": case["gives"]}


DATES = st.dates(date(1800, 1, 1), date(2999, 12, 31)).map(str)
INSTANTS = st.builds("{}T{}Z".format, DATES, st.times().map(lambda at: at.isoformat(timespec="milliseconds")))
WORDS = st.text(max_size=12)


@given(
    instant=INSTANTS, born=DATES, word=WORDS, number=st.integers(-(2**53) + 1, 2**53 - 1), now=INSTANTS,
    language=st.sampled_from(["en", "es"]), zone=st.sampled_from(sorted(SHARED["zones"])),
)  # fmt: skip
def test_whatever_is_stored_both_languages_say_the_same(device, instant, born, word, number, now, language, zone):
    context = context_of({"now": now, "language": language, "zone": zone})
    context["words"] = words(language)
    for name in ("clock", "day", "date", "birth_date", "age", "minutes_since"):
        for value in (instant, born, word):
            same(device, name, context, value)
    for name in ("duration", "money"):
        same(device, name, context, number)
    same(device, "plural", context, number, word, "visits")
    for name in ("t", "status_word", "phone", "length"):
        same(device, name, context, word)
    same(device, "mint", context, word, "checkin.record_arrival")
    same(device, "lasting", context, SHARED["seed"], word)
    same(device, "join", context, [word, number, born], word)


def same(device, name, context, value, *arguments):
    here = on_the_server(name, context, value, arguments)
    assert device.ask([name, context, value, list(arguments)]) == here, (name, value)


@given(
    hour=st.integers(0, 11 * 365 * 24),
    name=st.sampled_from([
        "America/New_York", "America/Phoenix", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe",
        "Africa/Casablanca", "Europe/Dublin", "Pacific/Apia", "UTC",
    ]),
)  # fmt: skip
def test_a_zones_table_agrees_with_the_zone_at_every_hour(hour, name):
    at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
    table = transitions(name, 2020, 2030)
    offset = [minutes for since, minutes in table if since <= at.timestamp() * 1000][-1]
    assert timedelta(minutes=offset) == at.astimezone(ZoneInfo(name)).utcoffset()


def test_new_york_changes_its_clocks_at_two_in_the_morning():
    assert transitions("America/New_York", 2026, 2026) == (
        (BEGINNING, -300),
        (int(datetime(2026, 3, 8, 7, tzinfo=UTC).timestamp()) * 1000, -240),
        (int(datetime(2026, 11, 1, 6, tzinfo=UTC).timestamp()) * 1000, -300),
    )


def test_lord_howe_moves_by_half_an_hour_and_kathmandu_never():
    assert [minutes for _, minutes in transitions("Australia/Lord_Howe", 2026, 2026)] == [660, 630, 660]
    assert transitions("Asia/Kathmandu", 2026, 2026) == ((BEGINNING, 345),)


def test_a_change_of_clocks_in_the_last_hours_of_the_years_asked_for_is_there():
    assert transitions("Pacific/Apia", 2011, 2011)[-1] == (1325239200000, 840)


def test_only_whole_numbers_that_both_languages_hold_are_values():
    assert kind(2**53 - 1) == "integer"
    for value in (2**53, 1.0, float("nan")):
        with pytest.raises(ValueError, match="a template has no"):
            kind(value)


def test_every_status_word_is_also_there_in_spanish():
    assert set(STATUS_WORDS.values()) <= set(words("es"))
    assert words("en") == {}
