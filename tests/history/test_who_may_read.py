"""A history is read by whoever may open the page of its thing, and a look at a patient's is noted."""

import pytest

from backend.ids import new_id
from tests.inventory.cast import Supplies
from tests.practice import Practice
from tests.privacy.looks import looks
from tests.security.second_site import open_north


def test_it_opens_to_who_may_open_the_thing_itself(practice: Practice) -> None:
    supplies = Supplies(practice)
    supplies.does("dana", "inventory.ask_to_write_off", quantity=1, reason="Torn")
    visit, patient = practice.visits["alma"], practice.patients["alma"]
    for who, path, status in (
        ("ana", f"visit/{visit}", 200), ("cleo", f"visit/{visit}", 403), ("dana", f"patient/{patient}", 403),
        ("petra", f"patient/{patient}", 403), ("cleo", f"item/{supplies.gloves}", 200),
        ("petra", f"item/{supplies.gloves}", 403), ("ana", f"approval/{new_id()}", 403),
        ("maria", f"approval/{new_id()}", 404), ("ana", f"visit/{new_id()}", 404), ("ana", f"visit/{patient}", 404),
        ("ana", "visit/alma", 404), ("ana", f"staff/{practice.staff['ana']}", 404),
    ):  # fmt: skip
        answer = practice.browser(who).get(f"/history/{path}")
        assert answer.status_code == status, (who, path)
        assert status == 200 or "Castellanos" not in answer.text
    assert practice.browser().get(f"/history/visit/{visit}").headers["location"] == "/signin"
    assert looks(practice, kind="denied")[0].page == "history.visit"


def test_a_device_reads_what_its_purpose_is_for(practice: Practice) -> None:
    supplies = Supplies(practice)
    paths = f"/history/visit/{practice.visits['alma']}", f"/history/item/{supplies.gloves}"
    tablet, counter = practice.tablet("Tablet 1"), practice.tablet("Counter", "dana", "count")
    assert [tablet.get(path).status_code for path in paths] == [200, 403]
    assert [counter.get(path).status_code for path in paths] == [403, 403], "a blind count stays blind"


def test_another_sites_things_are_not_there(practice: Practice) -> None:
    north = open_north(practice)
    for path in (f"visit/{north.visit}", f"patient/{north.patient}"):
        assert practice.browser("maria").get(f"/history/{path}").status_code == 404


def test_in_an_emergency_it_opens_like_the_page_of_the_visit(practice: Practice) -> None:
    practice.act("cleo", "privacy.break_glass", {"glass_id": new_id(), "reason": "She has collapsed in the hall"})
    path = f"/history/patient/{practice.patients['alma']}"
    assert practice.browser("cleo").get(path).status_code == 200
    [look] = looks(practice, page="history.patient")
    assert (look.code, look.subject) == ("break_glass", practice.patients["alma"])


@pytest.mark.parametrize("kind", ["visit", "patient"])
def test_who_read_or_printed_a_patients_history_is_in_the_access_log(practice: Practice, kind: str) -> None:
    ana = practice.browser("ana")
    path = f"/history/{kind}/{(practice.visits if kind == 'visit' else practice.patients)['alma']}"
    ana.get(path)
    assert ana.post("/access/printed", {"path": path}, **{"x-daysheet": "printed"}).status_code == 204
    found = looks(practice, page=f"history.{kind}")
    assert [(one.kind, one.subject) for one in found] == [
        ("read", practice.patients["alma"]), ("print", practice.patients["alma"]),
    ]  # fmt: skip
    words = {"visit": "the history of a visit", "patient": "the history"}[kind]
    log = practice.browser("petra").get("/access").text
    assert f"Ana Garrido opened {words} of Alma Castellanos" in log


def test_nobodys_history_is_no_look_at_a_patient(practice: Practice) -> None:
    supplies = Supplies(practice)
    practice.browser("dana").get(f"/history/item/{supplies.gloves}")
    assert looks(practice) == []
