"""Reading a history as its page has it."""

import re

from tests.forms import text_of
from tests.practice import Practice

ACT = re.compile(r"<li data-entry=.*?</li>", re.DOTALL)


def page(practice: Practice, who: str, kind: str, id: str, query: str = "") -> str:
    """The HTML; it must open."""
    answer = practice.browser(who).get(f"/history/{kind}/{id}{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return str(answer.text)


def acts(practice: Practice, who: str, kind: str, id: str, query: str = "") -> list[str]:
    """Each entry as it is read, the newest first."""
    return [text_of(found) for found in ACT.findall(page(practice, who, kind, id, query))]
