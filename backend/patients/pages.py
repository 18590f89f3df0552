"""The pages of possible duplicates: the list, and two records side by side."""

from backend.commands import Undo
from backend.identity import DESK
from backend.lists import ById, Eq, List, Ne, One
from backend.patients.merging import MergePatients, TellApart
from backend.screens import Page, Part, Post

SHEETS = ["patients/{site}", "office/{site}"]
KNOWN = {"patients": ById("patient"), "contacts": ById("contact"), "staff": ById("staff_member")}

pages = [
    Page(
        "patients.duplicates",
        ["/patients/duplicates"],
        "patients/duplicates.html",
        "Possible duplicates",
        sheets=SHEETS,
        lists={
            "waiting": List("duplicate_pair", where=[Eq("state", "open")], sort=["sort_key"]),
            "decided": List("duplicate_pair", where=[Ne("state", "open")], sort=["-decided_at"], limit=20),
            **KNOWN,
        },
        parts={"pairs": Part("patients/_pairs.html")},
        roles=DESK,
    ),
    Page(
        "patients.pair",
        ["/patients/duplicates/{pair_id:id}"],
        "patients/pair.html",
        "Compare two records",
        sheets=SHEETS,
        lists={"pair": One("duplicate_pair", where=[Eq("id", "{pair_id}")]), **KNOWN},
        parts={"pair": Part("patients/_pair.html")},
        subjects=["pair.patient_id", "pair.other_id"],
        roles=DESK,
    ),
]
ON_PAIR = {"then": "/patients/duplicates/{pair_id}", "parts": ["pair"]}
posts = [
    Post("/patients/duplicates/{pair_id:id}/merge", MergePatients, **ON_PAIR),
    Post("/patients/duplicates/{pair_id:id}/apart", TellApart, **ON_PAIR),
    Post("/patients/duplicates/{pair_id:id}/undo", Undo, **ON_PAIR),
]
