"""What a label says is what is read of it, whoever printed it and however it was scanned."""

from datetime import date

import biip
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import fields, hibc
from backend.fields import Scan
from backend.scanning import GS, ScannedCode, check_digit, read_scan
from backend.values import evaluate
from tests.building.engines import ask, cases, spelled, titles

TODAY = "2026-11-23"


class Counted(msgspec.Struct):
    scan: Scan
    other: Scan | None = None


@pytest.mark.parametrize("case", cases("scans"), ids=titles)
def test_a_code_is_read_as_the_case_says(case):
    assert spelled(ask(case["question"])) == spelled(case["answer"])


gtins = st.text("0123456789", min_size=13, max_size=13).map(lambda digits: digits + check_digit(digits))
texts = st.text("ABCXYZabcxyz0123456789-/.:()", min_size=1, max_size=20)
days = st.dates(date(1978, 1, 1), date(2075, 12, 31))
labels = st.fixed_dictionaries(
    {"01": gtins}, optional={"10": texts, "21": texts, "17": days, "11": days, "30": st.integers(0, 99_999_999)}
)


def printed(ai: str, value: object) -> str:
    return ai + (value.strftime("%y%m%d") if isinstance(value, date) else str(value))


@given(labels, st.randoms(), st.sampled_from(["", "]d2", "]C1", "]Q3", GS]))
def test_a_label_built_from_parts_is_read_back(label, shuffled, before):
    rest = [ai for ai in label if ai != "01"]
    shuffled.shuffle(rest)
    # A separator may also stand where none is needed.
    text = before + GS.join(printed(ai, label[ai]) for ai in ["01", *rest])

    read = msgspec.convert(read_scan(text, TODAY), ScannedCode)

    assert read == ScannedCode(
        label["01"], "gtin", label.get("10"), label.get("17"), label.get("11"), label.get("21"), label.get("30")
    )


@given(labels)
def test_biip_reads_the_same_from_a_label(label):
    text = "]C1" + GS.join(printed(ai, value) for ai, value in label.items())

    message, read = biip.parse(text).gs1_message, read_scan(text, TODAY)

    assert message is not None
    theirs = {ai: found for ai in label if (found := message.element_strings.get(ai=ai))}
    assert theirs["01"].gtin.as_gtin_14() == read["code"]
    for ai, name in (("10", "lot"), ("21", "serial")):
        assert (theirs[ai].value if ai in theirs else None) == read[name]
    for ai, name in (("17", "expires"), ("11", "produced")):
        assert (theirs[ai].date.isoformat() if ai in theirs else None) == read[name]


@given(st.text("0123456789", min_size=8, max_size=14).filter(lambda digits: len(digits) not in (9, 10, 11)))
def test_biip_agrees_on_what_is_a_gtin(digits):
    read = read_scan(digits, TODAY)
    theirs = biip.parse(digits).gtin

    assert read["code"] == digits.zfill(14)
    if theirs and theirs.value == digits:
        assert (theirs.as_gtin_14(), read["warning"]) == (read["code"], None)


@given(st.from_regex(r"[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}[0-9]", fullmatch=True), st.text("ABC0129-", max_size=18), days)
def test_a_hibc_label_built_from_parts_is_read_back(primary, lot, day):
    body = f"+{primary}/$$3{day:%y%m%d}{lot}"

    read = read_scan(body + hibc.check_character(body), TODAY)

    assert (read["code"], read["lot"], read["expires"]) == ("+" + primary, lot or None, day.isoformat())
    assert read["warning"] is None


@given(st.text(max_size=130))
def test_whatever_is_read_a_command_can_hold(text):
    values, complaints = fields.read(fields.specs(Counted)[:1], {"scan": [text]}, TODAY, "en", {})

    assert complaints or isinstance(msgspec.convert(values, Counted).scan, ScannedCode)


def test_effects_name_the_parts_of_a_scan():
    scanned = read_scan("(01)00812444023879(17)260400(10)A1", TODAY)
    read = msgspec.to_builtins(msgspec.convert({"scan": scanned}, Counted))

    assert evaluate({"$": "field.scan.code"}, {"field": read}) == "00812444023879"
    assert evaluate({"$": "field.scan.lot"}, {"field": read}) == "A1"
    assert evaluate({"$": "field.scan.expires"}, {"field": read}) == "2026-04-30"
    assert evaluate({"$": "field.other.lot"}, {"field": read}) is None


def test_one_item_has_one_key_however_its_code_comes():
    ways = ["812444023879", "0812444023879", "00812444023879", "(01)00812444023879", "]E0812444023879"]
    ways += [f"]d20100812444023879{GS}10A", "01008124440238791726043010A"]

    assert {read_scan(way, TODAY)["code"] for way in ways} == {"00812444023879"}
