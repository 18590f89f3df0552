"""When two people saw the same thing: both are kept, the second is told who was first."""

from backend.devices import name_of
from backend.filters import clock_words
from backend.scheduling import VisitEvent
from backend.staff import called
from backend.work import Work


def who_was_first(first: VisitEvent | None, what: str, work: Work) -> str:
    """Tells the author who recorded the same step before; returns the note that the visit keeps of the second one."""
    if first is None or first.what != what:
        return ""
    name = called(work.session, first.actor_id) or "somebody"
    device = name_of(work.session, first.device_id)
    when = clock_words(work.site.zone_name, first)
    work.say(f"already_{what}", f"Already {what.replace('_', ' ')} {when} by {name} on {device}.")
    own = clock_words(work.site.zone_name, work)
    return f"Also recorded {own} by {work.actor.name} on {work.device.name}."
