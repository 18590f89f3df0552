"""An OpenAPI document of everything that the office answers, made from the manifest and the rooms' own routes."""

from typing import Any

from backend.app import ROOMS

TYPES = {"date": "2026-11-23", "id": "0191a2b4-0000-7000-8000-000000000001", "name": "main"}
ANYTHING: dict[str, Any] = {}
TEXT = {"type": "string", "maxLength": 40}
# It never ends, so it cannot be asked for in a loop; tests/sync/test_pokes.py has it to itself.
ENDLESS = {"/sync/pokes"}
# What the bodies of the rooms' own routes are made of.
NAMES = """public_key identity_key replica_id staff_id suspended signature device_id at entries_left id response name
    credential code username password new again roles purpose place storage proto commands sheets proof actor clock
    request_id epoch""".split()


def document(manifest: dict[str, Any]) -> dict[str, Any]:
    """OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {"/": {"get": operation("/")}, "/healthz": {"get": operation("/healthz")}}
    for page in manifest["pages"]:
        for path in page["paths"]:
            asked = [*page["parameters"], "_part", "q"]
            paths.setdefault(plain(path), {})["get"] = operation(path, asked)
    for post in manifest["posts"]:
        fields = [spec["name"] for spec in manifest["commands"][post["command"]]["fields"]]
        fields += ["_command_id", "_seen", *(f"_was.{name}" for name in fields)]
        paths.setdefault(plain(post["path"]), {})["post"] = operation(post["path"], form=fields)
    for page in manifest["pages"]:
        if page["find"]:
            path = f"/find/{page['name']}"
            paths[path] = {"post": operation(path, form=["q", "day", *page["parameters"]])}
    for path, method in routes():
        told = operation(path, ["_part", "device_id", "invitation_id", "kind"] if method == "get" else [])
        if method == "post":
            schema = {"type": "object", "properties": dict.fromkeys(NAMES, ANYTHING)}
            texts = {"type": "object", "properties": dict.fromkeys(NAMES, TEXT)}
            kinds = {"application/json": {"schema": schema}, "application/x-www-form-urlencoded": {"schema": texts}}
            told["requestBody"] = {"content": kinds}
        paths.setdefault(plain(path), {})[method] = told
    about = {"title": "Daysheet", "version": "1"}
    return {"openapi": "3.1.0", "info": about, "paths": paths}


def routes() -> list[tuple[str, str]]:
    """The rooms' own routes: (path, method)."""
    found = [
        (path, method.lower())
        for room in ROOMS
        for route in room.routes
        for path in route.paths
        for method in getattr(route, "http_methods", ())
    ]
    return sorted(one for one in found if one[0] not in ENDLESS and one[1] in ("get", "post"))


def plain(path: str) -> str:
    """Without the types of its parameters."""
    return "/".join(
        part.partition(":")[0] + "}" if part.startswith("{") and ":" in part else part for part in path.split("/")
    )


def operation(path: str, asked: list[str] = (), form: list[str] = ()) -> dict[str, Any]:  # type: ignore[assignment]
    """One thing that can be asked, with parameters that fit about every other time."""
    places = [part.strip("{}").partition(":") for part in path.split("/") if part.startswith("{")]
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {
                "anyOf": [{"const": TYPES.get(kind, "a" * 64)}, {"type": "string", "minLength": 1, "maxLength": 70}]
            },
        }
        for name, _, kind in places
    ]
    parameters += [{"name": name, "in": "query", "schema": TEXT} for name in dict.fromkeys(asked)]
    told: dict[str, Any] = {"parameters": parameters, "responses": {"default": {"description": "whatever it is"}}}
    if form:
        schema = {"type": "object", "properties": dict.fromkeys(form, TEXT)}
        told["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    return told
