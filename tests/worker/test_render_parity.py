"""Generated rows, kind or hostile, give the same bytes or the same complaint on the server and on the device."""

import re
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.dialect import DialectError
from backend.templates import Templates
from backend.words import STATUS_WORDS, words
from tests.worker.node import Node
from tests.worker.test_filters import DATES, INSTANTS
from tests.worker.test_templates import ANSWER, PAGE, folder_of, on_the_server

FOLDER = Path(__file__).parents[1] / "cases" / "templates"
WILD = (FOLDER / "wild.html").read_text(encoding="utf-8")
TOP = "".join(re.findall(r"{% macro.*?endmacro %}\n", WILD, re.DOTALL))
AWKWARD = st.sampled_from(
    ["", " ", "<b>", "&amp;", "\"'", "😀👩🏽‍⚕️", "\x00\x1f\x7f", "a\r\n\u2028b", "O’Neil", "constructor", "\uffff", "😀"]
)
TEXT = AWKWARD | st.text(max_size=8)
PLAIN = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.integers(0, 2) | TEXT | INSTANTS
KEYS = st.sampled_from(["key", "family", "__proto__", "toString", "1"]) | TEXT
ANYTHING = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)
EACH = """
export function answer([modules, context]) {
  return Promise.all(modules.map((module) => one([`./${module}`, "page.html", context])));
}
"""
# The fastest of many, because a busy machine says nothing about the page. The worker holds its look-ups in Maps.
TIMING = """
import { templates } from "./board.js";
export function answer(context) {
  context.patients = new Map(Object.entries(context.patients));
  let html, fastest = Infinity;
  for (let time = 0; time < 50; time++) {
    const started = performance.now();
    html = templates["board/page.html"](context);
    fastest = Math.min(fastest, performance.now() - started);
  }
  return [html, fastest];
}
"""
SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PATIENT = st.fixed_dictionaries({
    "family": TEXT, "given": st.none() | TEXT, "birth_date": DATES, "phone": TEXT | st.just("5550101234"),
})  # fmt: skip
VISIT = st.fixed_dictionaries({
    "id": TEXT, "patient_id": st.sampled_from(["p1", "p2"]), "starts_at": INSTANTS, "arrived_at": st.none() | INSTANTS,
    "status": st.sampled_from(sorted(STATUS_WORDS)), "room": st.none() | TEXT, "is_new": st.booleans(),
    "balance": st.integers(-(10**9), 10**9), "flags": st.lists(TEXT, max_size=3),
})  # fmt: skip
BOARD = st.fixed_dictionaries({
    "title": TEXT, "day": DATES, "now": INSTANTS, "query": TEXT, "complaint": TEXT,
    "status": st.sampled_from(["", "arrived"]), "tags": st.lists(TEXT | st.integers(0, 9), max_size=3),
    "visits": st.lists(VISIT, max_size=4), "patients": st.fixed_dictionaries({"p1": PATIENT, "p2": PATIENT}),
    "language": st.sampled_from(["en", "es"]),
})  # fmt: skip
ALIKE = st.one_of(
    st.fixed_dictionaries({"a": one, "b": other, "c": TEXT})
    for one, other in [
        (TEXT, TEXT), (st.integers(-2, 2), st.integers(-2, 2)), (PLAIN, st.lists(PLAIN)), (TEXT, st.lists(TEXT)),
        (st.dictionaries(KEYS, PLAIN), st.dictionaries(KEYS, PLAIN)), (KEYS, st.dictionaries(KEYS, PLAIN)),
    ]
)  # fmt: skip
UNLIKE = st.fixed_dictionaries({}, optional=dict.fromkeys(("a", "b", "c"), ANYTHING))


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    templates = Templates(FOLDER)
    module = templates.javascript(["board/page.html"])
    with Node(tmp_path_factory.mktemp("board") / "worker", {"answer.js": ANSWER, "board.js": module}) as node:
        yield templates, node


@pytest.fixture(scope="module")
def wild(tmp_path_factory):
    """Each statement of wild.html as a page of its own, so that one that raises does not hide the others."""
    found, modules = {}, {}
    statements = re.findall(r"{% for.*?endfor %}\n|{% if.*?endif %}\n|[^\n]+\n", WILD.removeprefix(TOP), re.DOTALL)
    for number, statement in enumerate(statements):
        folder = folder_of({"page.html": TOP + statement}, tmp_path_factory.mktemp("wild"))
        found[f"wild{number}.js"] = Templates(folder)
        modules[f"wild{number}.js"] = found[f"wild{number}.js"].javascript(["page.html"])
    answering = ANSWER.replace("function answer(", "function one(") + EACH
    with Node(tmp_path_factory.mktemp("device") / "worker", {"answer.js": answering, **modules}) as node:
        yield found, node


@SETTINGS
@given(context=BOARD)
def test_a_board_of_any_rows_is_the_same_bytes_in_both(board, context):
    templates, node = board
    context = {**PAGE, **context, "words": words(context["language"])}
    said = node.ask(["./board.js", "board/page.html", context])
    assert said == {"html": templates.render("board/page.html", context)}


@SETTINGS
@given(context=ALIKE | UNLIKE)
def test_any_value_in_any_place_renders_or_fails_alike_in_both(wild, context):
    pages, node = wild
    context = {**PAGE, **context}
    said = node.ask([list(pages), context])
    assert said == [on_the_server(templates, context) for templates in pages.values()]


def test_two_hundred_rows_found_through_maps_render_in_seven_milliseconds(tmp_path):
    templates = Templates(FOLDER)
    visit = {
        "id": "v", "patient_id": "p1", "starts_at": "2026-11-23T14:00:00.000Z", "status": "arrived", "room": None,
        "arrived_at": "2026-11-23T14:02:00.000Z", "is_new": True, "balance": 2000, "flags": ["form due", "balance"],
    }  # fmt: skip
    patient = {"family": "O'Neil", "given": "Ana", "birth_date": "1985-03-12", "phone": "5550101234"}
    context = PAGE | {
        "title": "Check-in", "day": "2026-11-23", "query": "", "complaint": "", "status": "", "tags": [],
        "visits": [visit] * 200, "patients": {"p1": patient},
    }  # fmt: skip
    module = templates.javascript(["board/page.html"])
    with Node(tmp_path / "worker", {"answer.js": TIMING, "board.js": module}) as node:
        html, fastest = node.ask(context)
    assert html == templates.render("board/page.html", context)
    assert fastest < 7


def nesting(inner):
    """Statements within statements, so that every way of naming a value meets every place to read it."""
    body = st.lists(inner, min_size=1, max_size=3).map("".join)
    name = st.sampled_from("xyz")
    return st.one_of(
        st.builds("{{% if {} %}}{}{{% endif %}}".format, name, body),
        st.builds("{{% if {} %}}{}{{% elif {} %}}{}{{% else %}}{}{{% endif %}}".format, name, body, name, body, body),
        st.builds("{{% for {} in [0, {}] %}}{}{{% endfor %}}".format, name, name, body),
        st.builds("{{% for {} in [] %}}{}{{% else %}}{}{{% endfor %}}".format, name, body, body),
        body,
    )


def statements(*files):
    """Any statements that include, or wholly extend, one of the given files."""
    name = st.sampled_from("xyz")
    simple = [
        st.builds("{{{{ {}|default('-') }}}},".format, name),
        st.builds("{{{{ {} }}}},".format, name),
        st.builds("{{% set {} = {}|default('?') ~ {} %}}".format, name, name, st.sampled_from(["0", "1", "'s'"])),
        st.builds("{{% set {} = {} %}}".format, name, st.sampled_from(["0", "'s'", "x", "y"])),
    ]
    included = [st.builds("{{% include '{}.html' %}}".format, st.sampled_from(files))] if files else []
    nested = st.recursive(st.one_of(simple + included), nesting, max_leaves=6)
    blocks = [st.just("")] + [
        st.builds("{{% block {} %}}{}{{% endblock %}}".format, st.just(part), nested) for part in ("b1", "b2")
    ]
    macro = "{{% macro m(x, y=2, z='d') %}}{}{{% endmacro %}}{}{{{{ m({}) }}}}{{{{ m(1, z=z) }}}}"
    whole = st.tuples(nested, *map(st.one_of, [blocks[:2], blocks[::2]]), nested).map("".join)
    calling = st.builds(macro.format, st.recursive(st.one_of(simple), nesting, max_leaves=4), nested, name)
    if not files:
        return whole | calling
    inner = st.tuples(simple[2] | st.just(""), *map(st.one_of, [blocks[:2], blocks[::2]]), simple[3]).map("".join)
    return whole | calling | st.builds("{{% extends '{}.html' %}}{}".format, st.sampled_from(files), inner)


NUMBERS = count()


@pytest.fixture(scope="module")
def freshly(tmp_path_factory):
    folder = tmp_path_factory.mktemp("freshly") / "worker"
    with Node(folder, {"answer.js": ANSWER}) as node:
        yield folder, node


@settings(SETTINGS, max_examples=60)
@given(
    page=statements("one", "two"), one=statements("two"), two=statements(),
    values=st.fixed_dictionaries({}, optional={name: st.sampled_from([0, 1, "t"]) for name in "xyz"}),
)  # fmt: skip
def test_any_nesting_that_the_dialect_takes_means_the_same_in_both(freshly, page, one, two, values):
    folder, node = freshly
    number = next(NUMBERS)
    files = {"page.html": page, "one.html": one, "two.html": two}
    try:
        templates = Templates(folder_of(files, folder / str(number)))
    except DialectError:
        return
    context = {**PAGE, **values}
    (folder / f"module{number}.js").write_text(templates.javascript(files), encoding="utf-8")
    said = node.ask([f"./module{number}.js", "page.html", context])
    assert said == on_the_server(templates, context)
