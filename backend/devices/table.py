"""Who may do what where: the table of purposes and roles as it holds in this program, shown rather than described."""

from typing import Any

from litestar import Request, Response, get

from backend.at_office import only_for, show
from backend.callers import sheets_allowed, stem
from backend.identity import MANAGERS, PRIVACY_OFFICER, PURPOSES, ROLES, Actor
from backend.serving import Office, office_of

READERS = MANAGERS | {PRIVACY_OFFICER}
ROLE_WORDS = {
    "owner": "Owner",
    "manager": "Manager",
    "front_desk": "Front desk",
    "clinical": "Clinical",
    "supplies": "Supplies",
    "privacy_officer": "Privacy officer",
}


def permits(purpose: str, role: str, office: Office) -> dict[str, Any]:
    """What somebody of this role may do on a device of this purpose: pages, sheets, commands, idle seconds."""
    known, actor = PURPOSES[purpose], Actor("", "", frozenset([role]))
    sheets = sheets_allowed(purpose, actor)
    held = {stem(name) for name in sheets} | {"device", "receipts"}
    return {
        "sheets": sheets,
        "pages": [
            page["title"]
            for page in office.answering.manifest["pages"]
            if role in page["roles"] and all(stem(name) in held for name in page["sheets"])
        ],
        "commands": [
            kind.title
            for (tag, v), kind in sorted(office.performer.kinds.items())
            if v == kind.v and role in kind.who_may and known.may_hand_in(tag) and sheets
        ],
        "idle_seconds": known.idle_seconds,
    }


@get("/devices/table", sync_to_thread=True)
def show_table(request: Request) -> Response[str]:
    """Every purpose, and within it every role that may do anything there."""
    office = office_of(request)
    with office.database.read() as session:
        caller = only_for(request, session, READERS, "Only a manager or the privacy officer sees who may do what.")
    table = []
    for purpose, known in PURPOSES.items():
        allowed = [(role, permits(purpose, role, office)) for role in ROLES]
        roles = [{"word": ROLE_WORDS[role], **found} for role, found in allowed if found["sheets"]]
        others = [ROLE_WORDS[role] for role, found in allowed if not found["sheets"]]
        table.append({"name": known.name, "idle_seconds": allowed[0][1]["idle_seconds"], "roles": roles,
                      "others": others})  # fmt: skip
    return show(office, caller, "devices.table", "devices/table.html", table=table)
