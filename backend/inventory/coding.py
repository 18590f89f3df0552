"""Codes: the one form in which a code is kept and looked up, whoever read it."""


def code_key(text: str) -> str:
    """GTINs of any length in 14 digits (GS1 General Specifications §3.3.2), anything else as it is written."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) in (8, 12, 13, 14):
        return text.zfill(14)
    return text


def has_sound_check_digit(gtin: str) -> bool:
    """Whether the last digit follows from the others: weights 3 and 1 from the right, to a multiple of ten."""
    *others, last = map(int, gtin)
    total = sum(digit * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(others)))
    return (10 - total % 10) % 10 == last
