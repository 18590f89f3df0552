"""What the rooms say to people is said in Spanish too, whatever names and numbers stand in it."""

import ast
from itertools import combinations, product
from pathlib import Path

import pytest

import backend
from backend.patients import changing, correcting
from backend.translating import sentence
from backend.words import SPANISH

HOUSE = Path(backend.__file__).parent
# What only who runs the server reads, on a terminal.
AT_A_TERMINAL = {
    "backup_commands", "backing_up", "backups", "checking", "disk", "fhir", "placing", "recovery", "rehearsing",
    "restoring", "rotating", "running", "sealed_file", "snapshots",
}  # fmt: skip
SAYING = {"Refused", "Held", "Problem", "NotAllowed", "flag", "hold", "noop", "say", "offer", "differs"}


def modules() -> list[Path]:
    found = sorted(HOUSE.rglob("*.py"))
    return [path for path in found if not {path.stem, path.parent.name} & AT_A_TERMINAL]


def texts(node: ast.expr) -> list[str]:
    """The sentences that an expression may be, each hole filled; none where it is no text of ours."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return texts(node.body) + texts(node.orelse)
    if isinstance(node, ast.JoinedStr):
        parts = [
            texts(part.value) or ["Zoë"] if isinstance(part, ast.FormattedValue) else texts(part)
            for part in node.values
        ]
        return ["".join(chosen) for chosen in product(*parts)]
    return []


def said_in(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and name_of(node.func) in SAYING]
    given = [text for call in calls for argument in call.args for text in texts(argument)]
    kept = [text for node in ast.walk(tree) if isinstance(node, ast.Assign) for text in texts(node.value)]
    return [text for text in given if " " in text.strip()] + [text for text in kept if is_sentence(text)]


def name_of(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""


def is_sentence(text: str) -> bool:
    return " " in text and text.endswith(".") and text[:1].isupper()


def test_every_sentence_of_a_command_has_its_spanish():
    said = {text: path.relative_to(HOUSE).as_posix() for path in modules() for text in said_in(path)}

    assert len(said) > 200
    assert {text: where for text, where in said.items() if sentence(SPANISH, text) == text} == {}


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        (
            "It cannot be undone now: the patient has been roomed since. Undo that first.",
            "Ya no se puede deshacer: desde entonces consta que el paciente está «roomed». Deshaga eso primero.",
        ),
        (
            "Already arrived at about 9:02 am by Ana on Tablet 1.",
            "Ya había llegado hacia las 9:02 a. m., según Ana en Tablet 1.",
        ),
        (
            "Cancelled at about 8:40 am by Ana, the patient called",
            "Cancelada hacia las 8:40 a. m. por Ana: llamó el paciente",
        ),
        (
            "3 items handed in. 1 is counted again by somebody else.",
            "3 artículos entregados. Otra persona vuelve a contar 1.",
        ),
        ("Phone: (503) 555-0142", "Teléfono: (503) 555-0142"),
        (
            "Two people changed the birth date and the last name. The first stays until somebody chooses.",
            "Dos personas cambiaron esto: fecha de nacimiento y apellido. Se queda lo primero hasta que alguien elija.",
        ),
        (
            "It cannot be done any more: Zoë has approved it already. Choose another.",
            "Ya no se puede hacer: Zoë ya lo ha aprobado. Elija a otra persona.",
        ),
    ],
)
def test_a_sentence_with_values_is_said_in_spanish_with_the_same_values(english, spanish):
    assert sentence(SPANISH, english) == spanish
    assert sentence({}, english) == english


@pytest.mark.parametrize(
    "typed",
    [
        "Pain in the left arm and the jaw",
        "It began on Sunday. It hurts in the left arm and the jaw",
        "She says: phone first",
        "Allergies: penicillin",
    ],
)
def test_what_somebody_typed_stands_as_they_typed_it(typed):
    assert sentence(SPANISH, typed) == typed


@pytest.mark.parametrize(
    ("labels", "ending"),
    [
        (changing.LABELS, "What was entered later stands now."),
        (correcting.LABELS, "The first stays until somebody chooses."),
    ],
)
def test_however_many_fields_two_people_changed_each_is_said_in_spanish(labels, ending):
    fields = [label.lower() for label in labels.values()]
    for number in range(1, len(fields) + 1):
        for some in combinations(fields, number):
            said = sentence(SPANISH, f"Two people changed the {' and the '.join(some)}. {ending}")
            assert all(SPANISH[field] in said for field in some), said
            assert " and the " not in said
