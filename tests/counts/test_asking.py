"""A count is asked for: a whole place, what is due there, or one thing; called off, closed, and looked at again."""

from datetime import timedelta

from backend.ids import new_id
from tests.counts.cast import Counting
from tests.practice import Practice

ASK = "counts.ask"


def tasks(counting: Counting, id: str) -> dict[str, str]:
    """Item -> state, of a count."""
    return {row["item_id"]: row["state"] for row in counting.rows("count_task") if row["count_id"] == id}


def test_a_full_count_lists_what_belongs_there_and_what_lies_there(counting: Counting) -> None:
    assert set(tasks(counting, counting.id)) == {counting.gloves, counting.syringes, counting.lidocaine}
    row = counting.practice.row("count", counting.id)
    assert row is not None
    assert (row["title"], row["state"], row["total"], row["done"]) == ("Supply room › Shelf 3", "open", 3, 0)


def test_by_form_at_a_desk_it_is_asked_for_and_shown(counting: Counting) -> None:
    browser = counting.practice.browser("maria")
    form = {"kind": "spot", "place_id": counting.shelf, "item_id": counting.gloves, "due": "2026-11-27"}
    answer = browser.post("/counts/new", form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/counts")
    assert "Exam gloves M, Supply room › Shelf 3" in browser.get("/counts").text


def test_a_wrong_date_gets_a_sentence_and_keeps_what_was_typed(counting: Counting) -> None:
    answer = counting.practice.browser("maria").post(
        "/counts/new", {"kind": "cycle", "place_id": counting.shelf, "due": "2020-01-01", "most": "7"}
    )
    assert answer.status_code == 422
    assert 'value="7"' in answer.text
    assert "field-due-complaint" in answer.text


def test_by_sync_and_once_though_it_came_twice(counting: Counting) -> None:
    phone = counting.practice.tablet("Phone 2", "dana", "count")
    fields = {"count_id": new_id(), "kind": "full", "place_id": counting.shelf}
    said = phone.command(ASK, fields)
    phone.sync([said])
    phone.sync([said])
    assert phone.receipt(said)["outcome"] == "applied"
    assert len([row for row in counting.rows("count") if row["id"] == fields["count_id"]]) == 1


def test_what_is_kept_nowhere_cannot_be_counted(counting: Counting) -> None:
    fields = {"count_id": new_id(), "kind": "full", "place_id": counting.supplies.cart}
    assert counting.practice.act("maria", ASK, fields).code == "nothing_to_count"
    spot = {"count_id": new_id(), "kind": "spot", "place_id": counting.shelf}
    assert counting.practice.act("maria", ASK, spot).code == "no_item"
    asked = {"count_id": counting.id, "kind": "full", "place_id": counting.shelf}
    assert counting.practice.act("maria", ASK, asked).code == "asked_already"


def test_a_round_begins_with_what_expires_then_what_is_said_to_be_gone_then_what_its_class_says(
    counting: Counting,
) -> None:
    counting.sees_all("dana")
    par = {"place_id": counting.shelf, "item_id": counting.lidocaine, "least": 5}
    counting.practice.act("dana", "inventory.set_par", par)
    counting.supplies.does("cleo", "inventory.use_stock", item_id=counting.lidocaine, quantity=10)
    counting.practice.clock.moment += timedelta(days=100)
    id = counting.ask(kind="cycle", place_id=counting.shelf, most=3)
    why = {row["item_id"]: row["why"] for row in counting.rows("count_review") if row["count_id"] == id}
    assert why == {counting.syringes: "expiring", counting.lidocaine: "none_on_hand"}
    counting.practice.clock.moment += timedelta(days=100)
    id = counting.ask(kind="cycle", place_id=counting.shelf, most=3)
    why = {row["item_id"]: row["why"] for row in counting.rows("count_review") if row["count_id"] == id}
    assert why[counting.gloves] == "due_by_class"


def test_called_off_nothing_of_it_is_posted_any_more(counting: Counting) -> None:
    counting.sees("dana", counting.gloves, 150)
    act = counting.practice.act
    assert act("cleo", "counts.cancel", {"count_id": counting.id}).outcome in ("refused", "held")
    assert act("dana", "counts.cancel", {"count_id": counting.id}).outcome == "applied"
    assert act("dana", "counts.cancel", {"count_id": counting.id}).outcome == "noop"
    late = counting.does("dana", "submit")
    assert (late.outcome, late.code) == ("flagged", "count_over")
    assert counting.on_hand(counting.gloves) == 200
    assert set(tasks(counting, counting.id)) == {counting.gloves, counting.syringes, counting.lidocaine}
    assert counting.practice.sheets_with("count_task", f"{counting.id}/{counting.shelf}/{counting.gloves}") == set()


def test_closed_without_the_rest_what_was_not_counted_is_named(counting: Counting) -> None:
    counting.sees("dana", counting.gloves, 200)
    counting.does("dana", "submit")
    closed = counting.practice.act("maria", "counts.close", {"count_id": counting.id})
    assert closed.say == "2 items were not counted."
    assert counting.task(counting.syringes) == "not_counted"
    assert counting.practice.row("count", counting.id)["state"] == "done"  # type: ignore[index]
    assert counting.practice.act("maria", "counts.close", {"count_id": counting.id}).outcome == "noop"


def test_what_a_manager_declined_is_looked_at_again_by_a_third(counting: Counting) -> None:
    counting.sees("dana", counting.gloves, 150)
    counting.does("dana", "submit")
    counting.sees("cleo", counting.gloves, 150)
    counting.does("cleo", "submit")
    [request] = counting.requests()
    again = {"task_id": f"{counting.id}/{counting.shelf}/{counting.gloves}"}
    assert counting.practice.act("maria", "counts.count_again", again).code == "in_review"
    said = {"approval_id": request["id"], "reason": "Look behind the boxes"}
    counting.practice.act("maria", "approvals.decline", said, seen=request["hash"])
    assert counting.practice.act("dana", "counts.count_again", again).outcome in ("refused", "held")
    assert counting.practice.act("maria", "counts.count_again", again).outcome == "applied"
    assert counting.practice.act("maria", "counts.count_again", again).outcome == "noop"
    assert counting.task(counting.gloves) == "recount"
    counting.sees("ben", counting.gloves, 200)
    counting.does("ben", "submit")
    assert counting.task(counting.gloves) == "posted"


def test_the_evidence_page_closes_and_calls_off_by_form(counting: Counting) -> None:
    browser = counting.practice.browser("maria")
    closed = browser.post(f"/counts/{counting.id}/close")
    assert (closed.status_code, closed.headers["location"]) == (303, f"/counts/{counting.id}/evidence")
    other = counting.ask(place_id=counting.shelf)
    assert browser.post(f"/counts/{other}/cancel").headers["location"] == "/counts"
    task = {"task_id": f"{other}/{counting.shelf}/{counting.gloves}"}
    assert browser.post(f"/counts/{other}/again", task).status_code == 422


def test_only_a_manager_reads_the_evidence(counting: Counting) -> None:
    counting.sees_all("dana", gloves=199)
    page = counting.practice.browser("maria").get(f"/counts/{counting.id}/evidence")
    assert "Matches" in page.text
    assert "Within the tolerance" in page.text
    assert counting.practice.browser("dana").get(f"/counts/{counting.id}/evidence").status_code == 403


def test_every_page_of_a_count_opens(counting: Counting, practice: Practice) -> None:
    counting.sees("dana", counting.gloves, 3)
    browser = practice.tablet("Phone 1", "dana", "count")
    for path in ("/counts", "/counts/new", f"/counts/{counting.id}", f"/counts/{counting.id}/sheet"):
        assert browser.get(path).status_code == 200, path
    assert practice.browser("maria").get("/counts/tolerances").status_code == 200


def test_what_is_to_be_counted_is_found_by_the_new_name_of_its_item_and_its_place(counting: Counting) -> None:
    practice = counting.practice
    practice.act("dana", "inventory.record_item", item_as_recorded(counting, "Nitrile gloves M"))
    shelf = {"place_id": counting.shelf, "kind": "bin", "parent_id": counting.room, "name": "Top shelf"}
    practice.act("dana", "inventory.record_place", shelf)
    task = f"{counting.id}/{counting.shelf}/{counting.gloves}"
    assert practice.row("count_task", task)["search"] == "nitrile gloves m"  # type: ignore[index]
    assert practice.row("count_review", task)["sort_key"] == "nitrile gloves m"  # type: ignore[index]
    assert "top shelf" in practice.row("count_place", f"{counting.id}/{counting.shelf}")["sort_key"]  # type: ignore[index]


def item_as_recorded(counting: Counting, name: str) -> dict[str, object]:
    return {"item_id": counting.gloves, "name": name, "base_unit": "each", "abc": "B"}
