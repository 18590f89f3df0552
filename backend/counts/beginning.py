"""Beginning: somebody goes to a place and counts there, or takes it over from a colleague."""

from typing import Annotated

from backend.commands import FACT, Command, handles
from backend.counts.opening import count_or_stub, place_in, take
from backend.effects import Patch, Put, Step
from backend.fields import Id, Label
from backend.identity import HANDLERS
from backend.inventory import place_or_stub
from backend.values import actor, field, key, now, row, site
from backend.work import Work

# What one person sees of a count, and nobody else.
MINE = "count-lines/{count_id}/{actor}"


def standing_at(place_id: object, *when: object) -> list[Step]:
    """The paint of counting in a place: the page goes on there, and who comes after sees that somebody is there."""
    id = key(field.count_id, place_id)
    nobody = {"handed_in_by": None, "handed_in_at": None, "taken_by": None, "taken_at": None}
    where = {"count_id": field.count_id, "place_id": place_id}
    return [
        Put("count_place", id, sheet="counts/{site}", when=[*when, (row.id, "set", False)],
            open_at=site, total=0, done=0, sort_key="", **where, **nobody),
        Patch("count_place", id, taken_by=actor, taken_at=now, when=[*when, (row.taken_by, "set", False)]),
        Put("count_stand", key(field.count_id, actor), sheet=MINE, by=actor, when=[*when], **where),
    ]  # fmt: skip


HERE = key(field.count_id, field.place_id)


class BeginPlace(
    Command, tag="counts.begin", truth=FACT, title="Counts a place", roles=HANDLERS,
    effect=[*standing_at(field.place_id), Patch("count_place", HERE, taken_by=actor, taken_at=now)],
    server_decides=("taken_at", "sort_key"),
):  # fmt: skip
    """Somebody counts in a place from now on. Whoever did before may go on: both are heard."""

    count_id: Id
    place_id: Annotated[Id, Label("Place")]


@handles(BeginPlace)
def begin_place(begun: BeginPlace, work: Work) -> None:
    count, place = count_or_stub(begun.count_id, work), place_or_stub(begun.place_id, work)
    take(place_in(count, place, work), work)
