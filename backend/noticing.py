"""Noticing: whose data a page showed, taken from what its templates were given and not from what was asked for."""

from collections.abc import Iterator, Mapping
from typing import Any

from backend.access_log import Access, Noting, note_look
from backend.answers import Templates, page_at, parameters, sheets_of
from backend.callers import Caller
from backend.lists import gather
from backend.values import walk

# Sheets whose rows are patients, or point to them.
OF_PATIENTS = {"visits", "patients", "attention"}


class Noticing:
    """Templates that remember whose rows they were given."""

    def __init__(self, templates: Templates, pages: list[dict[str, Any]]) -> None:
        self.templates, self.pages = templates, {page["name"]: page for page in pages}
        self.page: dict[str, Any] | None = None
        self.subjects: set[str] = set()
        self.patients: set[str] = set()

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        page = self.pages.get(context.get("page", {}).get("name", ""))
        self.page = page or self.page
        if page is not None and reads_patients(page):
            alone = [part["name"] for part in page["parts"].values() if part["template"] == name and part.get("of")]
            shown = {one: context[one] for one in alone or page["lists"]}
            self.subjects |= {found for path in page["subjects"] if (found := walk(context, path))}
            self.patients |= set(patients_in(shown))
        return self.templates.render(name, context)

    def accesses(self, caller: Caller, known: dict[str, Any]) -> Iterator[Access]:
        """One look at each patient whose own page it is, or one at a list of however many."""
        if self.page is None or not reads_patients(self.page):
            return
        known = {**known, "page": self.page["name"]}
        who = of_caller(caller)
        for subject in sorted(self.subjects):
            yield Access(**{**who, **known, "subject": subject})
        if not self.subjects and (self.patients or known["kind"] == "search"):
            yield Access(**{**who, **known, "rows": len(self.patients)})


def note_shown(office: Noting, caller: Caller, noticed: Noticing, kind: str, code: str = "") -> None:
    """Note what was shown, before it leaves the office."""
    for access in noticed.accesses(caller, {"kind": kind, "at": office.clock.now(), "code": code}):
        note_look(office, access)


def note_by(caller: Caller, office: Noting, kind: str, page: str, **known: Any) -> None:
    """Note that this caller looked at this page, from whatever device."""
    note_look(office, Access(kind, office.clock.now(), **of_caller(caller), page=page, **known))


def of_caller(caller: Caller) -> dict[str, str]:
    """Who looks, at which site, on which device."""
    return {"actor_id": caller.actor.id, "site_id": caller.site.id, "device_id": caller.device.id}


def subjects_at(manifest: Mapping[str, Any], path: str, view: Any, scope: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The name of the page at this path and the patients whose page it is; an empty name when there is no page."""
    found = page_at(manifest, path)
    if found is None:
        return "", []
    page, given = found
    params = parameters(page, given, scope)
    known = {"param": params, **{name: scope[name] for name in ("now", "today", "device")}}
    known |= {"site": scope["site"]["id"], "actor": scope["actor"]["id"]}
    rows, subjects = view.within(sheets_of(page, params, scope)), []
    for name, field in (path.split(".") for path in page["subjects"]):
        row = gather(page["lists"][name], rows, known)
        subjects += [subject] if row is not None and (subject := walk(row, field)) else []
    return page["name"], subjects


def reads_patients(page: Mapping[str, Any]) -> bool:
    """Whether the page is about a patient or has a sheet of theirs."""
    return bool(page["subjects"]) or any(sheet.split("/")[0] in OF_PATIENTS for sheet in page["sheets"])


def patients_in(shown: Any) -> Iterator[str]:
    """The patients in what a template was given: their own rows, and rows that point to them.

    What is looked up one at a time by id is left out: a row that points there is in another list.
    """
    if isinstance(shown, list):
        for one in shown:
            yield from patients_in(one)
    elif isinstance(shown, dict):
        if shown.get("kind") == "patient":
            yield shown["id"]
        elif isinstance(shown.get("kind"), str):
            if shown.get("patient_id"):
                yield shown["patient_id"]
        else:
            for one in shown.values():
                yield from patients_in(one)
