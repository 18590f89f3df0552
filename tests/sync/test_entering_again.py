"""What was held or refused is entered again with changes: sync.enter_again."""

from typing import Any

from backend.ids import new_id
from tests.forms import form_to, text_of
from tests.practice import Practice

AGAIN = "sync.enter_again"


def refused(practice: Practice) -> tuple[Any, dict[str, Any]]:
    """Ana closed a case without saying why, on her tablet."""
    tablet = practice.tablet("Tablet 1")
    odd = tablet.command("checkin.check_in", {"visit_id": practice.visits["alma"]})
    wrong = tablet.command("sync.close_case", {"case_id": odd["command_id"], "reason": ""})
    tablet.sync([odd, wrong])
    assert tablet.receipt(wrong)["outcome"] == "refused"
    return tablet, wrong


def test_what_is_typed_again_is_done_and_its_card_is_gone(practice: Practice) -> None:
    tablet, wrong = refused(practice)
    page = tablet.get("/attention").text
    assert "Enter it again with changes" in text_of(page)
    form = form_to(page, f"{wrong['command_id']}/again")
    sent = form.filled(**{"lines.1.text": "Asked her on the way out"})
    assert tablet.post(form.action, sent, partial=True).status_code == 200
    assert tablet.post(form.action, sent).status_code == 303
    done = practice.entries("sync.close_case")
    assert [entry.outcome for entry in done] == ["refused", "applied"]
    assert done[1].caused_by == practice.entries(AGAIN)[0].command_id
    assert practice.rows("case") == []


def test_by_sync_and_twice_it_is_entered_once(practice: Practice) -> None:
    tablet, wrong = refused(practice)
    lines = [{"name": "reason", "text": "Asked her"}]
    entry = tablet.command(AGAIN, {"case_id": wrong["command_id"], "lines": lines})
    tablet.send([entry])
    tablet.sync([entry])
    assert tablet.receipt(entry)["outcome"] == "applied"
    assert len(practice.entries("sync.close_case")) == 2


def test_what_still_does_not_fit_stays_with_the_reason(practice: Practice) -> None:
    _, wrong = refused(practice)
    for lines, code in (([{"name": "reason", "text": "x" * 99}], "does_not_fit"), ([], "unreadable")):
        receipt = practice.act("ana", AGAIN, {"case_id": wrong["command_id"], "lines": lines})
        assert (receipt.outcome, receipt.code) == ("refused", code), lines
    assert practice.row("case", wrong["command_id"]) is not None


def test_a_field_that_the_card_does_not_offer_stays_as_it_was(practice: Practice) -> None:
    _, wrong = refused(practice)
    lines = [{"name": "case_id", "text": new_id()}, {"name": "reason", "text": "Asked her"}]
    receipt = practice.act("ana", AGAIN, {"case_id": wrong["command_id"], "lines": lines})
    assert receipt.outcome == "applied"
    assert practice.rows("case") == []


def test_what_was_applied_is_not_entered_again(practice: Practice) -> None:
    odd = practice.act("ana", "checkin.check_in", {"visit_id": practice.visits["alma"]})
    lines = [{"name": "reason", "text": "Asked her"}]
    receipt = practice.act("ana", AGAIN, {"case_id": odd.command_id, "lines": lines})
    assert (receipt.outcome, receipt.code) == ("refused", "not_again")
    again = practice.act("ben", AGAIN, {"case_id": odd.command_id, "lines": lines})
    assert (again.outcome, again.code) == ("refused", "not_yours")
