"""What a screen reader is given to say: the names that the browser's accessibility tree has for what can be used."""

from collections import defaultdict
from collections.abc import Iterator

from playwright.sync_api import CDPSession, Page

# What a person acts on. A heading or a list may do without a name of its own.
USED = {
    "button", "link", "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "switch", "spinbutton",
    "slider", "tab", "menuitem", "DisclosureTriangle", "image",
}  # fmt: skip
# Two with the same name must do the same: nobody hears which row a button stands in.
TOLD_APART = {"button", "link"}
OUTER = "function () { return this.outerHTML.slice(0, 160); }"
WHAT_IT_DOES = """function () {
    const sent = this.form ? [...new FormData(this.form)].filter(([name]) => name !== "_command_id") : [];
    const to = this.href ?? this.form?.getAttribute("action") ?? this.outerHTML;
    return JSON.stringify([to, sent, this.name ?? "", this.value ?? ""]);
}"""


def breaches_of_names(page: Page) -> list[str]:
    """Every control without a name, and every name that two controls have which do not do the same."""
    session = page.context.new_cdp_session(page)
    try:
        return list(found(session))
    finally:
        session.detach()


def found(session: CDPSession) -> Iterator[str]:
    """The same, one by one."""
    session.send("Accessibility.enable")
    called: dict[tuple[str, str], list[int]] = defaultdict(list)
    for node in session.send("Accessibility.getFullAXTree")["nodes"]:
        role, name = (str(node.get(one, {}).get("value", "")).strip() for one in ("role", "name"))
        if node.get("ignored") or role not in USED:
            continue
        if not name:
            yield f"a {role} without a name: {of(session, node['backendDOMNodeId'], OUTER)}"
        elif role in TOLD_APART:
            called[role, name].append(node["backendDOMNodeId"])
    for (role, name), nodes in called.items():
        done = {of(session, node, WHAT_IT_DOES) for node in nodes} if len(nodes) > 1 else set()
        if len(done) > 1:
            yield f"{len(nodes)} of {role} {name!r} do {len(done)} things: {' '.join(sorted(done))[:300]}"


def of(session: CDPSession, node: int, said: str) -> str:
    """What a function says of an element."""
    element = session.send("DOM.resolveNode", {"backendNodeId": node})["object"]["objectId"]
    asked = {"objectId": element, "functionDeclaration": said, "returnByValue": True}
    return str(session.send("Runtime.callFunctionOn", asked)["result"].get("value"))
