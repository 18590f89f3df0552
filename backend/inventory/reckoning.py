"""Reckoning: the balances worked out again from the movements, which are the only truth."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.inventory.models import Movement, Stock


def stock_that_differs(session: Session) -> Iterator[str]:
    """Balances that are not the sum of their movements, by their ids."""
    key = (Movement.item_id, Movement.place_id, Movement.lot)
    sums = session.execute(select(*key, func.sum(Movement.quantity)).group_by(*key))
    moved = {(item_id, place_id, lot): int(total) for item_id, place_id, lot, total in sums}
    kept = {(one.item_id, one.place_id, one.lot): one.on_hand for one in session.scalars(select(Stock))}
    for item_id, place_id, lot in sorted(moved.keys() | kept.keys()):
        was, now = kept.get((item_id, place_id, lot), 0), moved.get((item_id, place_id, lot), 0)
        if was != now:
            yield f"stock {item_id}/{place_id}/{lot} is kept as {was}, and its movements make {now}"
