"""A sentence put together on the server, in the language of the page: its own words, and its values where they go.

The receipt of a command, a card and a refusal say things like “Ben's visit has been roomed since”. They are kept as
they were said, in English; `words` (see words.py) hold a sentence for each shape of them: a hole `{name}` stands for a
value as it is, `{when|t}` for one that is a sentence or a word itself. web/worker/translating.js does the same.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

HOLE = re.compile(r"{([a-z_]+)(\|t)?}")
SEVERAL = re.compile(r"(?<=[.!?]) ")
# What somebody typed at length is no sentence of ours, and looking through it for holes would take long.
LONGEST = 400


class Shape(NamedTuple):
    """An English sentence with holes; `inner` are the holes whose values are spoken as well."""

    key: str
    regex: re.Pattern[str]
    inner: frozenset[str]


def sentence(words: Mapping[str, str], said: str) -> str:
    """`said` in the other language: sentence by sentence, or as a whole, or as far as the words go."""
    if said in words:
        return words[said]
    parts = SEVERAL.split(said)
    each = [spoken(words, part) for part in parts]
    whole = None if all(each) else spoken(words, said)
    return whole or " ".join(own or part for own, part in zip(each, parts, strict=True))


def spoken(words: Mapping[str, str], said: str) -> str | None:
    """One sentence in the other language; None where there is none for it."""
    if said in words:
        return words[said]
    if len(said) > LONGEST:
        return None
    for shape in shapes(tuple(key for key in words if "{" in key)):
        if found := shape.regex.fullmatch(said):
            values = {
                name: sentence(words, value) if name in shape.inner else value
                for name, value in found.groupdict().items()
            }
            return HOLE.sub(lambda hole, values=values: values.get(hole[1], hole[0]), words[shape.key])
    return None


@cache
def shapes(keys: tuple[str, ...]) -> tuple[Shape, ...]:
    """Those that begin with most of their own words first, then those that have most; mere holes say nothing."""
    begins = {key: key.index("{") for key in keys}
    own = {key: len(HOLE.sub("", key)) for key in keys}
    return tuple(shape_of(key) for key in sorted(keys, key=lambda key: (-begins[key], -own[key], key)) if own[key])


def shape_of(key: str) -> Shape:
    parts, inner, at = [], set(), 0
    for hole in HOLE.finditer(key):
        parts += [re.escape(key[at : hole.start()]), f"(?P<{hole[1]}>.+?)"]
        at = hole.end()
        if hole[2]:
            inner.add(hole[1])
    return Shape(key, re.compile("".join([*parts, re.escape(key[at:])]), re.DOTALL), frozenset(inner))
