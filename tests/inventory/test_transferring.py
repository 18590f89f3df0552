"""Stock is carried from place to place."""

from tests.inventory.cast import Supplies


def test_a_transfer_gains_and_loses_nothing(supplies: Supplies) -> None:
    supplies.does("dana", "inventory.receive_stock", quantity=2, unit="box", expires="2028-01-31")
    supplies.does("dana", "inventory.transfer_stock", to_place_id=supplies.cart, quantity=30)
    assert (supplies.on_hand(), supplies.on_hand(place_id=supplies.cart)) == (170, 30)
    cart = supplies.practice.row("stock", f"{supplies.gloves}/{supplies.cart}/")
    assert cart is not None
    assert cart["expires"] == "2028-01-31"
    assert supplies.does("dana", "inventory.transfer_stock", to_place_id=supplies.shelf, quantity=1).outcome == "noop"
