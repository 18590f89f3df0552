"""Somebody was registered twice: two people compare, one says so, and takes it back."""

from typing import Any

from backend.ids import new_id
from tests.forms import form_to, text_of
from tests.patients.twice import FIRST, NORA, REGISTER, registered, registered_twice
from tests.practice import Practice
from tests.privacy.looks import looks

MERGE, APART = "patients.merge", "patients.tell_apart"


def test_registered_twice_on_two_tablets_merged_and_separated_again(practice: Practice) -> None:
    ana, ben, nora, norah = registered_twice(practice)
    [pair] = practice.rows("duplicate_pair")
    assert (pair["patient_id"], pair["other_id"], pair["state"]) == (nora["patient_id"], norah["patient_id"], "open")
    number = practice.row("patient", norah["patient_id"])["mrn"]  # type: ignore[index]

    merge = ben.command(MERGE, {"pair_id": pair["id"], **FIRST, "given": "second"}, seen=pair["hash"])
    ben.send([merge])
    ben.sync([merge])
    assert ben.receipt(merge)["outcome"] == "applied"
    kept = ben.row("patient", nora["patient_id"])
    assert (kept["given"], number.lower() in kept["search"]) == ("Norah", True)
    assert ben.row("visit", norah["visit_id"])["patient_id"] == nora["patient_id"]
    assert (ben.row("patient", norah["patient_id"])["mrn"], ben.row("patient", norah["patient_id"])["search"]) == (
        kept["mrn"],
        "",
    )

    # Ana's tablet has not heard of it, and records another visit of the record that is gone.
    late = ana.command("checkin.record_walk_in", {**registered_visit(), "patient_id": norah["patient_id"]})
    ana.sync([late])
    assert ana.receipt(late)["outcome"] == "applied"
    assert ana.row("visit", late["fields"]["visit_id"])["patient_id"] == nora["patient_id"]
    said = practice.entry(late["command_id"]).payload
    assert norah["patient_id"] in said, "what was said stays as it was"

    undo = ana.command("undo", {"command_id": merge["command_id"]})
    ana.sync([undo])
    assert "stays with the one that was kept" in ana.receipt(undo)["say"]
    ben.sync()
    assert ben.row("patient", nora["patient_id"])["given"] == "Nora"
    assert (ben.row("patient", norah["patient_id"])["mrn"], ben.row("patient", norah["patient_id"])["given"]) == (
        number,
        "Norah",
    )
    owners = [ben.row("visit", id)["patient_id"] for id in (norah["visit_id"], late["fields"]["visit_id"])]
    assert owners == [norah["patient_id"], nora["patient_id"]]
    assert practice.row("duplicate_pair", pair["id"])["state"] == "open"  # type: ignore[index]


def registered_visit() -> dict[str, Any]:
    return {"visit_id": new_id(), "type": "Office visit"}


def test_a_record_that_changed_since_is_held_and_shown_anew(practice: Practice) -> None:
    registered_twice(practice)
    [pair] = practice.rows("duplicate_pair")
    for seen in (None, "0" * 32):
        receipt = practice.act("ana", MERGE, {"pair_id": pair["id"], **FIRST}, seen=seen)
        assert (receipt.outcome, receipt.code) == ("held", "changed_since")
    source = {"source": "ehr/nora", "family": "O’Hara", "given": "Nora", "birth_date": "1990-02-03"}
    practice.act("maria", "patients.import_patient", {"patient_id": pair["patient_id"], **source, "city": "Putney"})
    anew = practice.row("duplicate_pair", pair["id"])
    assert anew is not None
    assert anew["hash"] != pair["hash"]
    assert practice.act("ana", MERGE, {"pair_id": pair["id"], **FIRST}, seen=pair["hash"]).outcome == "held"
    assert practice.act("ana", MERGE, {"pair_id": pair["id"], **FIRST}, seen=anew["hash"]).outcome == "applied"


def test_who_may_not_or_comes_too_late_is_told(practice: Practice) -> None:
    registered_twice(practice)
    [pair] = practice.rows("duplicate_pair")
    fields = {"pair_id": pair["id"], **FIRST}
    assert practice.act("dana", MERGE, fields, seen=pair["hash"]).code == "not_allowed"
    assert practice.act("ana", MERGE, {**fields, "pair_id": new_id()}, seen=pair["hash"]).outcome == "refused"
    assert practice.act("ana", APART, {"pair_id": pair["id"]}).outcome == "applied"
    assert practice.act("ben", APART, {"pair_id": pair["id"]}).outcome == "noop"
    assert practice.act("ana", MERGE, fields, seen=pair["hash"]).code == "told_apart"


def test_two_people_who_were_told_apart_are_not_asked_about_again(practice: Practice) -> None:
    registered_twice(practice)
    ana = practice.browser("ana")
    listed = ana.get("/patients/duplicates").text
    assert "Nora O’Hara · Norah O’Hara" in text_of(listed)
    [pair] = practice.rows("duplicate_pair")
    path = f"/patients/duplicates/{pair['id']}"
    form = form_to(ana.get(path).text, "/apart")
    assert ana.post(form.action, form.filled()).status_code == 303
    assert "Nobody seems to be registered twice" in text_of(ana.get("/patients/duplicates").text)
    again = practice.act("ana", REGISTER, registered(patient_id=pair["other_id"]))
    assert "possible_duplicate" not in again.code
    form = form_to(ana.get(path).text, "/undo")
    assert ana.post(form.action, form.filled()).status_code == 303
    form = form_to(ana.get(path).text, "/merge")
    assert ana.post(form.action, form.filled(given="second")).status_code == 303
    assert practice.row("patient", pair["patient_id"])["given"] == "Norah"  # type: ignore[index]
    assert "Merged" in text_of(ana.get(path).text)


def test_both_patients_have_the_look_at_the_pair_in_their_log(practice: Practice) -> None:
    _, _, nora, norah = registered_twice(practice)
    [pair] = practice.rows("duplicate_pair")
    practice.browser("ana").get(f"/patients/duplicates/{pair['id']}")
    seen = [look.subject for look in looks(practice, kind="read") if look.page == "patients.pair"]
    assert sorted(seen) == sorted([nora["patient_id"], norah["patient_id"]])


def test_a_correction_that_makes_two_alike_asks_who_they_are(practice: Practice) -> None:
    practice.act("ana", REGISTER, registered())
    other = registered(family="Lindqvist")
    assert practice.act("ben", REGISTER, other).outcome == "applied"
    who = {name: NORA[name] for name in ("family", "given", "birth_date", "sex")}
    corrected = practice.act("ben", "patients.change_identity", {"patient_id": other["patient_id"], **who})
    assert (corrected.outcome, corrected.code) == ("flagged", "possible_duplicate")


def test_a_form_that_is_sent_twice_decides_once(practice: Practice) -> None:
    registered_twice(practice)
    [pair] = practice.rows("duplicate_pair")
    ana = practice.browser("ana")
    for what, command in (("/apart", APART), ("/merge", MERGE)):
        form = form_to(ana.get(f"/patients/duplicates/{pair['id']}").text, what)
        assert [ana.post(form.action, form.filled()).status_code for _ in range(2)] == [303, 303]
        [entry] = practice.entries(command)
        assert entry.outcome == "applied"
        assert practice.act("ana", "undo", {"command_id": entry.command_id}).outcome == "applied"


def test_a_manager_finds_them_from_today(practice: Practice) -> None:
    maria = practice.browser("maria")
    assert "Records to compare" not in maria.get("/today").text
    registered_twice(practice)
    assert "Records to compare: 1" in text_of(maria.get("/today").text)


def test_what_a_merge_took_has_its_origin_when_a_later_edit_meets_it(practice: Practice) -> None:
    ana, ben = practice.tablet("Tablet 1", "ana"), practice.tablet("Tablet 2", "ben")
    one, two = ana.command(REGISTER, registered(phone="5550100177")), ben.command(REGISTER, registered(phone=None))
    ana.sync([one])
    ben.sync([two])
    [pair] = practice.rows("duplicate_pair")
    merge = ben.command(MERGE, {"pair_id": pair["id"], **FIRST, "phone": "second"}, seen=pair["hash"])
    ben.sync([merge])
    nothing = dict.fromkeys(("email", "line", "city", "state", "postal_code"))
    fields = {"patient_id": one["fields"]["patient_id"], "phone": "5550100178", **nothing}
    late = ana.command("patients.change_contact", fields, was={**nothing, "phone": "5550100177"})
    ana.sync([late])
    assert ana.receipt(late)["code"] == "changed_by_two"
    card = text_of(practice.browser("maria").get("/attention/office").text)
    assert "Phone: nothing – Ben Ito on Tablet 2, at 8:30 am" in card
