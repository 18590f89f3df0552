"""Labels to print: of a shelf, of all shelves of a room, and of an item, each with its code to scan.

Sheets are those of Avery 5160 (US Letter, 3 × 10 labels of 2⅝ × 1 in); the roll is of labels of 2¼ × 1¼ in.
"""

from collections.abc import Mapping
from typing import Any

import segno
from litestar import Request, Response, get
from litestar.params import FromPath
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import paths
from backend.at_office import only_for, show
from backend.callers import Caller
from backend.errors import Missing
from backend.identity import HANDLERS
from backend.ids import is_id
from backend.inventory.booking import places_in
from backend.inventory.models import Code, Item, Place
from backend.posts import last
from backend.serving import office_of

QUIET = 4  # modules of white around the code (ISO/IEC 18004)
ON_A_SHEET = 30
FORMATS = ("sheet", "roll")
NOT_THEIRS = "Your role does not open this page. Ask the office manager."

Label = dict[str, Any]


@get("/supply-labels/rooms/{room_id:str}", sync_to_thread=True)
def room_labels(request: Request, room_id: FromPath[str]) -> Response[str]:
    """The room's own label, and those of all that stands in it."""
    with office_of(request).database.read() as session:
        caller = only_for(request, session, HANDLERS, NOT_THEIRS)
        room = find(session, Place, room_id, caller)
        labels = [of_place(place) for place in places_in(session, room)]
    return sheet(request, caller, labels, f"rooms/{room_id}")


@get("/supply-labels/places/{place_id:str}", sync_to_thread=True)
def place_labels(request: Request, place_id: FromPath[str]) -> Response[str]:
    """The label of one place."""
    with office_of(request).database.read() as session:
        caller = only_for(request, session, HANDLERS, NOT_THEIRS)
        labels = [of_place(find(session, Place, place_id, caller))]
    return sheet(request, caller, labels, f"places/{place_id}")


@get("/supply-labels/items/{item_id:str}", sync_to_thread=True)
def item_labels(request: Request, item_id: FromPath[str]) -> Response[str]:
    """One label for each code of an item; an item without a code has none that could be scanned."""
    with office_of(request).database.read() as session:
        caller = only_for(request, session, HANDLERS, NOT_THEIRS)
        item = find(session, Item, item_id, caller)
        codes = session.scalars(select(Code).where(Code.item_id == item.id).order_by(Code.code))
        labels = [{"title": item.name, "under": code.unit, "text": code.code, **qr_of(code.code)} for code in codes]
    return sheet(request, caller, labels, f"items/{item_id}")


def find(session: Session, kind: type[Any], id: str, caller: Caller) -> Any:
    """A thing of the caller's own site."""
    found = session.get(kind, id) if is_id(id) else None
    if found is None or found.site_id != caller.site.id:
        raise Missing("There is no such place." if kind is Place else "There is no such item.")
    return found


def of_place(place: Place) -> Label:
    """Its name large, and where it stands beneath."""
    outer, _, name = place.path.rpartition(" › ")
    return {"title": name, "under": outer, "text": place.label, **qr_of(place.label)}


def qr_of(text: str) -> Label:
    """The text as a QR code: one SVG path of runs, so that no style of its own is needed."""
    matrix = segno.make(text, error="m", micro=False).matrix
    path = []
    for line, modules in enumerate(matrix):
        start = None
        for column, module in enumerate([*modules, 0]):
            if module and start is None:
                start = column
            elif not module and start is not None:
                path.append(f"M{start + QUIET} {line + QUIET}h{column - start}v1h-{column - start}z")
                start = None
    return {"size": len(matrix) + 2 * QUIET, "path": "".join(path)}


def sheet(request: Request, caller: Caller, labels: list[Label], of: str) -> Response[str]:
    """The labels as they will lie on the paper: in how many copies, and after how many that are used already."""
    given = paths.form_of(request.url.query)
    form = last(given, "format")
    form = form if form in FORMATS else "sheet"
    copies, used = whole(given, "copies", 1, ON_A_SHEET), whole(given, "used", 0, ON_A_SHEET - 1)
    empty: list[Label | None] = [None] * (used if form == "sheet" else 0)
    laid = [*empty, *(label for label in labels for _ in range(copies))]
    pages = [laid[at : at + ON_A_SHEET] for at in range(0, len(laid), ON_A_SHEET)] if labels else []
    known = {
        "form_of": form,
        "copies": copies,
        "used": used,
        "address": f"/supply-labels/{of}",
        "back": f"/supplies/{of}",
    }
    return show(
        office_of(request), caller, "inventory.labels", "inventory/labels.html", pages=pages, count=len(labels), **known
    )


def whole(given: Mapping[str, list[str]], name: str, least: int, most: int) -> int:
    """A number in these bounds, or the least."""
    text = last(given, name)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else least
    return min(max(number, least), most)
