"""The table of who may see and do what, written by hand: purpose x role x page x sheet x command."""

DESK, MANAGERS = {"owner", "manager", "front_desk"}, {"owner", "manager"}
KEEPERS = {"owner", "manager", "supplies"}
HANDLERS = {*KEEPERS, "clinical", "front_desk"}
# Stem of a sheet -> purpose -> roles that are sent it. `own` is the attention of the person alone.
DAILY = {"front_desk": DESK, "desk": DESK}
ALL_ROLES = {"owner", "manager", "front_desk", "clinical", "supplies", "privacy_officer"}
ANY_DAY = {"front_desk": ALL_ROLES, "desk": ALL_ROLES}
SHEETS: dict[str, dict[str, set[str]]] = {
    "office": {**ANY_DAY, "manager_phone": ALL_ROLES, "count": ALL_ROLES},
    "visits": DAILY,
    "patients": DAILY,
    "attention own": {**ANY_DAY, "manager_phone": ALL_ROLES, "count": ALL_ROLES},
    "glass": ANY_DAY,
    "attention site": {"desk": MANAGERS, "manager_phone": MANAGERS},
    "devices": {"desk": MANAGERS, "manager_phone": MANAGERS},
    # Somebody who counts is not told how much should be there: no stock, and nobody else's lines.
    "items": {"desk": HANDLERS, "count": HANDLERS, "manager_phone": HANDLERS},
    "places": {"desk": HANDLERS, "count": HANDLERS, "manager_phone": HANDLERS},
    "counts": {"desk": HANDLERS, "count": HANDLERS, "manager_phone": HANDLERS},
    "count-lines": {"count": HANDLERS},
    "counted": {"desk": MANAGERS, "manager_phone": MANAGERS},
    "stock": {"desk": HANDLERS},
    "approvals": {"desk": MANAGERS, "manager_phone": MANAGERS},
    "waits": {"desk": MANAGERS, "manager_phone": MANAGERS},
}
# Kept by the device itself, or of that device alone.
OWN = {"device", "receipts"}
KNOWN_PURPOSES = {"front_desk", "manager_phone", "desk", "count"}
KNOWN_ROLES = ALL_ROLES
TODAY = {"approvals", "counts", "devices", "waits"}
# Page -> (the roles that it is for, the stems of the sheets that it reads).
PAGES: dict[str, tuple[set[str], set[str]]] = {
    "approvals.inbox": (MANAGERS, {"approvals", "office"}),
    "approvals.request": (MANAGERS, {"approvals", "office"}),
    "approvals.rules": (MANAGERS, {"approvals", "office"}),
    "approvals.mine": (KNOWN_ROLES, {"attention own", "office"}),
    "checkin.board": (DESK, {"visits", "office", "patients"}),
    "checkin.visit": (DESK, {"visits", "office", "patients"}),
    "checkin.paper": (DESK, {"visits", "office", "patients"}),
    "checkin.slot": (DESK, {"visits", "office", "patients"}),
    "checkin.walk_in": (DESK, {"office", "patients"}),
    "counts.all": (HANDLERS, {"counts", "places", "items", "office"}),
    "counts.ask": (HANDLERS, {"counts", "places", "items", "office"}),
    "counts.counting": (HANDLERS, {"counts", "places", "items", "office", "count-lines"}),
    "counts.sheet": (HANDLERS, {"counts", "places", "items", "office"}),
    "counts.evidence": (MANAGERS, {"counted", "counts", "places", "items", "office"}),
    "counts.tolerances": (MANAGERS, {"counted", "counts", "places", "items", "office"}),
    "devices.device": (KNOWN_ROLES, {"device", "office"}),
    "devices.devices": (MANAGERS, {"devices", "office"}),
    "devices.record": (MANAGERS, {"devices", "office"}),
    "inventory.edit_item": (KEEPERS, {"items", "office"}),
    "inventory.new_item": (KEEPERS, {"items", "office"}),
    "inventory.new_place": (KEEPERS, {"places", "office"}),
    "inventory.place": (HANDLERS, {"stock", "items", "places", "office"}),
    "inventory.places": (HANDLERS, {"places", "office"}),
    "inventory.supplies": (HANDLERS, {"stock", "items", "places", "office"}),
    "inventory.room": (HANDLERS, {"stock", "items", "places", "office"}),
    "inventory.item": (HANDLERS, {"stock", "items", "places", "office"}),
    "patients.duplicates": (DESK, {"patients", "office"}),
    "patients.pair": (DESK, {"patients", "office"}),
    "payments.receipt": (DESK, {"visits", "office", "patients"}),
    "sync.attention": (KNOWN_ROLES, {"attention own", "office"}),
    "sync.review": (MANAGERS, {"attention site", "office"}),
    "today.today": (MANAGERS, {*TODAY, "attention own", "attention site", "office", "device"}),
}
# Answered by the office itself on a device of any purpose, because nothing of it stays there.
FROM_THE_OFFICE = {"devices.devices"}
# What no person ever gives: timed jobs, receipts of devices, and what only an approval performs.
BY_NOBODY = """approvals.escalate approvals.expire approvals.file_away approvals.furnish_rules approvals.keep_rule
    backups.record_backup backups.record_drill backups.record_failure backups.record_restore counts.furnish
    counts.post_variance devices.note_silence devices.record_wipe downtime.note_drill_due downtime.record_apart
    inventory.write_off sync.forget_receipts today.end_push""".split()
DECIDING = ("sync.choose", "sync.close_case", "sync.enter_again")
CALLED_OFF = ("scheduling.cancel_visit", "scheduling.give_slot", "scheduling.record_left", "scheduling.work_in")
# Command, or `room.*` -> roles.
COMMANDS: dict[str, set[str]] = {
    **{command: set() for command in BY_NOBODY},
    # Whose yes counts is a matter of the rules, not of the role alone: without the right it is held.
    "approvals.answer": KNOWN_ROLES,
    "approvals.approve": KNOWN_ROLES,
    "approvals.ask_back": KNOWN_ROLES,
    "approvals.change_rule": MANAGERS,
    "approvals.decline": KNOWN_ROLES,
    "approvals.pass_on": MANAGERS,
    "approvals.set_stand_in": MANAGERS,
    "approvals.withdraw": KNOWN_ROLES,
    "checkin.*": DESK,
    "counts.cancel": KEEPERS,
    "counts.close": KEEPERS,
    "counts.count_again": MANAGERS,
    "counts.change_tolerances": MANAGERS,
    "counts.*": HANDLERS,
    "devices.*": MANAGERS,
    "downtime.*": MANAGERS,
    "inventory.record_item": KEEPERS,
    "inventory.record_place": KEEPERS,
    "inventory.remove_from_place": KEEPERS,
    "inventory.set_par": KEEPERS,
    "inventory.*": HANDLERS,
    "office.*": MANAGERS,
    "patients.import_patient": MANAGERS,
    "patients.*": DESK,
    "payments.collect_copay": DESK,
    "payments.*": MANAGERS,
    "privacy.break_glass": KNOWN_ROLES,
    "privacy.review_glass": {"owner", "privacy_officer"},
    **dict.fromkeys((*CALLED_OFF, "scheduling.book_visit"), DESK),
    "scheduling.*": MANAGERS,
    "staff.*": MANAGERS,
    **dict.fromkeys(DECIDING, KNOWN_ROLES),
    "today.*": MANAGERS,
    "undo": KNOWN_ROLES,
}
# Purpose -> the commands, or `room.*`, that a device of it hands in; any other waits for a person.
ANYWHERE = {*DECIDING, "undo"}
PATIENTS = {"patients.change_contact", "patients.change_identity", "patients.merge", "patients.tell_apart"}
AT_DESK = {*CALLED_OFF, *PATIENTS, "payments.*"}
DESK_JOBS = (
    "approvals.* checkin.* devices.* inventory.* office.* patients.* privacy.* scheduling.* staff.* today.*".split()
)
COUNTS = "counts.ask counts.cancel counts.close counts.count_again counts.change_tolerances".split()
HANDED_IN: dict[str, set[str]] = {
    "front_desk": {*ANYWHERE, "approvals.answer", "approvals.withdraw", "checkin.*", "privacy.break_glass", *AT_DESK},
    "count": {*ANYWHERE, "approvals.answer", "approvals.withdraw", "counts.*"},
    "manager_phone": {*ANYWHERE, *COUNTS, "approvals.*", "devices.*", "privacy.*", "staff.*", "today.*"},
    "desk": {*ANYWHERE, *AT_DESK, *COUNTS, *DESK_JOBS},
}
