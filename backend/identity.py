"""Who acts: people with roles, the two actors that are not people, and what a device is for."""

import msgspec

OWNER, MANAGER, FRONT_DESK, CLINICAL, SUPPLIES = "owner", "manager", "front_desk", "clinical", "supplies"
# Who answers for privacy (45 CFR 164.530(a)(1)(i)): reads the access log, and must be no manager to do so.
PRIVACY_OFFICER = "privacy_officer"
ROLES = (OWNER, MANAGER, FRONT_DESK, CLINICAL, SUPPLIES, PRIVACY_OFFICER)

DESK = frozenset({OWNER, MANAGER, FRONT_DESK})
MANAGERS = frozenset({OWNER, MANAGER})
EVERYBODY = frozenset(ROLES)
# Who keeps the catalogue and its places; and whoever takes something from a shelf and says so.
KEEPERS = MANAGERS | {SUPPLIES}
HANDLERS = KEEPERS | {CLINICAL, FRONT_DESK}
# Timed jobs give such a command, and no person.
NOBODY: frozenset[str] = frozenset()
# Who reads the access log and reviews what was opened in an emergency.
PRIVACY = frozenset({OWNER, PRIVACY_OFFICER})
# How long an emergency opens what a role does not (45 CFR 164.312(a)(2)(ii)), from when it was declared.
EMERGENCY_MINUTES = 30


class Actor(msgspec.Struct, frozen=True):
    """Who does something: a member of staff, or one of `IMPORT` and `OFFICE`."""

    id: str
    name: str
    roles: frozenset[str] = frozenset()
    is_person: bool = True

    def may(self, roles: frozenset[str]) -> bool:
        """Whether one of the roles is theirs. Imports and timed jobs are started by whoever runs the server."""
        return not self.is_person or bool(self.roles & roles)


# Fixed ids, so that a journal from years ago still says who they were.
IMPORT = Actor("00000000-0000-7000-8000-000000000001", "Import", is_person=False)
OFFICE = Actor("00000000-0000-7000-8000-000000000002", "The office", is_person=False)


class Purpose(msgspec.Struct, frozen=True):
    """What a device was enrolled for: the sheets it may hold, the roles that may use it, what it may hand in.

    `commands` are names or, ending in `*`, beginnings of names; everything else from such a device waits for a person.
    After `idle_seconds` without a touch it locks. `home` is the page at which it opens.
    """

    name: str
    sheets: tuple[str, ...]
    roles: frozenset[str]
    commands: tuple[str, ...]
    idle_seconds: int
    home: str = "/checkin"

    def may_hand_in(self, command: str) -> bool:
        """Whether a command of this name may come from such a device."""
        return any(command == one or (one.endswith("*") and command.startswith(one[:-1])) for one in self.commands)


# `visits/{site}/{window}` stands for one sheet per day of the window (yesterday to the third next office day).
FIELD_SHEETS = ("office/{site}", "visits/{site}/{window}", "patients/{site}", "attention/{actor}", "glass/{actor}")
# What managers have besides: decisions, devices, what was counted beside the book, and how long people wait, but of no
# visit whose it is.
MANAGING = ("attention/{site}", "devices/{site}", "approvals/{site}", "counted/{site}", "waits/{site}/{window}")
# `stock/{room}` stands for one sheet per room of the site, `count-lines/{count}/…` for one per count that goes on.
SUPPLY_SHEETS = ("items/{site}", "places/{site}", "stock/{room}")
# What somebody who counts holds: what belongs where, and their own lines. Never what is on hand.
COUNT_SHEETS = ("items/{site}", "places/{site}", "counts/{site}", "count-lines/{count}/{actor}")
# What a person does about what needs attention.
DECIDING = ("sync.choose", "sync.close_case", "sync.enter_again")
FIELD_COMMANDS = (
    "approvals.answer",
    "approvals.withdraw",
    "checkin.*",
    "patients.change_contact",
    "patients.change_identity",
    "patients.merge",
    "patients.tell_apart",
    "payments.*",
    "privacy.break_glass",
    "scheduling.cancel_visit",
    "scheduling.give_slot",
    "scheduling.record_left",
    "scheduling.work_in",
    *DECIDING,
    "undo",
)
# Asked for by whoever plans; what was seen on the shelves comes from a device that does not know what is on hand.
COUNT_REQUESTS = ("counts.ask", "counts.cancel", "counts.close", "counts.count_again", "counts.change_tolerances")
# The one table of who may do what where. It goes to the devices as it stands, and is shown to managers.
PURPOSES: dict[str, Purpose] = {
    "front_desk": Purpose("Front desk tablet", FIELD_SHEETS, DESK, FIELD_COMMANDS, 120),
    "manager_phone": Purpose(
        "Manager’s phone",
        # The catalogue and the places name what was counted, and what is due.
        ("office/{site}", "attention/{actor}", *MANAGING, "counts/{site}", "items/{site}", "places/{site}"),
        MANAGERS,
        ("approvals.*", *COUNT_REQUESTS, "devices.*", "privacy.*", "staff.*", *DECIDING, "today.*", "undo"),
        120,
        "/today",
    ),
    "desk": Purpose(
        "Desk computer",
        (*FIELD_SHEETS, *MANAGING, *SUPPLY_SHEETS, "counts/{site}"),
        DESK,
        (
            *FIELD_COMMANDS,
            "approvals.*",
            *COUNT_REQUESTS,
            "devices.*",
            "inventory.*",
            "office.*",
            "patients.*",
            "privacy.*",
            "scheduling.*",
            "staff.*",
            "today.*",
        ),
        300,
    ),
    "count": Purpose(
        "Counting device",
        ("office/{site}", "attention/{actor}", *COUNT_SHEETS),
        HANDLERS,
        ("approvals.answer", "approvals.withdraw", "counts.*", *DECIDING, "undo"),
        300,
        "/counts",
    ),
}
# What anybody of the staff may have on any device that has it: none of it is a patient's.
FOR_ALL = ("office/{site}", "attention/{actor}", "glass/{actor}")
# What these sheets add is for reviewers only, whatever the device.
REVIEWERS_ONLY = MANAGING
# Whose each sheet is; any other is for the roles that its device is for.
SHEET_ROLES: dict[str, frozenset[str]] = {
    **dict.fromkeys(FOR_ALL, EVERYBODY),
    **dict.fromkeys(REVIEWERS_ONLY, MANAGERS),
    **dict.fromkeys((*SUPPLY_SHEETS, *COUNT_SHEETS), HANDLERS),
}
