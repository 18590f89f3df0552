"""An invented history of a visit for the gallery."""

from backend.words import words
from tests.screens.invented import id_of, since

THING = {
    "name": "Maximiliana Wolfeschlegelsteinhausen-Castellanos", "facts": ["04/12/1957", "MRN 100001", "Office visit"],
    "page": f"/checkin/{id_of(101)}", "more": [[f"/history/patient/{id_of(1)}", "History of the patient"]],
    "at": since("14:00"), "title": "History of a visit", "address": f"/history/visit/{id_of(101)}",
}  # fmt: skip


def act(number: int, sentence: str, at: str, **more) -> dict:
    return {"id": id_of(number), "seq": number, "sentence": sentence, "device": "", "at": since(at), "about": False,
            "unknown": False, "reached_at": since("15:40"), "outcome": "applied", "say": "", "waits": False,
            "details": [], "purged": False, "taken_back": False, "of": None} | more  # fmt: skip


ARRIVED = {"sentence": "Ana Garrido noted that the patient had arrived", "at": since("14:02"), "about": True,
           "unknown": False}  # fmt: skip
ENTRIES = [
    act(2001, "Maria Lindqvist decided what becomes of an entry", "15:50", details=["Use what was entered"],
        of=ARRIVED | {"sentence": "Ben Ito corrected the name, birth date or sex"}),
    act(2002, "Ben Ito corrected the name, birth date or sex", "14:20", device="Tablet 2 of the west wing",
        outcome="held", waits=True, details=["First name: Alma → Alma Rosa", "Birth date: 04/12/1957 → 12/04/1957"],
        say="Two people changed the birth date. The first stays until somebody chooses."),
    act(2003, "Ana Garrido took back an entry", "14:05", device="Tablet 1", of=ARRIVED),
    act(2004, ARRIVED["sentence"], "14:02", device="Tablet 1", about=True, taken_back=True),
    act(2005, "Ben Ito took a copay", "13:58", unknown=True, device="Tablet 2", purged=True),
    act(2006, "Ben Ito checked the patient in", "13:50", outcome="refused", say="Ben Ito may not do this."),
    act(2007, "The office booked the visit", "13:30"),
]  # fmt: skip
MUCH = {"thing": THING, "entries": ENTRIES, "older": 50, "newer": True}
PAGE = ("history/history.html", "history.visit", "", {})
SCREENS = {
    "history": (*PAGE, MUCH),
    "history-es": (*PAGE, MUCH | {"language": "es", "words": words("es")}),
    "history-none": (*PAGE, MUCH | {"entries": [], "older": 0, "newer": False}),
}
