"""What each device may hold, written down here again: by what it is for, and by who acts at it."""

from collections.abc import Collection

DESK = {"owner", "manager", "front_desk"}
MANAGERS = {"owner", "manager"}
HANDLERS = {*DESK, "supplies", "clinical"}
MANAGING = ("attention/main", "devices/", "approvals/", "counted/", "waits/")
SUPPLIES = ("items/", "places/", "stock/")
# By purpose: what anybody of these roles may have there.
HELD = {
    "front_desk": [(DESK, ("visits/", "patients/"))],
    "desk": [(DESK, ("visits/", "patients/")), (MANAGERS, MANAGING), (HANDLERS, (*SUPPLIES, "counts/"))],
    "manager_phone": [(MANAGERS, MANAGING), (HANDLERS, ("items/", "places/", "counts/"))],
    "count": [(HANDLERS, ("items/", "places/", "counts/"))],
}


def may_hold(sheet: str, purpose: str, actor: str, roles: Collection[str], replica: str) -> bool:
    """Whether a device may hold this sheet while this person acts at it."""
    own = ("office/main", f"attention/{actor}", f"glass/{actor}", f"receipts/{replica}")
    lines = purpose == "count" and sheet.startswith("count-lines/") and sheet.endswith(f"/{actor}")
    if sheet in own or (lines and HANDLERS & set(roles)):
        return True
    return any(allowed & set(roles) and sheet.startswith(names) for allowed, names in HELD[purpose])
