"""Answers to pages and posts: status, headers and HTML, the same bytes from the server and from the worker.

A house is {manifest, templates}; a scope is {site, actor, device, now, today, zone, language, seed}, with site and
actor as objects; a view is what `painting.Painted` gives; params are texts by name, or lists of texts.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from backend import lists, paths
from backend.posts import last
from backend.sentences import sentence
from backend.values import evaluate

HTML = {"Content-Type": "text/html; charset=utf-8"}
NO_FORM: dict[str, Any] = {"command": "", "values": {}, "complaints": {}, "complaint": ""}

Declared = Params = Scope = Mapping[str, Any]


class Templates(Protocol):
    def render(self, name: str, context: Mapping[str, Any]) -> str: ...


class House(NamedTuple):
    manifest: Mapping[str, Any]
    templates: Templates


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str


def page_at(manifest: Declared, path: str) -> tuple[Declared, dict[str, str]] | None:
    """The page of this path and the path's parameters."""
    for page in manifest["pages"]:
        for pattern in page["paths"]:
            if (params := paths.parse(pattern).match(path)) is not None:
                return page, params
    return None


def post_at(manifest: Declared, path: str) -> tuple[Declared, dict[str, str]] | None:
    for post in manifest["posts"]:
        if (params := paths.parse(post["path"]).match(path)) is not None:
            return post, params
    return None


def context_for(
    house: House, page: Declared, given: Params, view: Any, scope: Scope, form: Params = NO_FORM
) -> dict[str, Any]:
    """What the page's templates are given."""
    params = parameters(page, given, scope)
    seen = view.within(sheets_of(page, params, scope))
    known = _known(params, scope)
    found = lists.gather_all(page.get("lists", {}), seen, known)
    fitting = [pattern for pattern in page["paths"] if paths.parse(pattern).fits(params)]
    path = paths.fill(fitting[-1], params) if fitting else ""
    return {**found, **about(house, scope, form), "page": {"name": page["name"], "path": path}, "param": params}


def parameters(page: Declared, given: Params, scope: Scope) -> dict[str, Any]:
    """Every parameter that the page declares: as given, by default, or an empty text."""
    types = _types(page)
    params = {}
    for name in [*types, *page.get("parameters", [])]:
        value = _one(given.get(name))
        params[name] = "" if name in types and not paths.TYPES[types[name]](value) else value
    for name, value in page.get("defaults", {}).items():
        if params.get(name) in ("", None):
            params[name] = evaluate(value, _known(params, scope))
    return params


def sheets_of(page: Declared, params: Params, scope: Scope) -> list[str]:
    known = {**params, "site": scope["site"]["id"], "actor": scope["actor"]["id"], "device": scope["device"]}
    named = (paths.sheet_name(sheet, {**known, "today": scope["today"]}) for sheet in page["sheets"])
    return [sheet for sheet in named if sheet is not None]


def render_page(
    house: House, page: Declared, given: Params, view: Any, scope: Scope, form: Params = NO_FORM, status: int = 200
) -> Answer:
    body = house.templates.render(page["template"], context_for(house, page, given, view, scope, form))
    return Answer(status, HTML | (house.manifest["with_camera"] if page.get("camera") else {}), body)


def render_part(house: House, page: Declared, name: str, given: Params, view: Any, scope: Scope) -> Answer:
    """One part of a page alone; 404 when there is no such part or its row is gone."""
    body = _part(house, page, name, given, view, scope, context_for(house, page, given, view, scope))
    return _html("", 404) if body is None else _html(body, 200)


def render_find(house: House, page: Declared, form: Params, view: Any, scope: Scope, partial: bool) -> Answer:
    """What a person searched for, which never stands in an address."""
    if partial:
        return render_part(house, page, page["find"], form, view, scope)
    return render_page(house, page, form, view, scope)


def answer_post(
    house: House,
    post: Declared,
    params: Params,
    form: Mapping[str, list[str]],
    fields: Params,
    view: Any,
    scope: Scope,
    partial: bool,
) -> Answer:
    """The page it belongs to, after the write; `view` has the command's paint in it."""
    then = paths.fill(post["then"], {**fields, **params})
    if not partial:
        return Answer(303, {"Location": then}, "")
    found = page_at(house.manifest, then) if post["parts"] else None
    if found is None:
        return Answer(200, {"HX-Redirect": then}, "")
    page, own = found
    given = {**_filters(page, form, fields), **fields, **params, **own}
    context = context_for(house, page, given, view, scope)
    bodies = [_part(house, page, name, given, view, scope, context) for name in post["parts"]]
    if bodies[0] is None:
        return Answer(200, {"HX-Redirect": then}, "")
    further = [
        f'<hx-partial hx-target="#{_target(page, name, given)}" hx-swap="outerMorph">{body}</hx-partial>'
        for name, body in zip(post["parts"][1:], bodies[1:], strict=True)
        if body is not None
    ]
    return _html("".join([bodies[0], *further]), 200)


def complain(
    house: House,
    post: Declared,
    params: Params,
    form: Mapping[str, list[str]],
    complaints: Mapping[str, str],
    view: Any,
    scope: Scope,
    partial: bool,
    complaint: str = "",
) -> Answer:
    """422: the form again, what was typed kept, each sentence beside its field; `complaint` is said of the whole."""
    wrong = form_again(house, post, form, complaints, scope, complaint)
    page, own = _form_page(house, post, {**_texts(form), **params})
    given = {**_texts(form), **params, **own}
    if page is not None and not partial:
        return render_page(house, page, given, view, scope, wrong, 422)
    template = post.get("form") or "shell/_complaint.html"
    context = about(house, scope, wrong)
    if page is not None and post.get("form"):
        context = context_for(house, page, given, view, scope, wrong)
    return _html(house.templates.render(template, context), 422)


def form_again(
    house: House, post: Declared, form: Mapping[str, list[str]], complaints: Mapping[str, str], scope: Scope, said: str
) -> dict[str, Any]:
    values: dict[str, Any] = {name: value for name, value in _texts(form).items() if not name.startswith("_")}
    for spec in house.manifest["commands"][post["command"]]["fields"]:
        name = spec["name"]
        if spec["reader"] not in ("lines", "quantity"):
            values[name] = list(form.get(name, [])) if spec["reader"] == "choices" else last(form, name)
    if not said and complaints:
        said = sentence("form.fields", scope["language"]) if post.get("form") else next(iter(complaints.values()))
    return {"command": post["command"], "values": values, "complaints": dict(complaints), "complaint": said}


def _form_page(house: House, post: Declared, known: Params) -> tuple[Declared | None, dict[str, str]]:
    try:
        path = paths.fill(post.get("form_page") or post["then"], known)
    except KeyError:
        return None, {}
    return page_at(house.manifest, path) or (None, {})


def _part(
    house: House, page: Declared, name: str, given: Params, view: Any, scope: Scope, context: dict[str, Any]
) -> str | None:
    part = page.get("parts", {}).get(name)
    if part is None:
        return None
    if not part.get("of"):
        return house.templates.render(part["template"], context)
    # Its row even when a filter would hide it: a visit that was just checked in is still the one that was tapped.
    one = page["lists"][part["of"]]
    seen = view.within(sheets_of(page, context["param"], scope))
    row = seen.get(one.get("list") or one.get("one") or one.get("by_id"), _one(given.get(part["id"])))
    always = [where for where in one.get("where", []) if not (isinstance(where[2], dict) and where[2].get("optional"))]
    if row is None or not lists.meets(row, lists.read(always, _known(context["param"], scope)), seen):
        return None
    return house.templates.render(part["template"], {**context, part["name"]: row})


def _target(page: Declared, name: str, given: Params) -> str:
    part = page["parts"][name]
    return f"{name}-{_one(given.get(part['id']))}" if part.get("of") else name


def _types(page: Declared) -> dict[str, str]:
    return {name: type for pattern in page["paths"] for name, type in paths.parse(pattern).types.items()}


def _known(params: Params, scope: Scope) -> dict[str, Any]:
    ids = {"site": scope["site"]["id"], "actor": scope["actor"]["id"], "device": scope["device"]}
    return {"param": params, "now": scope["now"], "today": scope["today"], **ids}


def about(house: House, scope: Scope, form: Params = NO_FORM) -> dict[str, Any]:
    """What every template is given, whatever the page."""
    manifest = house.manifest
    return {
        **{name: scope[name] for name in ("now", "today", "zone", "language", "site", "actor", "seed")},
        "words": manifest["words"].get(scope["language"], {}),
        "form": form,
        # Whose forms are the same in all tabs.
        "bearer": scope.get("device") or scope["actor"].get("id", ""),
        "assets": f"/w/{manifest['build']}",
        # The pages that a device for this purpose has, whoever is at it.
        "opens": manifest.get("purposes", {}).get(scope.get("purpose"), {}).get("opens", []),
    }


def _filters(page: Declared, form: Mapping[str, list[str]], fields: Params) -> dict[str, Any]:
    """The page's own parameters that the form carried along, where they are not the command's."""
    return {name: form[name] for name in page.get("parameters", []) if name in form and name not in fields}


def _texts(form: Mapping[str, list[str]]) -> dict[str, Any]:
    return {name: _one(texts) for name, texts in form.items()}


def _one(value: Any) -> Any:
    """A parameter: a text, or a list when there are several."""
    if value is None:
        return ""
    if isinstance(value, list) and len(value) < 2:
        return value[0] if value else ""
    return value


def _html(body: str, status: int) -> Answer:
    return Answer(status, dict(HTML), body)
