"""The access log in sentences: who did what, on which device, to whose page."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from backend.callers import Caller
from backend.clock import instant
from backend.serving import Office
from backend.shelf import Shelf

# Each kind of entry, with whose it is, and without; `words` has the same in Spanish.
SENTENCES = {
    "read": ("{who} opened {page} of {whom}", "{who} opened {page}"),
    "search": ("{who} searched {page}", "{who} searched {page}"),
    "print": ("{who} printed {page} of {whom}", "{who} printed {page}"),
    "export": ("{who} exported the access log", "{who} exported the access log"),
    "sign_in": ("{who} signed in", "{who} signed in"),
    "sign_in_refused": ("{who} could not sign in", "{who} could not sign in"),
    "sign_out": ("{who} signed out", "{who} signed out"),
    "unlock": ("{who} unlocked the device", "{who} unlocked the device"),
    "unlock_refused": ("{who} could not unlock the device", "{who} could not unlock the device"),
    "lock": ("The device was locked", "The device was locked"),
    "denied": ("{who} was refused {page}", "{who} was refused {page}"),
    "break_glass": ("{who} opened in an emergency, for {whom}", "{who} opened in an emergency"),
    "device": ("{who} changed a device", "{who} changed a device"),
    "unreadable": ("An entry of a device could not be read", "An entry of a device could not be read"),
}
KIND_WORDS = {
    "read": "Opened", "search": "Searched", "print": "Printed", "export": "Exported", "sign_in": "Signed in",
    "sign_in_refused": "Sign-in refused", "sign_out": "Signed out", "unlock": "Unlocked",
    "unlock_refused": "Unlock refused", "lock": "Locked", "denied": "Refused", "break_glass": "Emergency",
    "device": "Device", "unreadable": "Unreadable",
}  # fmt: skip
PAGES = {
    "checkin.board": "the board",
    "checkin.visit": "a visit",
    "checkin.walk_in": "the walk-in page",
    "checkin.paper": "the page to type in from paper",
    "checkin.slot": "the page that gives a free time to somebody",
    "payments.receipt": "a receipt",
    "history.visit": "the history of a visit",
    "history.patient": "the history",
    "history.item": "the history of an item",
    "history.approval": "the history of a request",
    "patients.duplicates": "who may be registered twice",
    "patients.pair": "two records side by side",
    "devices.device": "the page of the device",
    "sync.attention": "what needs attention",
    "sync.review": "what the office must decide",
    "approvals.mine": "what somebody asked for",
    "today.today": "what needs a manager now",
    "privacy.access": "the access log",
    "privacy.subject": "who saw",
    "privacy.review": "the emergencies",
}


class Names:
    """What people call the ids in the log, as the rows of the site have it."""

    def __init__(self, session: Session, caller: Caller, office: Office) -> None:
        self.shelf, self.site = Shelf(session), caller.site.id
        self.words: Mapping[str, str] = office.answering.manifest["words"].get(caller.language, {})

    def say(self, sentence: str) -> str:
        return self.words.get(sentence, sentence)

    def person(self, id: str | None) -> str:
        return self._name("staff_member", id, "office") or self.say("Somebody unknown")

    def device(self, id: str | None) -> str:
        return self._name("device", id, "devices") or self.say("a browser")

    def patient(self, id: str | None) -> str:
        row = self.shelf.get("patient", id, [f"patients/{self.site}"]) if id else None
        return f"{row['given']} {row['family']}" if row else self.say("a patient")

    def page(self, name: str) -> str:
        return self.say(PAGES[name]) if name in PAGES else name

    def people(self) -> list[dict[str, Any]]:
        return self._listed("staff_member", "office")

    def devices(self) -> list[dict[str, Any]]:
        return self._listed("device", "devices")

    def _listed(self, kind: str, sheet: str) -> list[dict[str, Any]]:
        rows = self.shelf.rows([f"{sheet}/{self.site}"], kind)
        return sorted(({"id": row["id"], "name": row["name"]} for row in rows), key=lambda one: str(one["name"]))

    def _name(self, kind: str, id: str | None, sheet: str) -> str:
        row = self.shelf.get(kind, id, [f"{sheet}/{self.site}"]) if id else None
        return str(row["name"]) if row else ""


def told(entries: Iterable[Any], names: Names) -> list[dict[str, Any]]:
    """Each entry as its page shows it."""
    return [
        {
            "seq": entry.seq,
            "kind": entry.kind,
            "sentence": sentence(entry, names),
            "device": names.device(entry.device_id),
            "at": instant(entry.at),
            "about": entry.at_about,
            "rows": entry.rows,
            "code": entry.code,
            "emergency": entry.code == "break_glass" or entry.kind == "break_glass",
            "subject": entry.subject,
        }
        for entry in entries
    ]


def sentence(entry: Any, names: Names) -> str:
    """“Ana Garrido opened a visit of Alma Castellanos”."""
    of_somebody, plain = SENTENCES[entry.kind]
    known = {"who": names.person(entry.actor_id), "page": names.page(entry.page), "whom": names.patient(entry.subject)}
    return names.say(of_somebody if entry.subject else plain).format(**known)
