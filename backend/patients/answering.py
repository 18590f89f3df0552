"""Answering: the card that asked about two records closes once a person said what they are, and opens with them."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from backend.journal import close_case, find_case, find_entry, reopen_case
from backend.patients.models import DuplicatePair, Patient
from backend.work import Work

ASKED = "possible_duplicate"
ELSEWHERE = "One of the two was merged with another record"


def close_card(pair: DuplicatePair, said: str, work: Work) -> None:
    """Close the card of the entry that found the pair, once it asks nothing more. `said` is what was decided."""
    case, entry = find_case(work.session, pair.found_by), find_entry(work.session, pair.found_by)
    # A card that is there for something else besides is a person's to close.
    if case is None or entry is None or case.closed_at is not None or entry.code != ASKED or still_asked(pair, work):
        return
    close_case(work.session, pair.found_by, work.actor.id, said, work.happened_at)
    pair.closed_card = True
    work.publish("case", pair.found_by)


def still_asked(pair: DuplicatePair, work: Work) -> int:
    """How many of the pairs that its entry found wait for somebody; one of a record that was merged does not."""
    work.session.flush()
    one, other = aliased(Patient), aliased(Patient)
    query = (
        select(func.count())
        .select_from(DuplicatePair)
        .join(one, one.id == DuplicatePair.patient_id)
        .join(other, other.id == DuplicatePair.other_id)
        .where(DuplicatePair.found_by == pair.found_by, DuplicatePair.state == "open")
        .where(one.merged_into.is_(None), other.merged_into.is_(None))
    )
    return work.session.scalar(query) or 0


def close_cards_of(merged: Patient, work: Work) -> None:
    """Close the cards that ask about a record which was merged: whoever it is, is decided of the one that stayed."""
    for pair in open_pairs_of(merged, work):
        close_card(pair, ELSEWHERE, work)


def open_cards_of(separated: Patient, work: Work) -> None:
    """The record is its own again, and so are the questions about it."""
    for pair in open_pairs_of(separated, work):
        open_card_again(pair, work)


def open_pairs_of(patient: Patient, work: Work) -> list[DuplicatePair]:
    """The pairs of this patient that nobody has decided."""
    named = or_(DuplicatePair.patient_id == patient.id, DuplicatePair.other_id == patient.id)
    query = select(DuplicatePair).where(named, DuplicatePair.state == "open")
    return list(work.session.scalars(query.order_by(DuplicatePair.id)))


def open_card_again(pair: DuplicatePair, work: Work) -> None:
    """A decision was taken back: what a decision closed, and no person by hand, is open again if it asks something."""
    if not still_asked(pair, work):
        return
    query = select(DuplicatePair).where(DuplicatePair.found_by == pair.found_by, DuplicatePair.closed_card)
    for closed in list(work.session.scalars(query)):
        closed.closed_card = False
        reopen_case(work.session, closed.found_by)
        work.publish("case", closed.found_by)
