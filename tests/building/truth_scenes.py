"""Scenes of what is changed of a patient, and of what a person does about two truths."""

from collections.abc import Callable

from tests.building.scene import Made, Scene
from tests.practice import Practice

CONTACT = "patients.change_contact"
ELM = {"line": "12 Elm Street", "city": "Albany", "state": "NY", "postal_code": "12203", "email": None}


def reached(phone: str) -> Callable[[Practice], Made]:
    return lambda practice: (CONTACT, {"patient_id": practice.patients["alma"], "phone": phone, **ELM})


def corrected(practice: Practice) -> Made:
    who = {"family": "Ñúñez", "given": "Zoë", "birth_date": "2001-05-06", "sex": "other"}
    return "patients.change_identity", {"patient_id": practice.patients["alma"], **who}


def chosen(practice: Practice) -> Made:
    """Of two phone numbers."""
    practice.act("ana", *reached("5550100777")(practice))
    odd = practice.act("ana", *reached("5550100778")(practice), was={"phone": "5550100101"})
    return "sync.choose", {"case_id": odd.command_id, "choice": "keep"}


def again(practice: Practice) -> Made:
    """A case was closed without a reason."""
    odd = practice.act("ana", "checkin.check_in", {"visit_id": practice.visits["alma"]})
    wrong = practice.act("ana", "sync.close_case", {"case_id": odd.command_id, "reason": ""})
    lines = [{"name": "reason", "text": "Asked at the desk"}]
    return "sync.enter_again", {"case_id": wrong.command_id, "lines": lines}


PAYMENT = "00000000-0000-7000-8000-0000000000c5"


def paid(practice: Practice) -> Made:
    how = {"cents": 2500, "method": "check", "reference": "1042", "number": "7-1"}
    return "payments.collect_copay", {"payment_id": PAYMENT, "visit_id": practice.visits["alma"], **how}


def called_off(practice: Practice) -> Made:
    return "scheduling.cancel_visit", {"visit_id": practice.visits["alma"], "called": "family", "reason": "weather"}


def called_off_here(practice: Practice) -> Made:
    return "scheduling.cancel_visit", {"visit_id": practice.visits["alma"], "called": "office", "reason": "other"}


def given_on(practice: Practice) -> Made:
    ids = {"slot_of": practice.visits["alma"], "patient_id": practice.patients["chiara"]}
    return "scheduling.give_slot", {"visit_id": "00000000-0000-7000-8000-0000000000c6", "day": "2026-11-23", **ids}


def came(practice: Practice) -> Made:
    return "checkin.record_arrival", {"visit_id": practice.visits["alma"]}


def worked_in(practice: Practice) -> Made:
    return "scheduling.work_in", {"visit_id": practice.visits["alma"]}


LINE = {"day": "2026-11-23", "time": "08:10", "written_by": "Cleo", "about": True}


def typed_in(practice: Practice) -> Made:
    return "checkin.type_in_arrival", {"visit_id": practice.visits["alma"], **LINE}


def walked_in_on_paper(practice: Practice) -> Made:
    ids = {"visit_id": "00000000-0000-7000-8000-0000000000c7", "patient_id": practice.patients["chiara"]}
    return "checkin.type_in_walk_in", {**ids, "type": "Walk-in", "reason": "Sore throat", **LINE, "day": "2026-11-20"}


def registered_on_paper(_practice: Practice) -> Made:
    ids = {name: f"00000000-0000-7000-8000-0000000000{n}" for name, n in (("visit_id", "c8"), ("patient_id", "c9"))}
    who = {"family": "Ñúñez", "given": "Zoë", "birth_date": "2001-05-06", "sex": "other", "phone": "5550100199"}
    return "checkin.type_in_registration", {**ids, **who, "type": "Walk-in", "reason": None, **LINE}


TRUTH_SCENES = [
    Scene("an arrival is typed in from paper", typed_in),
    Scene("an arrival from paper is undone", typed_in, undoes=True),
    Scene("a walk-in is typed in from paper", walked_in_on_paper),
    Scene("a walk-in from paper is undone", walked_in_on_paper, undoes=True),
    Scene("a registration is typed in from paper", registered_on_paper),
    Scene("a registration from paper is undone", registered_on_paper, undoes=True),
    Scene("a patient calls a visit off", called_off),
    Scene("the office calls a visit off", called_off_here),
    Scene("a visit is called off twice", called_off_here, [called_off], paints_nothing=True),
    Scene("a visit is called off whose patient is here", called_off, [came], paints_nothing=True),
    Scene("a time is given to somebody else", given_on, [called_off]),
    Scene("a time that was given is taken back", given_on, [called_off], undoes=True),
    Scene("somebody comes whose time was given away", came, [called_off, given_on]),
    Scene("a work-in is taken back", worked_in, [called_off, given_on, came], undoes=True),
    Scene("a cancellation is undone", called_off, undoes=True),
    Scene("contact details are read back", reached("5550100101")),
    Scene("contact details are changed", reached("5550100777")),
    Scene("a change of contact details is undone", reached("5550100777"), undoes=True),
    Scene("a patient is corrected", corrected),
    Scene("a correction of a patient is undone", corrected, undoes=True),
    Scene("one of two truths is chosen", chosen),
    Scene("what was refused is entered again", again),
    Scene("a copay is collected", paid),
    Scene("a copay is undone", paid, undoes=True),
]
