"""Invented requests and rules for the gallery."""

from tests.screens.invented import id_of, since

BLANK = {
    "command": "approvals.keep_rule", "amount": None, "reason": None, "changes": [], "evidence": [], "excluded": [],
    "said_yes": [], "passed_to": None,
    "hash": "h", "asked_at": since("14:12"), "state": "asked", "levels": 1, "given": 0, "pressing": False,
    "expires_at": "2026-11-26T14:12:00.000Z", "reasons": [], "last_decision": "asked", "last_by": id_of(802),
    "last_at": since("14:12"), "last_note": "", "asked_by": id_of(802),
}  # fmt: skip
WAITING = [
    BLANK | {"id": id_of(951), "title": "Write off 4 boxes of lidocaine 1 %", "amount": 18_240, "pressing": True,
             "reason": "The fridge was off over the weekend", "levels": 2,
             "changes": ["On hand, lot 4T117: 40 each → 0 each"],
             "evidence": ["Log of the fridge: 14.5 °C on Sunday at 4:10 am", "Counted by Cleo Marsh, then by Ana"]},
    BLANK | {"id": id_of(952), "title": "Rule for: Count variance", "changes": ["Needed from: $100.00 → $250.00"],
             "last_decision": "question", "last_by": id_of(801), "last_note": "Why so much more?"},
    BLANK | {"id": id_of(953), "title": "Count of the supply room", "asked_by": id_of(801), "excluded": [id_of(801)],
             "amount": 4_210, "last_decision": "changed", "last_note": "The amount is another"},
]  # fmt: skip
DECIDED = [
    BLANK | {"id": id_of(954), "title": "Write off 2 boxes of gloves", "state": "declined", "last_decision": "declined",
             "last_note": "They are in room 3"},
    BLANK | {"id": id_of(955), "title": "Count of room 2", "state": "approved", "last_decision": "approved"},
]  # fmt: skip
STEPS = [
    {"id": id_of(960 + at), "approval_id": id_of(951), "what": what, "by": id_of(801), "by_name": "Ana Reyes",
     "note": note, "at": since("14:12"), "place": at}
    for at, (what, note) in enumerate([("asked", ""), ("question", "Who counted?"), ("answer", "Cleo"),
                                       ("changed", "On hand: 44 → 0, now 40 → 0"), ("approved", "")])
]  # fmt: skip
RULES = [
    {"id": id_of(971), "title": "Change of a rule", "amount_from": 0, "levels": 1, "first_roles": ["manager", "owner"],
     "second_roles": ["owner"], "manager_limit": 50_000, "owner_limit": None, "expires_hours": 168},
]  # fmt: skip
COLLEAGUES = [{"id": id_of(801), "name": "Ana Reyes"}, {"id": id_of(802), "name": "Ben Ito"}]
STAND_INS = [{"id": id_of(981), "by_id": id_of(801), "for_id": id_of(802), "until": "2026-11-30"}]
ASKED = [
    {"id": id_of(951), "title": "Write-off", "reason": "The fridge was off", "asked_at": since("14:12"),
     "state": "asked", "last_decision": "question", "last_note": "Who counted?"},
]  # fmt: skip
OTHERS = [{"id": id_of(802), "name": "Ben Ito"}, {"id": id_of(803), "name": "Olga Brandt"}]
PASSED = [WAITING[0] | {"passed_to": id_of(801)}]
SHOWN = {"to_me": PASSED, "waiting": WAITING[1:], "decided": DECIDED, "others": OTHERS}
RULED = {"rules": RULES, "colleagues": COLLEAGUES, "stand_ins": STAND_INS}
COUNTS = {"all": 12, "would": 3, "did": 5}
SCREENS = {
    "approvals": ("approvals/inbox.html", "approvals.inbox", "/approvals", {}, SHOWN),
    "approvals-none": ("approvals/inbox.html", "approvals.inbox", "/approvals", {},
                       {"to_me": [], "waiting": [], "decided": [], "others": []}),
    "approval": ("approvals/request.html", "approvals.request", "/approvals/x", {},
                 {"approval": WAITING[0], "steps": STEPS, "others": OTHERS}),
    "approval-missing": ("approvals/request.html", "approvals.request", "/approvals/x", {},
                         {"approval": None, "steps": []}),
    "approval-rules": ("approvals/rules.html", "approvals.rules", "/approvals/rules", {}, RULED),
    "approval-preview": ("approvals/preview.html", "approvals.preview", "", {}, {"rule": RULES[0], "counts": COUNTS}),
    "approval-mine": ("approvals/mine.html", "approvals.mine", "/approvals/mine", {}, {"asked": ASKED}),
}  # fmt: skip
