"""Who may be the same person: what agrees, and what only looks so."""

from dataclasses import replace
from datetime import date

import pytest

from backend.patients.likeness import LIKELY, POSSIBLE, Traits, likeness, sound_of

HOME = {"line": "12 Maple Street", "city": "Brattleboro", "postal_code": "05301"}
NORA = Traits("O’Hara", "Nora", date(1990, 2, 3), "female", "5550100177", "nora@example.org", **HOME)
BARE = replace(NORA, phone=None, email=None, line=None, city=None, postal_code=None)
ROBERT = replace(BARE, family="Smith", given="Robert", sex="male")


def says(one: Traits, **changes: object) -> str:
    """The same both ways round."""
    other = replace(one, **changes)
    found = likeness(one, other)
    assert found.score == likeness(other, one).score
    return "likely" if found.score >= LIKELY else "possible" if found.score >= POSSIBLE else "no"


def test_the_same_is_likely_when_the_address_or_the_mail_is_too_and_else_possible() -> None:
    assert says(NORA) == "likely"
    assert says(NORA, phone=None, email=None) == "likely"
    assert says(NORA, line=None) == "likely"
    assert says(BARE) == "possible"
    assert (likeness(NORA, replace(BARE, phone="5550100177")).score, likeness(NORA, BARE).score) == (0.7, 0.6)


@pytest.mark.parametrize(
    ("changes", "score"),
    [
        ({"postal_code": "05301"}, 0.7),
        ({"postal_code": "05301-1234"}, 0.7),
        ({"postal_code": "05302"}, 0.6),
        ({"postal_code": "05301", "sex": "unknown"}, 0.6),
        ({"given": "Nora Marie"}, 0.7),
        ({"given": "Nora Pia"}, 0.6),
        ({"given": "Nora"}, 0.6),
        ({"given": "Nora Marie", "sex": "unknown"}, 0.6),
    ],
)
def test_the_zip_code_or_a_middle_name_counts_only_with_the_sex(changes: dict[str, object], score: float) -> None:
    one = replace(BARE, given="Nora Marie", postal_code="05301")
    bare = replace(one, given="Nora", postal_code=None)
    other = replace(bare, **changes)
    assert (likeness(one, other).score, likeness(other, one).score) == (score, score)


@pytest.mark.parametrize(
    ("one", "changes", "said"),
    [
        (NORA, {"family": "OHARA", "given": "nora marie"}, "likely"),
        (replace(NORA, family="Núñez"), {"family": "Nunez"}, "likely"),
        (ROBERT, {"given": "Bob"}, "possible"),
        (replace(NORA, given="Robert"), {"given": "Bob"}, "likely"),
        (replace(NORA, family="李"), {"family": "王"}, "possible"),
        (replace(BARE, family="李"), {"family": "王"}, "no"),
        (replace(ROBERT, given="Catherine"), {"given": "Kathryn"}, "possible"),
        (ROBERT, {"family": "Smyth"}, "possible"),
        # A slip of the pen in the birth date needs something more than the name.
        (NORA, {"birth_date": date(1990, 3, 2)}, "possible"),
        (BARE, {"birth_date": date(1990, 3, 2)}, "no"),
        (replace(BARE, phone="5550100177"), {"birth_date": date(1991, 2, 3)}, "possible"),
        (NORA, {"birth_date": date(1960, 7, 8)}, "no"),
        (NORA, {"birth_date": None}, "no"),
        # She married: the given name, the birth date and the telephone say so, and only a person can know.
        (NORA, {"family": "Lindqvist"}, "possible"),
        (BARE, {"family": "Lindqvist"}, "no"),
        (BARE, {"family": "O’Hara-Lindqvist"}, "possible"),
    ],
)
def test_names_and_dates_are_written_in_many_ways(one: Traits, changes: dict[str, object], said: str) -> None:
    assert says(one, **changes) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"given": "Pia"}, "no"),
        ({"given": "Norbert", "sex": "male"}, "no"),
        # Twins whose names are a letter apart share everything else: at most possible, and a person decides.
        ({"given": "Nola"}, "no"),
        ({"given": "Norah"}, "possible"),
        ({"given": "Norah", "sex": "male"}, "no"),
    ],
)
def test_twins_are_two_people(changes: dict[str, object], said: str) -> None:
    assert says(NORA, **changes) == said


def test_father_and_son_of_one_name_are_two_people() -> None:
    son = replace(NORA, family="O’Hara Jr", given="Patrick", sex="male")
    assert says(son, family="O’Hara Sr.", birth_date=date(1960, 2, 3)) == "no"
    assert says(son, family="O’Hara", birth_date=date(1960, 2, 3)) == "no", "a decade is no slip"
    assert says(son, family="O’Hara Sr.") == "no"
    assert says(son, family="O’Hara") == "likely"


def test_what_sounds_alike_is_found_together() -> None:
    assert sound_of("Smyth", "Jon") == sound_of("Smith", "John")
    assert sound_of("Ñúñez", "Zoë") == sound_of("Nunez", "Zoe")
    assert len(sound_of("Wolfeschlegelsteinhausen", "Hubert")) <= 13
    assert len(sound_of("李小龍王陳張", "明")) <= 13
