"""A template gives the same bytes on the server and on the device, or the same complaint, or is refused at start-up."""

import json
from pathlib import Path

import pytest

from backend.dialect import DialectError, RenderError
from backend.templates import Templates
from tests.worker.node import Node

CASES = json.loads((Path(__file__).parents[1] / "cases" / "templates.json").read_text(encoding="utf-8"))
FILTERS = json.loads((Path(__file__).parents[1] / "cases" / "filters.json").read_text(encoding="utf-8"))
PAGE = {
    "now": FILTERS["now"],
    "zone": {"name": "America/New_York", "transitions": FILTERS["zones"]["America/New_York"]},
    "language": "en",
    "words": {},
    "seed": FILTERS["seed"],
}

ANSWER = """
export async function answer([module, name, context]) {
  const { templates } = await import(module);
  try {
    return { html: templates[name](context) };
  } catch (error) {
    if (error.name !== "Error" || error.line === undefined) throw error;
    return { fails: `${error.file}:${error.line}` };
  }
}
"""


def folder_of(files: dict, folder: Path) -> Path:
    for name, source in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(source, encoding="utf-8")
    return folder


def on_the_server(templates: Templates, context: dict) -> dict:
    try:
        return {"html": templates.render("page.html", context)}
    except RenderError as error:
        return {"fails": f"{error.file}:{error.line}"}


def expected(case: dict) -> dict:
    return {"html": case["html"]} if "html" in case else {"fails": case["fails"]}


def test_every_shared_case_renders_as_it_says_on_the_server_and_on_the_device(tmp_path):
    modules, device = {}, tmp_path / "device" / "worker"
    for number, case in enumerate(CASES):
        templates = Templates(folder_of(case["files"], tmp_path / str(number)))
        assert on_the_server(templates, PAGE | case["context"]) == expected(case), case["says"]
        modules[f"case{number}.js"] = templates.javascript(["page.html"])
    with Node(device, {"answer.js": ANSWER, **modules}) as node:
        for number, case in enumerate(CASES):
            said = node.ask([f"./case{number}.js", "page.html", PAGE | case["context"]])
            assert said == expected(case), case["says"]


REFUSED = {
    "arithmetic": "{{ a + 1 }}",
    "a negative number": "{{ -1 }}",
    "a fraction": "{{ 1.5 }}",
    "a number too large for the device": "{% if a == 9007199254740992 %}{% endif %}",
    "a method": "{{ a.upper() }}",
    "a call of a page's value": "{{ a(1) }}",
    "a macro further down": "{{ m() }}{% macro m() %}{% endmacro %}",
    "a macro as a value": "{% macro m() %}{% endmacro %}{{ m }}",
    "an unknown argument": "{% macro m(x=1) %}{% endmacro %}{{ m(y=1) }}",
    "a missing argument": "{% macro m(x) %}{% endmacro %}{{ m() }}",
    "too many arguments": "{% macro m(x) %}{% endmacro %}{{ m(1, 2) }}",
    "an argument given twice": "{% macro m(x) %}{% endmacro %}{{ m(1, x=2) }}",
    "arguments from a list": "{% macro m(x) %}{% endmacro %}{{ m(*a) }}",
    "a default that is not constant": "{% macro m(x=a) %}{% endmacro %}",
    "a macro that sees the page": "{% macro m() %}{{ a }}{% endmacro %}",
    "a macro that includes": "{% macro m() %}{% include 'other.html' %}{% endmacro %}",
    "a macro that reads before it sets": "{% macro m() %}{{ x }}{% set x = 1 %}{% endmacro %}",
    "a macro that sets in an if only": "{% macro m(a) %}{% if a %}{% set x = 1 %}{% endif %}{% endmacro %}",
    "a macro in an if": "{% if a %}{% macro m() %}{% endmacro %}{% endif %}",
    "an unknown filter": "{{ a|upper }}",
    "an unknown test": "{% if a is odd %}{% endif %}",
    "safe": "{{ a|safe }}",
    "a filter's argument by name": "{{ a|default(value='x') }}",
    "a filter with too many arguments": "{{ a|money(1) }}",
    "chained comparisons": "{% if 1 < a < 3 %}{% endif %}",
    "an if in an expression without else": "{{ 'a' if a }}",
    "a slice": "{{ a[1:2] }}",
    "a dict literal": "{% set a = {'k': 1} %}",
    "a tuple literal": "{% for a in (1, 2) %}{% endfor %}",
    "printing none": "{{ none }}",
    "printing a comparison": "{{ a == 1 }}",
    "printing a test": "{{ a is defined }}",
    "a for with a condition": "{% for x in a if x %}{% endfor %}",
    "a for with two names": "{% for x, y in a %}{% endfor %}",
    "a recursive for": "{% for x in a recursive %}{% endfor %}",
    "an unknown field of loop": "{% for x in a %}{{ loop.cycle }}{% endfor %}",
    "loop outside of a for": "{{ loop.index }}",
    "loop in the else of a for": "{% for x in a %}{% else %}{{ loop.index }}{% endfor %}",
    "loop as a value": "{% for x in a %}{{ loop }}{% endfor %}",
    "a set of two names": "{% set x, y = a %}",
    "a set of a block": "{% set x %}text{% endset %}",
    "a set of the clock": "{% set now = 1 %}",
    "a name read in a loop and set below it": "{% for i in a %}{{ x }}{% endfor %}{% set x = 1 %}",
    "a namespace": "{% set n = namespace(a=1) %}",
    "an include by variable": "{% include a %}",
    "an include of several": "{% include ['a.html', 'other.html'] %}",
    "an include that may be missing": "{% include 'other.html' ignore missing %}",
    "an include without the page": "{% include 'other.html' without context %}",
    "an include of nothing": "{% include 'nothing.html' %}",
    "an include of itself": "{% include 'page.html' %}",
    "an import of a page": "{% import 'other.html' as o %}",
    "an import of an unknown macro": "{% from 'macros.html' import nothing %}",
    "an import in an if": "{% if a %}{% import 'macros.html' as o %}{% endif %}",
    "extends by variable": "{% extends a %}",
    "extends after something": "text{% extends 'other.html' %}",
    "output beside the blocks": "{% extends 'other.html' %}text",
    "a loop beside the blocks": "{% extends 'other.html' %}{% for x in a %}{% endfor %}",
    "a block in a for": "{% for x in a %}{% block b %}{% endblock %}{% endfor %}",
    "a scoped block": "{% block b scoped %}{% endblock %}",
    "super": "{% extends 'other.html' %}{% block b %}{{ super() }}{% endblock %}",
    "a call block": "{% macro m() %}{% endmacro %}{% call m() %}{% endcall %}",
    "a filter block": "{% filter t %}{% endfilter %}",
    "with": "{% with x = 1 %}{% endwith %}",
    "do": "{% do a %}",
    "autoescape off": "{% autoescape false %}{% endautoescape %}",
    "a name with an underscore before it": "{{ _a }}",
    "a name outside of ASCII": "{{ é }}",
    "a macro's name for a value": "{{ shared }}",
    "another macro of the same name": "{% macro shared() %}{% endmacro %}",
    "half a tag": "{% if a %}",
}


@pytest.mark.parametrize("template", REFUSED.values(), ids=REFUSED.keys())
def test_what_the_device_could_not_render_alike_is_refused_at_start_up(template, tmp_path):
    folder_of(
        {
            "macros.html": "{% macro shared() %}{% endmacro %}",
            "other.html": "{% block b %}text{% endblock %}",
            "page.html": f"line one\n\n{template}" if "extends" not in template else template,
        },
        tmp_path,
    )
    with pytest.raises(DialectError) as refusal:
        Templates(tmp_path)
    line = 1 if "extends" in template else 3
    assert (refusal.value.file, refusal.value.line) == ("page.html", line)
    assert str(refusal.value).startswith(f"page.html:{line}: ")


def test_a_module_holds_only_what_its_pages_call(tmp_path):
    files = {"page.html": "{% include 'a/part.html' %}", "a/part.html": "part", "a/other.html": "never sent"}
    module = Templates(folder_of(files, tmp_path)).javascript(["page.html"], "/w/1/runtime.js")
    assert '"part"' in module
    assert "never sent" not in module
    assert '"page.html": ' in module
    assert '"a/part.html": ' not in module
    assert 'from "/w/1/runtime.js"' in module


def test_a_complaint_says_the_template_the_line_and_what_is_wrong(tmp_path):
    templates = Templates(folder_of({"page.html": "one\n{{ visit.room }}"}, tmp_path))
    with pytest.raises(RenderError, match=r"^page\.html:2: none is not printed$"):
        templates.render("page.html", {"visit": {"room": None}})
