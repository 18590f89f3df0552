"""Codes as they are kept: in the one form in which every reader of codes gives them."""

from backend.scanning import read_scan

# A key does not depend on the day; only the century of an expiration date would.
ANY_DAY = "2026-01-01"


def code_key(text: str) -> str:
    """What the code is looked up by; a text that can be no code stands for itself and is found by nobody."""
    read = read_scan(text, ANY_DAY)
    return text.strip() if read is None or read["code"] is None else read["code"]


def is_sound(text: str) -> bool:
    """Whether the check digit is right; a code that has none is."""
    read = read_scan(text, ANY_DAY)
    return read is not None and read["warning"] != "check_digit"


def is_misprinted(key: str) -> bool:
    """Whether a code as it is kept has a wrong check digit. Of a HIBC code the check character is not kept."""
    return len(key) == 14 and key.isdigit() and not is_sound(key)
