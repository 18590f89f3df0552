"""The office's sheets worked out from its tables alone, without the feed."""

from typing import Any

import msgspec

from backend.feed import encode
from tests.simulation.office import Practice

Rows = dict[tuple[str, str], tuple[int, Any]]

OFFICE = {
    "site": "SELECT id FROM site",
    "staff_member": "SELECT id FROM staff_member",
    "provider": "SELECT id FROM provider",
    "visit_type": "SELECT id FROM visit_type",
    "office_day": "SELECT site_id || '/' || day FROM office_day",
}
TALLIES = (
    "SELECT DISTINCT count_id || '/' || place_id || '/' || item_id || '/' || \"by\" FROM observation "
    'WHERE item_id IS NOT NULL AND count_id = :of AND "by" = :day'
)
LINES = TALLIES.replace('"by" FROM', "\"by\" || '/' || unit || '/' || lot FROM") + " AND what <> 'none'"
PAIRS = "SELECT id FROM duplicate_pair WHERE site_id = :of"
IN_SHEET = {
    "office": OFFICE,
    "patients": {
        "patient": "SELECT id FROM patient WHERE site_id = :of",
        "duplicate_pair": PAIRS,
        "contact": (
            f"SELECT patient_id FROM duplicate_pair WHERE id IN ({PAIRS}) "
            f"UNION SELECT other_id FROM duplicate_pair WHERE id IN ({PAIRS})"
        ),
    },
    "visits": {
        "visit": "SELECT id FROM visit WHERE day = :day",
        "patient": "SELECT DISTINCT patient_id FROM visit WHERE day = :day AND patient_id IS NOT NULL",
        "contact": "SELECT DISTINCT patient_id FROM visit WHERE day = :day AND patient_id IS NOT NULL",
    },
    "waits": {"wait": "SELECT id FROM visit WHERE day = :day AND status IN ('arrived', 'checked_in')"},
    "devices": {"device": "SELECT id FROM device WHERE site_id = :of"},
    "attention": {
        "asked": "SELECT id FROM approval WHERE asked_by = :of AND filed_at IS NULL",
        "case": (
            "SELECT command_id FROM open_case JOIN journal USING (command_id) "
            "WHERE closed_at IS NULL AND (site_id = :of OR actor_id = :of)"
        ),
        "patient": (
            "SELECT DISTINCT subject FROM open_case JOIN journal USING (command_id) "
            "JOIN patient ON patient.id = subject "
            "WHERE closed_at IS NULL AND (open_case.site_id = :of OR actor_id = :of)"
        ),
        "duplicate_pair": PAIRS,
    },
    "approvals": {
        "approval": "SELECT id FROM approval WHERE site_id = :of AND filed_at IS NULL",
        "approval_step": (
            "SELECT approval_step.id FROM approval_step JOIN approval ON approval.id = approval_id "
            "WHERE site_id = :of AND filed_at IS NULL"
        ),
        "approval_rule": "SELECT id FROM approval_rule WHERE site_id = :of",
        "stand_in": "SELECT id FROM stand_in WHERE site_id = :of",
    },
    "items": {
        "item": "SELECT id FROM item WHERE site_id = :of",
        "pack": "SELECT item_id || '/' || pack.name FROM pack JOIN item ON item.id = item_id WHERE site_id = :of",
        "code": "SELECT site_id || '/' || code FROM code WHERE site_id = :of",
    },
    "places": {
        "place": "SELECT id FROM place WHERE site_id = :of",
        "shelf_label": "SELECT site_id || '/' || label FROM place WHERE site_id = :of",
        "belonging": (
            "SELECT place_id || '/' || item_id FROM belonging JOIN place ON place.id = place_id WHERE site_id = :of"
        ),
    },
    "stock": {
        "stock": (
            "SELECT item_id || '/' || place_id || '/' || lot FROM stock JOIN place ON place.id = place_id "
            "WHERE room_id = :of"
        ),
        "level": (
            "SELECT place_id || '/' || item_id FROM belonging JOIN place ON place.id = place_id WHERE room_id = :of"
        ),
    },
    "counts": {
        "count": "SELECT id FROM stock_count WHERE site_id = :of",
        "count_place": (
            "SELECT count_id || '/' || count_place.place_id FROM count_place "
            "JOIN stock_count ON stock_count.id = count_id WHERE site_id = :of AND state = 'open'"
        ),
        "count_task": (
            "SELECT count_task.id FROM count_task JOIN stock_count ON stock_count.id = count_id "
            "WHERE site_id = :of AND stock_count.state = 'open'"
        ),
    },
    "counted": {
        "count_review": (
            "SELECT count_task.id FROM count_task JOIN stock_count ON stock_count.id = count_id WHERE site_id = :of"
        ),
        "count_finding": (
            "SELECT count_finding.id FROM count_finding JOIN stock_count ON stock_count.id = count_id "
            "WHERE site_id = :of"
        ),
        "stray": (
            "SELECT DISTINCT count_id || '/' || \"by\" || '/' || observation.place_id || '/' || said FROM observation "
            "JOIN stock_count ON stock_count.id = count_id WHERE site_id = :of AND observation.item_id IS NULL"
        ),
        "count_line": (
            "SELECT DISTINCT count_id || '/' || observation.place_id || '/' || observation.item_id || '/' || \"by\" "
            "|| '/' || unit || '/' || lot FROM observation JOIN stock_count ON stock_count.id = count_id "
            "WHERE site_id = :of AND observation.item_id IS NOT NULL AND what <> 'none'"
        ),
        "count_accuracy": (
            "SELECT DISTINCT count_id FROM count_finding JOIN stock_count ON stock_count.id = count_id "
            "WHERE site_id = :of"
        ),
        "late_movement": (
            "SELECT movement.counters FROM movement JOIN place ON place.id = place_id "
            "WHERE counters IS NOT NULL AND site_id = :of"
        ),
        "count_settings": "SELECT site_id FROM count_settings WHERE site_id = :of",
    },
    "count-lines": {
        "count_stand": 'SELECT count_id || \'/\' || "by" FROM count_stand WHERE count_id = :of AND "by" = :day',
        "tally": TALLIES,
        "count_line": LINES,
        "stray": (
            "SELECT DISTINCT count_id || '/' || \"by\" || '/' || place_id || '/' || said FROM observation "
            'WHERE item_id IS NULL AND count_id = :of AND "by" = :day'
        ),
    },
    "glass": {"glass": "SELECT id FROM glass WHERE actor_id = :of"},
    "receipts": {
        "receipt": (
            "SELECT command_id FROM journal JOIN replica ON replica.id = replica_id "
            "WHERE replica_id = :of AND seq > forgotten_seq "
            "UNION SELECT command_id FROM receipt_copy WHERE replica_id = :of"
        )
    },
}


def sheets_now(practice: Practice, names: set[str]) -> dict[str, Rows]:
    """What every one of these sheets holds: the version and the body of each row."""
    versions = {
        (row["kind"], row["id"]): row["version"] for row in practice.rows("SELECT kind, id, version FROM seen_row")
    }
    placed = {name: ids_in(practice, name) for name in names}
    # Each kind once, however many sheets show it.
    ids: dict[str, set[str]] = {}
    for kinds in placed.values():
        for kind, there in kinds.items():
            ids.setdefault(kind, set()).update(there)
    builders = practice.office.performer.sheets.rows
    bodies: dict[str, dict[str, Any]] = {}
    with practice.database.read() as session:
        for kind, wanted in ids.items():
            built = builders[kind].bodies(session, sorted(wanted), {}) if wanted else {}
            bodies[kind] = {id: msgspec.json.decode(encode(body)) for id, body in built.items()}
    return {
        name: {
            (kind, id): (versions.get((kind, id), 0), bodies[kind][id])
            for kind, there in kinds.items()
            for id in there
            if id in bodies[kind]
        }
        for name, kinds in placed.items()
    }


def ids_in(practice: Practice, name: str) -> dict[str, list[str]]:
    """The ids of the rows that must stand in this sheet, by kind."""
    stem, of, *rest = name.split("/")
    wanted = {"of": of, "day": rest[0] if rest else ""}
    driver = practice.database.driver
    return {kind: [row[0] for row in driver.execute(query, wanted)] for kind, query in IN_SHEET[stem].items()}
