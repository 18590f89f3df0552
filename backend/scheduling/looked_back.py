"""The histories of a visit and of a patient, whose visits are part of theirs."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.clock import instant
from backend.histories import PREFIX, History, Thing
from backend.identity import DESK
from backend.patients import known_as, names_of
from backend.scheduling.models import Visit
from backend.work import Site


def visit_of(session: Session, site: Site, visit_id: str) -> Thing | None:
    """One visit. Whose it is has a history of their own, where their other visits are too."""
    visit = session.get(Visit, visit_id)
    if visit is None or visit.site_id != site.id:
        return None
    name, facts = names_of(session, site, visit.patient_id) or ("Unknown patient", [])
    more = [(f"{PREFIX}patient/{visit.patient_id}", "History of the patient")] if facts else []
    page = f"/checkin/{visit.id}"
    return Thing(name, [*facts, visit.type], page, [visit.id], visit.patient_id, more, instant(visit.starts_at))


def patient_of(session: Session, site: Site, patient_id: str) -> Thing | None:
    """A patient with all their visits at the site."""
    named = names_of(session, site, patient_id)
    if named is None:
        return None
    ids = known_as(session, patient_id)
    visits = session.scalars(select(Visit.id).where(Visit.patient_id.in_(ids), Visit.site_id == site.id))
    return Thing(*named, "", [*ids, *visits], patient_id)


OF_PATIENTS = {"roles": DESK, "sheets": ("visits/{site}/*", "office/{site}", "patients/{site}"), "emergency": True}
histories = [
    History("visit", "History of a visit", visit_of, **OF_PATIENTS),  # type: ignore[arg-type]
    History("patient", "History of a patient", patient_of, **OF_PATIENTS),  # type: ignore[arg-type]
]
