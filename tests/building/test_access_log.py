"""Who looked at what is noted once for each look, in a chain that shows what was changed or taken out."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from backend.access_log import Access, append, broken_access, note, note_look
from backend.app import run_jobs
from backend.checking import check
from backend.ids import new_id
from tests.practice import SITE, Practice
from tests.privacy.looks import looks

BOARD = "/checkin/2026-11-23"


def broken(practice: Practice) -> int | None:
    with practice.database.read() as session:
        return broken_access(session)


def damage(practice: Practice, statement: str) -> None:
    with practice.database.write() as session:
        session.execute(text(statement))


def noted(practice: Practice, count: int = 5) -> None:
    for _ in range(count):
        note(practice.office, "sign_out", actor_id=practice.staff["ana"], site_id=SITE.id)


def test_opening_a_visit_is_noted_with_the_patient_whose_it_is(practice: Practice) -> None:
    practice.browser("ana").get(f"/checkin/{practice.visits['alma']}")
    [look] = looks(practice, kind="read")
    assert (look.actor_id, look.subject) == (practice.staff["ana"], practice.patients["alma"])
    assert (look.page, look.site_id, look.source, look.code) == ("checkin.visit", SITE.id, "office", "")


def test_a_list_is_noted_with_how_many_patients_were_shown_and_a_search_as_one(practice: Practice) -> None:
    ana = practice.browser("ana")
    ana.get(BOARD)
    ana.post("/find/checkin.board", {"day": "2026-11-23", "q": "castell"}, partial=True)
    [board, search] = looks(practice)
    assert (board.kind, board.page, board.subject, board.rows) == ("read", "checkin.board", None, 3)
    assert (search.kind, search.rows) == ("search", 1)


def test_a_part_of_a_page_is_a_look_at_it(practice: Practice) -> None:
    practice.browser("ana").get(f"{BOARD}?_part=visit&visit_id={practice.visits['alma']}")
    [look] = looks(practice)
    assert (look.page, look.rows) == ("checkin.board", 1)


def test_the_answer_to_a_form_is_a_look_too(practice: Practice) -> None:
    ana = practice.browser("ana")
    ana.post(f"/checkin/{practice.visits['alma']}/arrival", partial=True)
    assert [look.subject for look in looks(practice, kind="read")] == [practice.patients["alma"]]


def test_looking_again_within_ten_minutes_is_one_look(practice: Practice) -> None:
    ana, ben = practice.browser("ana"), practice.browser("ben")
    page = f"/checkin/{practice.visits['alma']}"
    for _ in range(3):
        ana.get(page)
    ben.get(page)
    assert len(looks(practice, kind="read")) == 2
    practice.clock.forward(minutes=10)
    ana.get(page)
    assert len(looks(practice, kind="read")) == 3


def test_pages_without_patients_are_not_noted(practice: Practice) -> None:
    ana = practice.browser("ana")
    assert ana.get("/device").status_code == 200
    assert ana.get(f"/checkin/{new_id()}").status_code == 200
    assert looks(practice, kind="read") == []


def test_who_is_refused_a_page_is_noted_and_never_its_address(practice: Practice) -> None:
    practice.browser("dana").get(f"/checkin/{practice.visits['alma']}")
    practice.browser("dana").get("/devices")
    assert [(look.actor_id, look.page) for look in looks(practice, kind="denied")] == [
        (practice.staff["dana"], "checkin.visit"),
        (practice.staff["dana"], "/devices"),
    ]


def test_a_form_shows_no_page_to_who_could_not_open_it(practice: Practice) -> None:
    dana = practice.browser("dana")
    for partial in (False, True):
        answer = dana.post(f"{BOARD}/{practice.visits['alma']}/arrival", partial=partial)
        assert "Castellanos" not in answer.text
    answer = dana.post(f"/checkin/{practice.visits['alma']}/identity", {"identifiers": []})
    assert answer.status_code == 403
    assert "Castellanos" not in answer.text


def test_an_edited_a_missing_and_a_cut_off_entry_break_the_chain_where_they_were(practice: Practice) -> None:
    noted(practice)
    assert broken(practice) is None
    damage(practice, "UPDATE access_entry SET page = 'checkin.visit' WHERE seq = 3")
    assert broken(practice) == 3
    damage(practice, "UPDATE access_entry SET page = '' WHERE seq = 3")
    assert broken(practice) is None
    damage(practice, "DELETE FROM access_entry WHERE seq = 5")
    assert broken(practice) == 5
    damage(practice, "DELETE FROM access_entry WHERE seq = 2")
    assert broken(practice) == 2


def test_the_check_names_the_first_broken_entry(practice: Practice) -> None:
    noted(practice)
    damage(practice, "UPDATE access_entry SET actor_id = NULL WHERE seq = 2")
    said: list[str] = []
    assert check(practice.office.settings, said.append) == 1
    assert "  breaks at entry 2" in said


def test_anchors_show_a_chain_that_was_cut_off_or_made_anew(practice: Practice) -> None:
    noted(practice)
    practice.clock.forward(hours=25)
    run_jobs(practice.office)
    path = practice.office.settings.anchors_path / "anchors.log"
    assert len(path.read_bytes().splitlines()) == 1
    said: list[str] = []
    assert check(practice.office.settings, said.append) == 0, said
    with practice.database.read() as session:
        previous = session.execute(text("SELECT previous FROM access_entry WHERE seq = 4")).scalar()
    damage(practice, "DELETE FROM access_entry WHERE seq > 3")
    damage(practice, f"UPDATE access_head SET seq = 3, hash = '{previous}'")
    assert broken(practice) is None, "the chain alone cannot know"
    assert check(practice.office.settings, said.append) == 1
    assert any("the access log’s entry 5" in line for line in said)


def test_the_anchors_themselves_chain(practice: Practice) -> None:
    noted(practice)
    for _ in range(3):
        practice.clock.forward(hours=25)
        run_jobs(practice.office)
    path = practice.office.settings.anchors_path / "anchors.log"
    lines = path.read_bytes().splitlines()
    assert len(lines) == 3
    said: list[str] = []
    path.write_bytes(b"\n".join([lines[0], lines[2]]) + b"\n")
    assert check(practice.office.settings, said.append) == 1
    assert "  line 2 does not follow the line before it" in said
    path.write_bytes(b"nonsense\n")
    assert check(practice.office.settings, said.append) == 1
    assert "  line 1 cannot be read" in said


def test_writers_at_once_keep_one_chain_and_one_look(practice: Practice) -> None:
    same = Access("read", practice.clock.now(), actor_id=practice.staff["ana"], page="checkin.board")
    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda _: note_look(practice.office, same), range(20)))
        list(writers.map(lambda _: noted(practice, 1), range(20)))
    assert len(looks(practice)) + len(looks(practice, kind="sign_out")) == 21
    assert broken(practice) is None


def test_an_unknown_kind_is_our_own_mistake(practice: Practice) -> None:
    with pytest.raises(ValueError, match="knows no 'gossip'"):
        note(practice.office, "gossip")


def test_the_same_id_twice_in_one_batch_is_one_entry(practice: Practice) -> None:
    access = Access("read", practice.clock.now(), id=new_id())
    with practice.database.write() as session:
        assert append(session, [access, access]) == 1
