"""Keeping the catalogue and the places: their forms, the tree of places, and what belongs in one of them."""

from backend.identity import HANDLERS, KEEPERS
from backend.inventory.belonging import RemoveFromPlace, SetPar
from backend.inventory.cataloguing import RecordItem
from backend.inventory.placing import RecordPlace
from backend.lists import ById, Eq, List, Matches, One
from backend.screens import Page, Part, Post

# Whoever looks for more types another letter.
MOST_FOUND = 20
ITEM_FORM, PLACE_FORM = "inventory/_item_form.html", "inventory/_place_form.html"

new_item = Page(
    "inventory.new_item",
    ["/supplies/items/new"],
    "inventory/new_item.html",
    "New item",
    sheets=["items/{site}", "office/{site}"],
    lists={},
    roles=KEEPERS,
    camera=True,
)
edit_item = Page(
    "inventory.edit_item",
    ["/supplies/items/{item_id:id}/edit"],
    "inventory/edit_item.html",
    "Change an item",
    sheets=["items/{site}", "office/{site}"],
    lists={
        "item": One("item", where=[Eq("id", "{item_id}")]),
        "packs": List("pack", where=[Eq("item_id", "{item_id}")], sort=["holds"]),
        "codes": List("code", where=[Eq("item_id", "{item_id}")], sort=["code"]),
    },
    roles=KEEPERS,
    camera=True,
)
places = Page(
    "inventory.places",
    ["/supplies/places"],
    "inventory/places.html",
    "Places",
    sheets=["places/{site}", "office/{site}"],
    lists={
        "rooms": List("place", where=[Eq("kind", "room")], sort=["sort_key"]),
        "cabinets": List("place", where=[Eq("kind", "cabinet")], sort=["sort_key"]),
        "bins": List("place", where=[Eq("kind", "bin")], sort=["sort_key"]),
    },
    parts={"tree": Part("inventory/_tree.html")},
    roles=HANDLERS,
)
new_place = Page(
    "inventory.new_place",
    ["/supplies/places/new"],
    "inventory/new_place.html",
    "New place",
    sheets=["places/{site}", "office/{site}"],
    lists={"all_places": List("place", where=[Eq("active", True)], sort=["sort_key"])},
    parameters=["inside"],
    roles=KEEPERS,
)
place = Page(
    "inventory.place",
    ["/supplies/places/{place_id:id}"],
    "inventory/place.html",
    "Place",
    sheets=["places/{site}", "items/{site}", "stock/*", "office/{site}"],
    lists={
        "place": One("place", where=[Eq("id", "{place_id}")]),
        "kept": List("belonging", where=[Eq("place_id", "{place_id}")], sort=["item_id.sort_key"]),
        "levels": ById("level"),
        "by_item": ById("item"),
        "belongings": ById("belonging"),
        "chosen": One("item", where=[Eq("id", "{chosen}")]),
        "found": List("item", where=[Eq("active", True), Matches("search", "?q")], sort=["sort_key"], limit=MOST_FOUND),
    },
    parts={
        "kept": Part("inventory/_kept.html"),
        "par": Part("inventory/_par.html"),
        "found": Part("inventory/_found.html"),
    },
    parameters=["q", "chosen"],
    find="found",
    roles=HANDLERS,
)

ON_PLACE = "/supplies/places/{place_id}"
OF_ITEM, OF_PLACE = "/supplies/items/{item_id:id}", "/supplies/places/{place_id:id}"

posts = [
    Post(
        "/supplies/items", RecordItem, then="/supplies/items/{item_id}", form=ITEM_FORM, form_page="/supplies/items/new"
    ),
    Post(
        f"{OF_ITEM}/edit",
        RecordItem,
        then="/supplies/items/{item_id}",
        form=ITEM_FORM,
        form_page="/supplies/items/{item_id}/edit",
    ),
    Post("/supplies/places", RecordPlace, then="/supplies/places", form=PLACE_FORM, form_page="/supplies/places/new"),
    Post(f"{OF_PLACE}/edit", RecordPlace, then=ON_PLACE, form="inventory/_rename.html"),
    Post(f"{OF_PLACE}/par", SetPar, then=ON_PLACE, parts=["kept", "par"], form="inventory/_par.html"),
    Post(f"{OF_PLACE}/removed", RemoveFromPlace, then=ON_PLACE, parts=["kept"]),
]
