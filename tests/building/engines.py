"""The same questions put to both engines: the server's in Python, the worker's in Node."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from backend import answers, effects, fields, ids, lists, painting, paths, posts, scanning, values
from backend.sentences import SENTENCES
from tests.worker.node import Node

CASES = Path(__file__).parents[1] / "cases"
HASHES = Path(__file__).parents[2] / "web" / "node_modules" / "@noble" / "hashes"


def cases(name: str) -> list[dict]:
    return json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))


def titles(case: dict) -> str:
    return case["title"]


def plain(value):
    """Look-ups by id as ordinary objects, so that answers can be compared."""
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def spelled(value) -> str:
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Spelling:
    """Templates that print all they are given, so that two contexts are compared as two pages are."""

    def render(self, name, context):
        return f"<{name}>{spelled(context)}</{name}>"


class Rows:
    """Rows as the questions give them, each with the sheets that hold it."""

    def __init__(self, held):
        self._kinds = {}
        for (kind, id), (row, sheets) in held.items():
            self._kinds.setdefault(kind, {})[id] = ({"kind": kind, "id": id, **row}, sheets)

    def get(self, kind: str, id: str, sheets: list[str]):
        row, mine = self._kinds.get(kind, {}).get(id, (None, ()))
        return row if any(paths.covers(sheets, sheet) for sheet in mine) else None

    def rows(self, sheets: list[str], kind: str):
        for row, mine in self._kinds.get(kind, {}).values():
            if any(paths.covers(sheets, sheet) for sheet in mine):
                yield row


def base(question):
    return Rows({(kind, id): (row, set(sheets)) for kind, id, row, sheets in question.get("rows", [])})


def painted(question):
    return painting.paint(
        base(question), question.get("pending", []), question.get("commands", {}), question.get("ranks", {})
    )


def ask(question: dict):
    """The answer of the Python engine."""
    return plain(ASKED[question["ask"]](question))


def _evaluate(question):
    return values.evaluate(question["value"], {**question["scope"], "get": painted(question).get})


def _apply(question):
    view = painting.Painted(base(question))
    effects.apply(question["effect"], view, question["command"], question.get("ranks", {}))
    return _seen(question, view)


def _seen(question, view):
    kinds = sorted({touched.split(":")[0] for touched in view.touched} | {row[0] for row in question.get("rows", [])})
    within = view.within(question.get("sheets", ["*"]))
    found = {kind: sorted(within.rows(kind), key=lambda row: row["id"]) for kind in kinds}
    return {"touched": sorted(view.touched), "rows": found}


def _read(question):
    read, complaints = fields.read(
        question["specs"], question["form"], question["today"], question["language"], question.get("words", {})
    )
    return {"values": read, "complaints": complaints}


def _post(question):
    posted = posts.read_post(*(question[name] for name in ("manifest", "post", "params", "form", "scope")))
    return {name: getattr(posted, name) for name in posted.__dataclass_fields__}


def _answer(question):
    house = answers.House({**question["manifest"], "sentences": SENTENCES}, Spelling())
    call = getattr(answers, question["call"])
    arguments = {"view": painted(question), "house": house, "scope": question["scope"]}
    answered = call(**arguments, **question["arguments"])
    return list(answered) if isinstance(answered, answers.Answer) else answered


ASKED = {
    "evaluate": _evaluate,
    "compare": lambda q: max(-1, min(1, values.compare(q["left"], q["right"]))),
    "holds": lambda q: values.holds(q["left"], q["op"], q["right"]),
    "list": lambda q: lists.gather(q["list"], painted(q).within(q.get("sheets", ["*"])), q.get("scope", {})),
    "apply": _apply,
    "paint": lambda q: _seen(q, painted(q)),
    "read": _read,
    "match": lambda q: paths.parse(q["pattern"]).match(q["path"]),
    "fill": lambda q: paths.fill(q["pattern"], q["params"]),
    "sheet": lambda q: paths.sheet_name(q["pattern"], q["params"]),
    "covers": lambda q: paths.covers(q["patterns"], q["sheet"]),
    "form": lambda q: paths.form_of(q["text"]),
    "mint": lambda q: ids.mint(q["seed"], q["label"], q["value"]),
    "derived": lambda q: ids.derived(q["command_id"], q["label"]),
    "scan": lambda q: scanning.read_scan(q["text"], q["today"]),
    "post": _post,
    "answer": _answer,
}

IN_NODE = (Path(__file__).parents[1] / "worker" / "engines.mjs").read_text


def engines(folder: Path) -> Node:
    """A Node that answers {"all": [question…]} with the worker's engines."""
    (folder / "worker").mkdir()
    (folder / "lib").mkdir()
    os.symlink(HASHES, folder / "lib" / "hashes")
    return Node(folder / "worker", {"answer.js": IN_NODE(encoding="utf-8"), "sentences.json": json.dumps(SENTENCES)})
