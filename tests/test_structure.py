"""The rules of the house hold in this checkout, and would be noticed if they did not."""

import inspect
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from backend import answers
from backend.app import ROOMS
from backend.commands import Command, Undo, tag_of
from backend.house import Room, kinds_of
from backend.screens import Page, Post
from tests import structure
from tests.practice import front

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = [(room, kind) for room in ROOMS for kind in room.commands]
PAGES = [page for room in ROOMS for page in room.pages]
POSTS = [post for room in ROOMS for post in room.posts]


def names(values: Iterable[object]) -> list[str]:
    return [getattr(value, "name", None) or getattr(value, "path", None) or str(value) for value in values]


def tracked() -> list[str]:
    """Every file that is in git or about to be, and there."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_the_building_imports_only_what_stands_below_it_and_never_a_room() -> None:
    assert list(structure.building_breaches(ROOT / "backend")) == []


def test_rooms_knock_only_at_the_front_doors_of_their_neighbours() -> None:
    assert list(structure.room_breaches(ROOT / "backend")) == []


def test_no_room_reaches_itself() -> None:
    assert list(structure.circles(structure.NEIGHBOURS)) == []


def test_the_order_names_only_files_that_exist() -> None:
    assert [name for name in structure.ORDER if not (ROOT / "backend" / f"{name}.py").exists()] == []


def test_templates_take_pieces_only_from_their_own_room_and_the_shell() -> None:
    assert list(structure.template_breaches(ROOT / "web")) == []


@pytest.mark.parametrize("top", ["backend", "web", "tests", "migrations"])
def test_no_file_is_two_jobs(top: str) -> None:
    files = [name for name in tracked() if name.startswith(f"{top}/")]
    assert list(structure.length_breaches(ROOT, files)) == []


def test_files_are_named_for_what_the_office_does() -> None:
    assert list(structure.name_breaches(tracked())) == []


def test_nothing_is_put_off_in_the_code() -> None:
    assert list(structure.unfinished(ROOT, tracked())) == []


def test_nobody_elses_code_is_kept_in_git() -> None:
    foreign = [name for name in tracked() if "node_modules" in name or name.endswith((".min.js", ".min.css"))]
    assert foreign == []


@pytest.mark.parametrize(("room", "kind"), COMMANDS, ids=[tag_of(kind) for _, kind in COMMANDS])
def test_every_command_has_a_handler_a_sentence_and_a_test_of_its_own(room: Room, kind: type[Command]) -> None:
    assert kinds_of(ROOMS)[tag_of(kind), kind.v] is kind
    assert hasattr(kind, "handler"), f"nobody handles {kind.__name__}"
    doc = vars(kind).get("__doc__") or ""
    assert doc.strip().endswith((".", ")")), f"{kind.__name__} does not say what happened"
    assert kind.title, f"{kind.__name__} has no name for people"
    assert tag_of(kind).split(".")[0] == room.name, f"{tag_of(kind)} is named after another room"
    job = Path(inspect.getfile(kind)).stem
    module = ROOT / "tests" / room.name / f"test_{job}.py"
    assert module.exists(), f"tests/{room.name}/test_{job}.py is missing"
    assert tag_of(kind) in module.read_text() or kind.__name__ in module.read_text(), f"{module} tests no {kind}"


def test_undoing_has_a_test_of_its_own() -> None:
    module = ROOT / "tests" / "checkin" / "test_undoing.py"
    assert tag_of(Undo) in module.read_text()


def test_every_command_class_that_exists_is_in_its_room() -> None:
    def below(kind: type[Command]) -> set[type[Command]]:
        return {kind} | {each for child in kind.__subclasses__() for each in below(child)}

    ours = {kind for kind in below(Command) - {Command, Undo} if kind.__module__.startswith("backend.")}
    assert {kind.__name__ for kind in ours} == {kind.__name__ for _, kind in COMMANDS}


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_page_has_its_templates_and_searches_a_part_that_it_has(page: Page) -> None:
    assert [name for name in page.templates() if not (ROOT / "web" / name).exists()] == []
    assert page.find is None or page.find in page.parts
    assert set(page.badge_sheets) <= set(page.sheets), "what is counted on the icon stands in sheets of the page"
    for name, part in page.parts.items():
        assert not part.of or (part.of in page.lists and part.name and part.id), f"the part {name} names no row"


@pytest.mark.parametrize("post", POSTS, ids=names(POSTS))
def test_every_post_answers_with_parts_of_the_page_that_it_leads_to(post: Post) -> None:
    manifest = front()[1].manifest
    some = "0" * 8 + "-0000-7000-8000-" + "0" * 12
    known = {
        "day": "2026-11-23",
        "visit_id": some,
        "slot_of": some,
        "item_id": some,
        "count_id": some,
        "place_id": some,
        "pair_id": some,
        "sheet": "log",
    }
    path = post.then.format(**known)
    found = answers.page_at(manifest, path)
    assert found is not None, f"{post.path} leads to {path}, where there is no page"
    assert set(post.parts) <= set(found[0]["parts"])
    assert tag_of(post.command) in manifest["commands"]
    if post.form is not None:
        assert (ROOT / "web" / post.form).exists()
    if post.form_page is not None:
        assert answers.page_at(manifest, post.form_page.format(**known)) is not None


def planted(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_a_building_file_that_imports_a_room_or_upwards_is_caught(tmp_path: Path) -> None:
    files = {
        "staff/__init__.py": "",
        "errors.py": "from backend import staff",
        "clock.py": "from backend.serving import Office",
        "serving.py": "import backend.clock",
        "oddments.py": "",
    }
    assert list(structure.building_breaches(planted(tmp_path, files))) == [
        "backend/clock.py imports serving, which stands above it",
        "backend/errors.py imports the room staff",
        "backend/oddments.py has no place in the order of the building",
    ]


def test_a_room_that_goes_through_the_wall_is_caught(tmp_path: Path) -> None:
    files = {
        "staff/__init__.py": "from backend import app",
        "office/__init__.py": "",
        "devices/__init__.py": "from backend.staff.models import StaffMember\nfrom backend import checkin",
        "checkin/__init__.py": "from backend.staff import find_actor",
        "garden/__init__.py": "",
    }
    assert list(structure.room_breaches(planted(tmp_path, files))) == [
        "backend/devices/__init__.py imports staff.models: neighbours come by the front door",
        "backend/devices/__init__.py imports checkin: no neighbour of devices",
        "the room garden has no line in the table of neighbours",
        "backend/staff/__init__.py imports app: that is the edge of the program",
    ]


def test_rooms_in_a_circle_are_caught() -> None:
    assert list(structure.circles({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]})) == [
        "a reaches itself",
        "b reaches itself",
        "c reaches itself",
    ]


def test_a_template_that_takes_another_rooms_piece_is_caught(tmp_path: Path) -> None:
    files = {
        "staff/a.html": '{% extends "shell/base.html" %}{%- include "checkin/_visit.html" %}',
        "staff/b.html": "{% import 'sync/x.html' as x %}{% from \"staff/y.html\" import y %}",
    }
    assert list(structure.template_breaches(planted(tmp_path, files))) == [
        "staff/a.html takes checkin/_visit.html, which is neither its own nor the shell's",
        "staff/b.html takes sync/x.html, which is neither its own nor the shell's",
    ]


def test_long_misnamed_and_unfinished_files_are_caught(tmp_path: Path) -> None:
    files = {"web/long.js": "x\n" * 251, "backend/utils.py": "# TO" + "DO later", "tests/test_helpers.py": ""}
    root = planted(tmp_path, files)
    assert list(structure.length_breaches(root, list(files))) == [
        "web/long.js has 251 lines; at 250 a file is two jobs"
    ]
    assert list(structure.name_breaches(list(files))) == [
        "backend/utils.py is named for no job",
        "tests/test_helpers.py is named for no job",
    ]
    assert list(structure.unfinished(root, list(files))) == ["backend/utils.py:1 puts something off"]
