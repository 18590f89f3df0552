"""The access log to look at: filtered, by patient, and as a file. Each look at it is noted in it."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, RawBody
from sqlalchemy.orm import Session

from backend import paths
from backend.at_office import only_for, show
from backend.callers import Caller, said_by_our_script, same_origin
from backend.errors import Missing
from backend.histories import looked_back_at
from backend.identity import PRIVACY
from backend.ids import is_id
from backend.lists import meets
from backend.noticing import note_by, subjects_at
from backend.privacy.exporting import MOST_EXPORTED, as_csv, as_ndjson, records
from backend.privacy.finding import Wanted, page_of, query_of, wanted
from backend.privacy.telling import KIND_WORDS, SENTENCES, Names, told
from backend.serving import Office, caller_of, office_of, read_form, scope_of, view_of
from backend.values import folded

MOST_FOUND = 20
FILES = {"csv": ("text/csv; charset=utf-8", as_csv), "ndjson": ("application/x-ndjson", as_ndjson)}


def officer_of(request: Request, session: Session) -> Caller:
    """Who answers for privacy; anybody else is told that it is not theirs."""
    return only_for(request, session, PRIVACY, "Only the privacy officer and the owner read the access log.")


def entries_of(session: Session, caller: Caller, office: Office, asked: Wanted) -> dict[str, Any]:
    """What the pages of the log have in common."""
    found, before = page_of(session, asked, caller.site)
    names = Names(session, caller, office)
    filters = {**asked.as_query(), "subject": asked.subject}
    choices: dict[str, Any] = {"people": names.people(), "devices": names.devices(), "kinds": list(SENTENCES)}
    address = f"/access/patient/{asked.subject}" if asked.subject else "/access"
    choices |= {"kind_words": KIND_WORDS, "address": address}
    return {"entries": told(found, names), "before": before, "filters": filters, **choices}


@get("/access", sync_to_thread=True)
def access_page(request: Request) -> Response[str]:
    """Everything of the site, newest first."""
    office = office_of(request)
    with office.database.read() as session:
        caller = officer_of(request, session)
        shown = entries_of(session, caller, office, wanted(paths.form_of(request.url.query), ""))
    note_by(caller, office, "read", "privacy.access", rows=len(shown["entries"]))
    return show(office, caller, "privacy.access", "privacy/access.html", found=[], searched=False, **shown)


@post("/access/find", sync_to_thread=True, status_code=200)
def find_patient(request: Request, body: RawBody) -> Response[str]:
    """Whose page was looked at: a name comes in the body, and only an id goes into an address."""
    office = office_of(request)
    same_origin(request)
    typed = read_form(body).get("q", [""])[-1]
    with office.database.read() as session:
        caller = officer_of(request, session)
        view = view_of(session, caller, office).within([f"patients/{caller.site.id}"])
        terms = [term for term in folded(typed).split(" ") if term]
        rows = [row for row in view.rows("patient") if terms and meets(row, [["matches", "search", terms]], view)]
        found = [
            {"id": row["id"], "name": f"{row['given']} {row['family']}", "birth_date": row["birth_date"] or ""}
            for row in sorted(rows, key=lambda row: str(row["sort_key"]))[:MOST_FOUND]
        ]
        shown = entries_of(session, caller, office, Wanted())
    note_by(caller, office, "search", "privacy.access", rows=len(found))
    return show(office, caller, "privacy.access", "privacy/access.html", found=found, searched=True, **shown)


@get("/access/patient/{patient_id:str}", sync_to_thread=True)
def subject_page(request: Request, patient_id: FromPath[str]) -> Response[str]:
    """Who saw this patient."""
    office = office_of(request)
    with office.database.read() as session:
        caller = officer_of(request, session)
        view = view_of(session, caller, office).within([f"patients/{caller.site.id}"])
        row = view.get("patient", patient_id) if is_id(patient_id) else None
        if row is None:
            raise Missing("There is no such patient.")
        asked = wanted(paths.form_of(request.url.query), patient_id)
        shown = entries_of(session, caller, office, asked)
        person = {"id": patient_id, "name": f"{row['given']} {row['family']}", "birth_date": row["birth_date"] or ""}
    note_by(caller, office, "read", "privacy.subject", subject=patient_id)
    return show(office, caller, "privacy.subject", "privacy/subject.html", person=person, **shown)


@post("/access/export", sync_to_thread=True, status_code=200)
def export(request: Request, body: RawBody) -> Response[bytes]:
    """What the filters show, oldest first, as a file."""
    office = office_of(request)
    same_origin(request)
    form = read_form(body)
    kind = form.get("format", ["csv"])[-1]
    if kind not in FILES:
        raise Missing("There is no such kind of file.")
    media_type, written = FILES[kind]
    with office.database.read() as session:
        caller = officer_of(request, session)
        asked = wanted(form)
        entries = session.execute(query_of(session, asked, caller.site).limit(MOST_EXPORTED)).all()
        rows = records(reversed(entries), Names(session, caller, office))
    note_by(caller, office, "export", "privacy.access", subject=asked.subject or None, rows=len(rows), code=kind)
    headers = {"Content-Disposition": f'attachment; filename="access-log.{kind}"', "Cache-Control": "no-store"}
    return Response(written(rows), headers=headers, media_type=media_type)


@post("/access/printed", sync_to_thread=True, status_code=204)
def printed(request: Request, body: RawBody) -> None:
    """A page script says that its page goes to paper: the path comes in the body, the log keeps page and patient."""
    office = office_of(request)
    said_by_our_script(request)
    path = read_form(body).get("path", [""])[-1]
    with office.database.read() as session:
        caller = caller_of(request, session)
        scope, view = scope_of(caller, office), view_of(session, caller, office)
        name, subjects = subjects_at(office.answering.manifest, path, view, scope)
        if not name:
            name, subjects = looked_back_at(office.rooms, session, caller, path)
    if name:
        for subject in subjects or [None]:
            note_by(caller, office, "print", name, subject=subject)
