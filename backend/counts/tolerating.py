"""Tolerances and intervals: settings of a site, changed by a manager against what they saw."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.commands import FACT, REQUEST, Command, handles
from backend.counts.models import CountSettings
from backend.counts.weighing import BEGINNING, settings_of
from backend.effects import Patch
from backend.errors import Held
from backend.fields import Label, Money
from backend.identity import MANAGERS, NOBODY
from backend.inventory import Place
from backend.values import field, site
from backend.work import Work

Percent = Annotated[int, Meta(ge=0, le=100, extra={"reader": "integer"})]
Units = Annotated[int, Meta(ge=0, le=9_999, extra={"reader": "integer"})]
Days = Annotated[int, Meta(ge=1, le=3_650, extra={"reader": "integer"})]
SAID = tuple(BEGINNING)


class ChangeTolerances(
    Command, tag="counts.change_tolerances", truth=REQUEST, title="Changed the tolerances of counts", roles=MANAGERS,
    effect=[Patch("count_settings", site, **{name: getattr(field, name) for name in SAID})],
):  # fmt: skip
    """A manager says how far a count may be off before somebody else counts again, and how often each class is due."""

    a_percent: Annotated[Percent, Label("Class A, percent")]
    b_percent: Annotated[Percent, Label("Class B, percent")]
    c_percent: Annotated[Percent, Label("Class C, percent")]
    unit_floor: Annotated[Units, Label("Units always tolerated")]
    value_cents: Annotated[Money, Label("Value never tolerated beyond")]
    a_days: Annotated[Days, Label("Class A, days")]
    b_days: Annotated[Days, Label("Class B, days")]
    c_days: Annotated[Days, Label("Class C, days")]


@handles(ChangeTolerances)
def change_tolerances(changed: ChangeTolerances, work: Work) -> None:
    kept = settings_of(work.session, work.site.id)
    wanted: dict[str, Any] = {name: getattr(changed, name) for name in SAID}
    differing = [name for name in SAID if getattr(kept, name) != wanted[name]]
    if not differing:
        return work.noop("as_it_is", "They are so already.")
    if other := [name for name in differing if name in work.was and work.was[name] != getattr(kept, name)]:
        raise Held(f"Somebody changed these meanwhile ({len(other)}). Look at them again.", "changed")
    for name in differing:
        setattr(kept, name, wanted[name])
    work.session.add(kept)
    return work.publish("count_settings", work.site.id)


class FurnishSettings(Command, tag="counts.furnish", truth=FACT, title="Laid out the tolerances", roles=NOBODY):
    """The tolerances with which every site begins were laid out for one. A timed job of the office."""

    site_id: Annotated[str, Meta(max_length=40)]


@handles(FurnishSettings)
def furnish(furnishing: FurnishSettings, work: Work) -> None:
    if work.session.get(CountSettings, furnishing.site_id) is not None:
        return work.noop("as_it_is", "They are laid out already.")
    work.session.add(settings_of(work.session, furnishing.site_id))
    return work.publish("count_settings", furnishing.site_id)


def furnishing_due(session: Session, _now: datetime) -> list[dict[str, Any]]:
    """One for each site that keeps stock and has none."""
    known = set(session.scalars(select(CountSettings.site_id)))
    return [{"site_id": one} for one in sorted(set(session.scalars(select(Place.site_id))) - known)]
