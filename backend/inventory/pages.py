"""The supplies: all rooms and items, the stock of a room, and an item with the forms that move it."""

from backend.commands import Command, Undo
from backend.identity import HANDLERS
from backend.inventory.receiving import ReceiveStock
from backend.inventory.transferring import TransferStock
from backend.inventory.using import UseStock
from backend.inventory.wasting import WasteStock
from backend.inventory.writing_off import AskToWriteOff
from backend.lists import ById, Eq, Gt, List, Matches, Ne, One
from backend.screens import Page, Part, Post

# More than anybody reads; whoever looks for more types a part of its name.
MOST_SHOWN = 200

supplies = Page(
    "inventory.supplies",
    ["/supplies"],
    "inventory/supplies.html",
    "Supplies",
    # The stock too, for what is to be ordered again.
    sheets=["items/{site}", "places/{site}", "stock/*", "office/{site}"],
    lists={
        "rooms": List("place", where=[Eq("kind", "room"), Eq("active", True)], sort=["sort_key"]),
        "low": List("level", where=[Eq("is_low", True)], sort=["sort_key"], limit=MOST_SHOWN),
        "by_item": ById("item"),
        "places": ById("place"),
        "items": List("item", where=[Eq("active", True), Matches("search", "?q")], sort=["sort_key"], limit=MOST_SHOWN),
    },
    parts={"items": Part("inventory/_items.html"), "low": Part("inventory/_low.html")},
    parameters=["q"],
    find="items",
    roles=HANDLERS,
)
room_stock = Page(
    "inventory.room",
    ["/supplies/rooms/{room_id:id}"],
    "inventory/room.html",
    "Stock of a room",
    sheets=["stock/{room_id}", "items/{site}", "places/{site}", "office/{site}"],
    lists={
        "place": One("place", where=[Eq("id", "{room_id}")]),
        "stock": List("stock", where=[Ne("on_hand", 0), Matches("search", "?q")], sort=["sort_key"], limit=MOST_SHOWN),
        "low": List("level", where=[Eq("is_low", True)], sort=["sort_key"], limit=MOST_SHOWN),
        "levels": ById("level"),
        "by_item": ById("item"),
        "places": ById("place"),
    },
    parts={"stock": Part("inventory/_stock.html"), "low": Part("inventory/_low.html")},
    parameters=["q"],
    find="stock",
    roles=HANDLERS,
)
item = Page(
    "inventory.item",
    ["/supplies/items/{item_id:id}"],
    "inventory/item.html",
    "Item",
    sheets=["items/{site}", "places/{site}", "stock/*", "office/{site}"],
    lists={
        "item": One("item", where=[Eq("id", "{item_id}")]),
        "packs": List("pack", where=[Eq("item_id", "{item_id}")], sort=["holds"]),
        "codes": List("code", where=[Eq("item_id", "{item_id}")], sort=["code"]),
        "stock": List("stock", where=[Eq("item_id", "{item_id}"), Ne("on_hand", 0)], sort=["sort_key"]),
        "levels": List("level", where=[Eq("item_id", "{item_id}")], sort=["sort_key"]),
        "lots": List("stock", where=[Eq("item_id", "{item_id}"), Gt("on_hand", 0), Ne("lot", "")], sort=["fefo"]),
        "places": ById("place"),
        "all_places": List("place", where=[Eq("active", True)], sort=["sort_key"]),
    },
    parts={
        "on_hand": Part("inventory/_on_hand.html"),
        "belongs": Part("inventory/_belongs.html"),
        "use": Part("inventory/_use.html"),
        "receive": Part("inventory/_receive.html"),
        "transfer": Part("inventory/_transfer.html"),
        "write_off": Part("inventory/_write_off.html"),
        "waste": Part("inventory/_waste.html"),
    },
    roles=HANDLERS,
)

ON_ITEM = "/supplies/items/{item_id}"


def moving(path: str, command: type[Command], part: str) -> Post:
    """A form on an item's page: it comes back empty, or with its complaints."""
    return Post(
        f"/supplies/items/{{item_id:id}}/{path}",
        command,
        then=ON_ITEM,
        parts=["on_hand", part],
        form=f"inventory/_{part}.html",
    )


posts = [
    moving("received", ReceiveStock, "receive"),
    moving("used", UseStock, "use"),
    moving("wasted", WasteStock, "waste"),
    moving("written-off", AskToWriteOff, "write_off"),
    moving("transferred", TransferStock, "transfer"),
    Post("/supplies/items/{item_id:id}/undo", Undo, then=ON_ITEM, parts=["on_hand"]),
]
