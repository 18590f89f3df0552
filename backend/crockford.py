"""Letters and digits that people type from paper or a screen: Crockford's base 32, with no I, L, O or U to misread."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
READ_AS = str.maketrans("OIL", "011", " -\u00a0\u2010\u2011\u2013\t\r\n")


def read_typed(text: str) -> str:
    """What was meant, however it was typed: letters large, look-alikes as digits, no spaces or dashes."""
    return text.upper().translate(READ_AS)
