"""Who may see a page: by the purpose of the device and their role, or because they said that there is an emergency.

The rule of an emergency, here and on the device: the page is declared `emergency=True`, the purpose keeps its sheets,
and the sheet `glass/{actor}` has a row `glass` whose `since` lies less than EMERGENCY_MINUTES back. Only reading is
widened: who may give a command stays as it is.
"""

from datetime import datetime, timedelta
from typing import Any

from litestar import Request
from sqlalchemy.orm import Session

from backend.callers import Caller
from backend.clock import instant
from backend.errors import NotAllowed
from backend.identity import EMERGENCY_MINUTES
from backend.shelf import Shelf

UNDER_GLASS = "break_glass"


def may_see(request: Request, session: Session, caller: Caller, page: Any, now: datetime) -> str:
    """Raises NotAllowed, or returns the code under which the look is noted."""
    # Who is refused it is told so with the way in, and it is noted by name (problems.py).
    request.scope["daysheet_page"] = page  # type: ignore[typeddict-unknown-key]
    by_role = caller.actor.may(frozenset(page["roles"]))
    if by_role and caller.may_read(page["sheets"]):
        return ""
    if (
        page["emergency"]
        and caller.may_read(page["sheets"], emergency=True)
        and has_glass(session, caller.actor.id, now)
    ):
        return UNDER_GLASS
    if not by_role:
        raise NotAllowed("Your role does not open this page. Ask the office manager.")
    raise NotAllowed("This needs the office, or your own phone.")


def has_glass(session: Session, actor_id: str, now: datetime) -> bool:
    """Whether this person declared an emergency that is not over."""
    over = instant(now - timedelta(minutes=EMERGENCY_MINUTES))
    return any(row["since"] > over for row in Shelf(session).rows([f"glass/{actor_id}"], "glass"))
