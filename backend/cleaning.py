"""What a person typed, without what nobody sees."""

import re
import unicodedata

_SPACE = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACES = re.compile(f"[{_SPACE}]+")
_SPACES_IN_LINE = re.compile("[" + _SPACE.replace("\n", "") + "]+")
_LINE_ENDS = re.compile(" ?\n ?")


def clean(text: str, multiline: bool = False) -> str:
    """One line, or with `multiline` paragraphs, composed and trimmed."""
    text = _CONTROLS.sub("", text)
    if multiline:
        lines = _LINE_ENDS.sub("\n", _SPACES_IN_LINE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")))
        text = re.sub("\n{3,}", "\n\n", lines)
    else:
        text = _SPACES.sub(" ", text)
    return unicodedata.normalize("NFC", text).strip(" \n")
