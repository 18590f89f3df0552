"""A catalogue is taken over from a file of device identifiers, as often as somebody likes."""

from pathlib import Path

import msgspec
import pytest

from backend.importing_items import import_items
from backend.inventory import BadLine, read_items
from tests.practice import Practice

SHARED = Path(__file__).parents[3] / "shared" / "data" / "udi" / "gudid-supplies.csv"
HEADING = (
    "primary_di,issuing_agency,brand,model,description,units_in_base_package,lot_controlled,has_expiration,packages"
)


def csv(*lines: str) -> str:
    return "\n".join([HEADING, *lines]) + "\n"


def take(practice: Practice, path: Path) -> int:
    settings = msgspec.structs.replace(practice.office.settings, database=practice.database.url)
    return import_items(settings, [path], "main", practice.clock)


def test_a_file_taken_twice_is_one_catalogue(
    practice: Practice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "items.csv"
    path.write_text(csv("00614141000036,GS1,Softly,S-4,GAUZE,1,true,false,10614141000033=12x00614141000036"))
    assert take(practice, path) == 0
    assert "Taken: 1 items" in capsys.readouterr().out
    assert take(practice, path) == 0
    assert "Already taken before: 1" in capsys.readouterr().out
    code = practice.row("code", "main/10614141000033")
    assert code is not None
    item = practice.row("item", code["item_id"])
    assert item is not None
    assert (item["units"], code["unit"]) == (["each", "box of 12"], "box of 12")


def test_packs_of_packs_are_counted_down_to_single_ones() -> None:
    line = next(read_items([*csv("A,HIBCC,Softly,S,GAUZE,10,,,C=4xB;B=6xA").splitlines(keepends=True)]))
    assert line.fields["packs"] == [
        {"name": "box of 10", "holds": 10},
        {"name": "case of 60", "holds": 60},
        {"name": "carton of 240", "holds": 240},
    ]
    assert line.fields["codes"] == [
        {"code": "A", "unit": "box of 10"},
        {"code": "B", "unit": "case of 60"},
        {"code": "C", "unit": "carton of 240"},
    ]


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("00614141000037,GS1,B,M,D,1,,,", "the check digit of 00614141000037 is wrong"),
        ("00614141000036,GS1,B,M,D,lots,,,", "is no number of units"),
        ("00614141000036,GS1,B,M,D,1,,,10614141000033=12xNOBODY", "which is not told of"),
        ("00614141000036,GS1,B,M,D,1,,,what is this", "could not be read"),
        ("X1,,B,M,D,1,,,Y1=2xY1", "which is not told of"),
    ],
)
def test_what_is_odd_about_a_line_is_said_and_the_item_taken(text: str, warning: str) -> None:
    line = next(read_items(csv(text).splitlines(keepends=True)))
    assert line.problem == ""
    assert warning in " ".join(line.warnings)


def test_a_line_without_an_identifier_is_named_and_the_others_taken(
    practice: Practice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "items.csv"
    path.write_text(csv(",GS1,Softly,S-4,GAUZE,1,,,", "00614141000036,GS1,Softly,S-4,GAUZE,1,,,"))
    assert take(practice, path) == 1
    said = capsys.readouterr().out
    assert "items.csv line 2: it has no primary identifier" in said
    assert "Taken: 1 items" in said


def test_a_file_that_is_no_catalogue_changes_nothing(practice: Practice, tmp_path: Path) -> None:
    path = tmp_path / "photo.csv"
    path.write_bytes(b"\xff\xd8\xff\xe0 no text")
    assert take(practice, path) == 1
    with pytest.raises(BadLine, match="lacks"):
        list(read_items(["name,price\n", "Gauze,3\n"]))


@pytest.mark.skipif(not SHARED.exists(), reason="the real catalogue of ../shared is not here")
def test_every_line_of_the_real_catalogue_gives_an_item() -> None:
    with SHARED.open(newline="") as file:
        lines = list(read_items(file))
    assert len(lines) == 470
    assert [line.problem for line in lines if line.problem] == []
