"""What is read from a form, and what is said of what cannot be read."""

from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import fields, readers
from backend.fields import (
    BirthDate,
    Choice,
    Choices,
    Id,
    Label,
    Lines,
    LongText,
    Money,
    Name,
    NewId,
    Phone,
    Quantity,
    Text80,
    Whole,
)  # fmt: skip
from backend.sentences import SENTENCES
from tests.building.drawn import typed
from tests.building.engines import ask, cases, spelled, titles


class Line(msgspec.Struct):
    code: Annotated[Text80, Label("Code")]
    entered: Quantity("each", "box")


class Registration(msgspec.Struct):
    visit_id: NewId
    patient_id: Id
    family: Annotated[Name, Label("Last name")]
    birth_date: BirthDate
    sex: Choice("female", "male", "other", "unknown")
    identifiers: Choices(("name", "birth_date", "phone"), least=2)
    lines: Lines(Line, least=1, most=3)
    rank: int
    phone: Phone | None = None
    copay: Annotated[Money, Label("Copay")] | None = None
    visits: Whole | None = None
    reason: LongText | None = None
    urgent: bool = False


@pytest.mark.parametrize("case", cases("fields"), ids=titles)
def test_a_form_is_read_as_the_case_says(case):
    assert spelled(ask(case["question"])) == spelled(case["answer"])


def test_a_field_says_in_data_what_its_annotation_says():
    specs = {spec["name"]: spec for spec in fields.specs(Registration)}

    assert specs["visit_id"] == {"name": "visit_id", "reader": "id", "label": "Visit", "new": True, "required": True}
    assert specs["family"] == {"name": "family", "reader": "text", "label": "Last name", "max": 60, "required": True}
    assert specs["copay"]["required"] is False
    assert specs["copay"]["label"] == "Copay"
    assert specs["identifiers"]["min"] == 2
    assert specs["lines"]["fields"][0]["label"] == "Code"
    assert specs["urgent"] == {"name": "urgent", "reader": "boolean", "label": "Urgent", "required": False}


class Unreadable(msgspec.Struct):
    weight: float


class Careless(msgspec.Struct):
    reason: Text80 = ""


@pytest.mark.parametrize(("command", "said"), [
    (Unreadable, "Unreadable.weight: no form can fill in"), (Careless, r"Careless.reason: .* write `\| None = None`"),
])  # fmt: skip
def test_a_field_that_no_form_can_fill_in_is_refused_where_it_is_declared(command, said):
    with pytest.raises(TypeError, match=said):
        fields.specs(command)


NAMES = [spec["name"] for spec in fields.specs(Registration)]
FORMS = st.dictionaries(
    st.sampled_from([*NAMES, "lines.0.code", "lines.1.code", "lines.0.entered.box", "lines.1.entered.each"]),
    st.lists(typed, min_size=1, max_size=3),
)


@given(FORMS)
def test_whatever_the_reader_accepts_the_command_accepts(form):
    """Each field alone, because a form drawn at random is never right as a whole."""
    for spec in fields.specs(Registration):
        values, complaints = fields.read([spec], form, "2026-11-23", "en", {})
        if not complaints:
            hint = msgspec.structs.fields(Registration)[NAMES.index(spec["name"])].type
            msgspec.convert(values[spec["name"]], hint)


def test_every_bound_has_its_sentence_in_both_languages():
    assert SENTENCES["en"].keys() == SENTENCES["es"].keys()
    for reader in readers.READERS.keys() - {"boolean"}:
        assert f"{reader}.required" in SENTENCES["en"]
