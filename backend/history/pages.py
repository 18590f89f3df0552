"""The one page of every history. From the office alone: a device keeps no more than its own entries."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from backend import paths
from backend.at_office import show
from backend.errors import Missing
from backend.histories import PREFIX, history_of, thing_for
from backend.history.telling import tell
from backend.noticing import note_by
from backend.posts import last
from backend.serving import caller_of, office_of


@get(PREFIX + "{kind:str}/{id:str}", sync_to_thread=True)
def show_history(request: Request, kind: FromPath[str], id: FromPath[str]) -> Response[str]:
    """Newest first, a page at a time; a look at a patient's is noted before it leaves the office."""
    office = office_of(request)
    history = history_of(office.rooms, kind)
    if history is None:
        raise Missing("There is no such page.")
    skip = skipped(paths.form_of(request.url.query))
    with office.database.read() as session:
        caller = caller_of(request, session)
        thing, code = thing_for(request, session, caller, history, id, office.clock.now())
        told = tell(session, thing.ids, office, caller.language, skip)
    if thing.patient_id:
        note_by(caller, office, "read", history.name, subject=thing.patient_id, code=code)
    about = {**thing._asdict(), "title": history.title, "address": f"{PREFIX}{kind}/{id}"}
    return show(office, caller, history.name, "history/history.html", thing=about, newer=skip > 0, **told)


def skipped(given: dict[str, Any]) -> int:
    """How many newer ones were seen already; what is no number is none."""
    text = last(given, "skip")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
