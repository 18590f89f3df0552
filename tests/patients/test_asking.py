"""The card that asks whether two records are of one person: one tap decides, and it stays while it asks something."""

from typing import Any

from backend.ids import new_id
from backend.journal import find_case
from tests.forms import form_to
from tests.patients.twice import FIRST, REGISTER, registered, registered_twice
from tests.practice import Practice

MERGE, APART = "patients.merge", "patients.tell_apart"


def asked_of(tablet: Any) -> list[dict[str, Any]]:
    """The cards that ask whether two are one, as the person at this tablet sees them."""
    cases = tablet.sheets[f"attention/{tablet.actor}"].items()
    return [body for (kind, _), (_, body) in cases if kind == "case" and body["code"] == "possible_duplicate"]


def test_the_card_shows_both_truths_and_one_tap_merges_them(practice: Practice) -> None:
    _, ben, nora, norah = registered_twice(practice)
    [card] = asked_of(ben)
    assert card["say"].startswith("Is this the same person as Nora O’Hara, MRN ")
    assert "Phone: (555) 010-0177" in card["stands"]
    assert "First name: Norah" in card["details"]
    assert card["choices"] == ["merge", "apart", "compare_1"]
    [pair] = practice.rows("duplicate_pair")
    assert card["to_compare_1"] == f"/patients/duplicates/{pair['id']}"

    choose = {"case_id": card["command_id"], "choice": "merge"}
    chosen = ben.command("sync.choose", choose)
    ben.send([chosen])
    ben.sync([chosen])
    assert ben.receipt(chosen)["outcome"] == "applied"
    assert (asked_of(ben), len(practice.entries(MERGE))) == ([], 1)
    assert ben.row("visit", norah["visit_id"])["patient_id"] == nora["patient_id"]
    assert practice.act("maria", "sync.choose", choose).outcome == "noop"

    # What the choice did is taken back on its page: two people again, and the card asks again.
    form = form_to(practice.browser("ana").get(card["to_compare_1"]).text, "/undo")
    ana = practice.browser("ana")
    assert [ana.post(form.action, form.filled()).status_code for _ in range(2)] == [303, 303]
    ben.sync()
    assert [one["command_id"] for one in asked_of(ben)] == [card["command_id"]]
    assert ben.row("visit", norah["visit_id"])["patient_id"] == norah["patient_id"]


def test_the_card_does_nothing_over_a_record_that_changed_since_and_opens_no_page_by_itself(practice: Practice) -> None:
    _, ben, nora, _ = registered_twice(practice)
    [card] = asked_of(ben)
    page = practice.act("ben", "sync.choose", {"case_id": card["command_id"], "choice": "compare_1"})
    assert (page.outcome, page.code) == ("refused", "no_such_choice")
    contact = {"patient_id": nora["patient_id"], "phone": "5550100188"}
    practice.act("ana", "patients.change_contact", contact)
    late = practice.act("ben", "sync.choose", {"case_id": card["command_id"], "choice": "merge"})
    assert (late.outcome, late.code, practice.entries(MERGE)) == ("refused", "changed_since", [])
    apart = practice.act("ben", "sync.choose", {"case_id": card["command_id"], "choice": "apart"})
    assert (apart.outcome, practice.row("case", card["command_id"])) == ("applied", None)


def test_a_card_about_two_stays_until_both_are_decided(practice: Practice) -> None:
    _, ben, *_ = registered_twice(practice)
    third = ben.command(REGISTER, registered(given="Nora", phone="5550100177"))
    ben.sync([third])
    card = next(one for one in asked_of(ben) if one["command_id"] == third["command_id"])
    assert card["choices"] == ["compare_1", "compare_2"]
    pairs = [card[f"to_{code}"].rpartition("/")[2] for code in card["choices"]]
    taken = [practice.act("ana", APART, {"pair_id": pair}, command_id=new_id()).command_id for pair in pairs[:1]]
    ben.sync()
    assert card in asked_of(ben)
    taken.append(practice.act("ana", APART, {"pair_id": pairs[1]}).command_id)
    ben.sync()
    assert third["command_id"] not in [one["command_id"] for one in asked_of(ben)]
    # The first of the two is asked anew, and so is the card that both had closed.
    practice.act("ana", "undo", {"command_id": taken[0]})
    ben.sync()
    assert third["command_id"] in [one["command_id"] for one in asked_of(ben)]


def test_a_card_that_somebody_closed_by_hand_stays_closed(practice: Practice) -> None:
    _, ben, *_ = registered_twice(practice)
    [card] = asked_of(ben)
    practice.act("ben", "sync.close_case", {"case_id": card["command_id"], "reason": "Asked her"})
    [pair] = practice.rows("duplicate_pair")
    merge = practice.act("ana", MERGE, {"pair_id": pair["id"], **FIRST}, seen=pair["hash"])
    assert practice.act("ana", "undo", {"command_id": merge.command_id}).outcome == "applied"
    ben.sync()
    assert asked_of(ben) == []


def test_a_card_about_a_record_that_was_merged_elsewhere_closes_and_opens_with_that_merge(practice: Practice) -> None:
    _, ben, nora, norah = registered_twice(practice)
    [card] = asked_of(ben)
    [asked] = practice.rows("duplicate_pair")
    # A third entry is like Norah's only by what it shares with it, and Norah's goes into it.
    third = ben.command(REGISTER, registered(phone="5550100177"))
    ben.sync([third])
    pairs = {frozenset((one["patient_id"], one["other_id"])): one for one in practice.rows("duplicate_pair")}
    pair = pairs[frozenset((norah["patient_id"], third["fields"]["patient_id"]))]
    merge = practice.act("ana", MERGE, {"pair_id": pair["id"], **FIRST, "survivor": "second"}, seen=pair["hash"])
    assert merge.outcome == "applied"
    ben.sync()
    assert [one["command_id"] for one in asked_of(ben)] == [third["command_id"]], "Nora and the third are asked about"
    with practice.office.database.read() as session:
        closed = find_case(session, card["command_id"])
    assert closed is not None
    assert closed.closed_reason == "One of the two was merged with another record"

    # Told apart, and that taken back, it has nothing to ask as long as the merge stands.
    apart = practice.act("ana", APART, {"pair_id": asked["id"]})
    assert practice.act("ana", "undo", {"command_id": apart.command_id}).outcome == "applied"
    assert practice.row("case", card["command_id"]) is None
    assert practice.act("ana", "undo", {"command_id": merge.command_id}).outcome == "applied"
    ben.sync()
    assert card["command_id"] in [one["command_id"] for one in asked_of(ben)]
    assert practice.act("ana", APART, {"pair_id": asked["id"]}).outcome == "applied"
    assert practice.row("case", card["command_id"]) is None
    assert nora["patient_id"] == asked["patient_id"]
