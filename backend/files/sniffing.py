"""What a file is, by its first bytes; what its sender calls it counts for nothing."""

JPEG, PNG, WEBP, HEIC, PDF = "image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf"
SUFFIXES = {JPEG: "jpg", PNG: "png", WEBP: "webp", HEIC: "heic", PDF: "pdf"}
# ISO/IEC 23008-12, Annex B: the brands of still pictures coded in HEVC.
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1")


def sniff(start: bytes) -> str | None:
    """The media type, or None for whatever the office does not keep."""
    if start.startswith(b"\xff\xd8\xff"):  # ISO/IEC 10918-1, B.2: SOI, then the first byte of a marker
        return JPEG
    if start.startswith(b"\x89PNG\r\n\x1a\n"):  # RFC 2083, 3.1
        return PNG
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":  # RFC 9649, 2.4
        return WEBP
    if start[4:8] == b"ftyp" and start[8:12] in HEIC_BRANDS:  # ISO/IEC 14496-12, 4.3
        return HEIC
    if start.startswith(b"%PDF-"):  # ISO 32000-2, 7.5.2; readers allow rubbish before it, we do not
        return PDF
    return None
