"""Stock is thrown away."""

from tests.inventory.cast import Supplies


def test_a_controlled_vial_that_broke_is_looked_at(supplies: Supplies) -> None:
    supplies.does("dana", "inventory.receive_stock", item_id=supplies.lidocaine, quantity=10)
    broke = supplies.does("cleo", "inventory.waste_stock", item_id=supplies.lidocaine, quantity=1, why="dropped")
    assert (broke.outcome, broke.code) == ("flagged", "controlled_wasted")
    assert supplies.on_hand(supplies.lidocaine) == 9
