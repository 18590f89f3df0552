"""A large supply room: 5,000 items in 20 places, a million movements behind them, and its pages over HTTP."""

import random
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import insert, select

from backend import demo
from backend.demo import PASSWORD
from backend.feed import next_seq, publish_rows
from backend.ids import new_id
from backend.inventory.models import Belonging, Code, Item, Movement, Place, Stock
from backend.staff.models import StaffMember
from tests.bench.office import Books, Server
from tests.bench.report import Figure, quantile, tell

ITEMS, PLACES, MOVEMENTS, REQUESTS = 5_000, 20, 1_000_000, 50
# Each item lies in the place where it belongs, every second one in two lots.
LOTS = ("", "A1", "B2")
AIM_MS = 50
WORDS = "gauze glove syringe needle suture tube mask catheter bandage swab strip drape gown cuff lancet".split()


def figures(folder: Path) -> list[Figure]:
    """Milliseconds of every page of the supply room, the first after a start apart."""
    item_id, room_id = filled(folder)
    server = Server(folder)
    server.start()
    try:
        return measured(server.base, item_id, room_id)
    finally:
        server.stop()


def measured(base: str, item_id: str, room_id: str) -> list[Figure]:
    with httpx.Client(base_url=base, timeout=60) as client:
        client.post("/signin", data={"username": "maria", "password": PASSWORD})
        tell(f"{REQUESTS} requests of each page of the supply room")
        _, least = timed(client, "/healthz")
        found = []
        size = f"{ITEMS:,} items, {PLACES} places, {MOVEMENTS:,} movements"
        for name, path, aim in (
            (f"stock page over {size}", f"/supplies/rooms/{room_id}", AIM_MS),
            ("  item page", f"/supplies/items/{item_id}", AIM_MS),
            ("  movements page", f"/supply-movements/{item_id}", AIM_MS),
            ("  supplies page, with what is low", "/supplies", None),
            ("  page of one place", f"/supplies/places/{room_id}", None),
        ):
            first = once(client, path)
            p50, p95 = timed(client, path)
            found.append(Figure(f"{name}, p50", p50, "ms"))
            found.append(Figure(f"{name}, p95", p95, "ms", aim, least, "p95 of the smallest answer"))
            found.append(Figure(f"{name}, the first after a start", first, "ms"))
        return found


def timed(client: httpx.Client, path: str) -> tuple[float, float]:
    took = [once(client, path) for _ in range(REQUESTS)]
    return quantile(took, 0.5), quantile(took, 0.95)


def once(client: httpx.Client, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(path)
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return took


def filled(folder: Path) -> tuple[str, str]:
    """Tables and sheets written in bulk, as if a million commands had come; returns an item and the room."""
    tell(f"Filling a supply room: {ITEMS:,} items, {PLACES} places, {MOVEMENTS:,} movements")
    books = Books(folder)
    books.open()
    draw, site = random.Random(5), demo.SITE.id
    places = [new_id() for _ in range(PLACES)]
    stock = lying(draw, [new_id() for _ in range(ITEMS)], places)
    with books.database.write() as session:
        who = session.scalars(select(StaffMember.id).order_by(StaffMember.id)).first() or new_id()
        session.execute(insert(Place), [place(id, number, places[0], site) for number, id in enumerate(places)])
        ids = list(dict.fromkeys(one["item_id"] for one in stock))
        session.execute(insert(Item), [item(id, number, site) for number, id in enumerate(ids)])
        codes = [{"site_id": site, "code": f"C-{n:06d}", "item_id": id, "unit": "each"} for n, id in enumerate(ids)]
        session.execute(insert(Code), codes)
        kept = {(one["place_id"], one["item_id"]) for one in stock}
        levels = [{"place_id": at, "item_id": id, "least": 100, "most": 400} for at, id in sorted(kept)]
        session.execute(insert(Belonging), levels)
        session.execute(insert(Stock), stock)
    move(folder / "daysheet.sqlite3", draw, stock, who)
    touched = [("place", id) for id in places] + [("item", id) for id in ids]
    touched += [("code", f"{site}/{one['code']}") for one in codes]
    for kind in ("belonging", "level"):
        touched += [(kind, f"{at}/{id}") for at, id in sorted(kept)]
    touched += [("stock", f"{one['item_id']}/{one['place_id']}/{one['lot']}") for one in stock]
    sheets = books.office.performer.sheets
    for start in range(0, len(touched), 1000):
        with books.database.write() as session:
            publish_rows(session, sheets, touched[start : start + 1000], next_seq(session))
    books.close()
    return ids[ITEMS // 2], places[0]


def lying(draw: random.Random, items: list[str], places: list[str]) -> list[dict[str, object]]:
    """What is on hand of each lot; the balance that its movements make is set right below."""
    found: list[dict[str, object]] = []
    for number, item_id in enumerate(items):
        for lot in LOTS[1:] if number % 2 else LOTS[:1]:
            known = {"item_id": item_id, "place_id": places[number % len(places)], "lot": lot}
            found.append({**known, "on_hand": draw.randint(1, 400), "expires": None})
    return found


def place(id: str, number: int, room_id: str, site: str) -> dict[str, object]:
    name = f"Shelf {number}" if number else "Supply room"
    path = f"Supply room › {name}" if number else name
    rest = {"kind": "bin", "parent_id": room_id} if number else {"kind": "room", "parent_id": None}
    return {"id": id, "site_id": site, "room_id": room_id, "name": name, "path": path, "active": True,
            "label": f"PL-{number:010d}", **rest}  # fmt: skip


def item(id: str, number: int, site: str) -> dict[str, object]:
    name = f"{WORDS[number % len(WORDS)].title()} {number:04d}"
    return {"id": id, "site_id": site, "name": name, "base_unit": "each", "cost_cents": 9, "abc": "C",
            "has_lots": bool(number % 2), "has_expiry": False, "controlled": False, "active": True, "is_stub": False,
            "source": None}  # fmt: skip


def move(path: Path, draw: random.Random, stock: list[dict[str, object]], who: str) -> None:
    """The movements of two years, spread over all lots; of each, the first brings what all together must make."""
    began = datetime(2024, 11, 1, tzinfo=UTC)
    each = MOVEMENTS // len(stock)
    columns = [column.name for column in Movement.__table__.columns]
    statement = f"INSERT INTO movement ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    number = 0
    connection = sqlite3.connect(path)
    for at, one in enumerate(stock):
        count = each + (at < MOVEMENTS - each * len(stock))
        used = [draw.randint(1, 5) for _ in range(count - 1)]
        quantities = [int(str(one["on_hand"])) + sum(used), *(-quantity for quantity in used)]
        rows = []
        for step, quantity in enumerate(quantities):
            number += 1
            moment = (began + timedelta(minutes=step * 7000 + at)).strftime("%Y-%m-%d %H:%M:%S.%f")
            id = f"{number:08x}-0000-7000-8000-{number:012x}"
            known = {"id": id, "command_id": id, "quantity": quantity, "kind": "received" if step == 0 else "used"}
            known |= {"happened_at": moment, "received_at": moment, "happened_about": 0, "actor_id": who}
            known |= {name: one[name] for name in ("item_id", "place_id", "lot")}
            rows.append([known.get(name) for name in columns])
        connection.executemany(statement, rows)
    connection.commit()
    connection.close()
