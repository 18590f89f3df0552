"""Weighing: whether a variance is small enough to be posted by itself, by the site's tolerances."""

from sqlalchemy.orm import Session

from backend.counts.models import CountSettings
from backend.inventory import Item

# facts/domain.md §2.1: A ±1 %, B ±3 %, C ±5 %, counted four times, twice and once a year. The rest is our own.
BEGINNING = {
    "a_percent": 1, "b_percent": 3, "c_percent": 5, "unit_floor": 1, "value_cents": 2_500,
    "a_days": 91, "b_days": 182, "c_days": 365,
}  # fmt: skip


def settings_of(session: Session, site_id: str) -> CountSettings:
    """The site's own, or those that every site begins with."""
    return session.get(CountSettings, site_id) or CountSettings(site_id=site_id, **BEGINNING)


def days_between(item: Item, settings: CountSettings) -> int:
    """How often an item of this class is counted."""
    return {"A": settings.a_days, "B": settings.b_days}.get(item.abc, settings.c_days)


def is_within(item: Item, expected: int, found: int, settings: CountSettings) -> bool:
    """Whether the variance of one line is tolerated: in quantity, and never above the value.

    The larger of the class's percentage and the unit floor is tolerated; what it is worth must not exceed the value
    limit, so that a small part of something dear is looked at too. Of a controlled item nothing is tolerated.
    """
    variance = abs(found - expected)
    if variance == 0:
        return True
    if item.controlled:
        return False
    percent = {"A": settings.a_percent, "B": settings.b_percent}.get(item.abc, settings.c_percent)
    # Compared in hundredths, for a percentage of a whole number need not be one.
    if variance * 100 > max(percent * abs(expected), settings.unit_floor * 100):
        return False
    value = value_of(item, variance)
    return value is None or value <= settings.value_cents


def value_of(item: Item, quantity: int) -> int | None:
    """What so many are worth, in cents; None where nobody knows what one costs."""
    return None if item.cost_cents is None else item.cost_cents * abs(quantity)
