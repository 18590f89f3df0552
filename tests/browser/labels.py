"""Labels as makers print them, drawn for a camera and spelled out for a scanner that types."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import zint

from backend.hibc import check_character
from backend.inventory import read_items
from backend.inventory.coding import code_key

GS = "\x1d"
WIDTH, HEIGHT = 640, 480
PAPER, INK = 235, 16
FRAMES_A_SECOND = 4
# Until the camera looks, and after the last label, so that the film does not begin again.
BEFORE, SHOWN, BETWEEN, AFTER = 16, 4, 1, 80

HEADING = (
    "primary_di,issuing_agency,brand,model,description,units_in_base_package,lot_controlled,has_expiration,packages"
)
# Invented; the check digits of 00614141000998 and its box are wrong.
ROWS = """
00614141000012,GS1,Softly,G-M,EXAM GLOVES,100,true,true,10614141000019=10x00614141000012
00614141000029,GS1,Softly,G-L,EXAM GLOVES,1,true,true,10614141000026=12x00614141000029
00614141000036,GS1,Softly,S-4,GAUZE,1,true,true,10614141000033=12x00614141000036;20614141000030=4x10614141000033
00614141000043,GS1,Plain,B-1,BANDAGE,1,true,true,
00614141000050,GS1,Plain,T-2,TAPE,1,false,false,
10614141000064,GS1,Plain,C-6,CATHETER,1,true,true,
00614141000074,GS1,Softly,N-25,NEEDLE,1,true,true,
00614141000998,GS1,Softly,N-27,NEEDLE,1,true,true,10614141000995=50x00614141000998
+H123ABC0B,HIBCC,Steady,ABC,SUTURE,1,true,true,+H123ABC2D=12x+H123ABC0B
+H123XYZ0.,HIBCC,Steady,XYZ,STAPLER,1,true,true,
GLV-SMALL,,House,G-S,EXAM GLOVES,1,false,false,
00614141000081,GS1,Plain,M-8,MASK,1,true,true,
""".strip()
S = zint.Symbology
# Most labels are the second; of the others there is one now and then.
KINDS_OF_GS1 = [S.GS1_128, S.DATAMATRIX, S.DATAMATRIX, S.DATAMATRIX, S.EANX, S.DATAMATRIX, S.DATAMATRIX]


@dataclass(frozen=True)
class Label:
    """What is printed (`data`, in zint's spelling), what a scanner types for it, and what the office must find."""

    symbology: zint.Symbology
    data: str
    typed: str
    source: str
    unit: str
    lot: str = ""
    expires: date | None = None

    @property
    def found(self) -> tuple[str, str, str, date | None]:
        """As `test_labels` reads it from the office."""
        return self.source, self.unit, self.lot, self.expires


def labels_of(lines: Iterable[str]) -> list[Label]:
    """One of every row of a catalogue; the rows take turns with their packages and with the kinds of symbols."""
    return [label_of(line.fields, number) for number, line in enumerate(read_items(lines))]


def label_of(item: dict[str, Any], number: int) -> Label:
    """Every lot is another; every seventh expires at the end of a month, which is printed as day 00."""
    told = item["codes"][number % len(item["codes"])]
    code, found = told["code"], (item["source"], told["unit"])
    expires = date(2027, 1, 15) + timedelta(days=number * 3)
    short = expires.strftime("%y%m%d")
    if number % 7 == 6:
        expires, short = date(2028, 2, 29), "280200"
    lot = (f"L{number:04d}", f"{number:06d}", f"a-{number}/B")[number % 3]
    if code.startswith("+"):
        lot = f"{number:02d}X"
        body = f"{code_key(code)}/$$3{expires:%y%m%d}{lot}"
        kind = S.HIBC_DM if number % 2 else S.HIBC_128
        return Label(kind, body[1:], body + check_character(body), *found, lot, expires)
    if not (code.isdigit() and len(code) == 14):
        return Label(S.CODE128, code, code, *found)
    kind = KINDS_OF_GS1[number % len(KINDS_OF_GS1)]
    if kind == S.EANX and code.startswith("0"):
        return Label(kind, code[1:13], code[1:], *found)
    kind = S.DATAMATRIX if kind == S.EANX else kind
    mark = "]C1" if kind == S.GS1_128 else "]d2"
    if number % 2:
        return Label(
            kind, f"[01]{code}[10]{lot}[17]{short}", f"{mark}01{code}10{lot}{GS}17{short}", *found, lot, expires
        )
    return Label(kind, f"[01]{code}[17]{short}[10]{lot}", f"{mark}01{code}17{short}10{lot}", *found, lot, expires)


def drawn(label: Label) -> bytes:
    """The grey picture of a camera before which it lies."""
    symbol = zint.Symbol()
    symbol.symbology = label.symbology
    if label.data.startswith("["):
        # A maker's wrong check digit is printed like any other.
        symbol.input_mode = zint.InputMode.GS1 | zint.InputMode.GS1NOCHECK
    symbol.show_text = False
    square = label.symbology in (S.DATAMATRIX, S.HIBC_DM)
    symbol.scale = 3.0 if square else 1.0
    symbol.height = 0 if square else 60
    symbol.encode(label.data)
    symbol.buffer()
    pixels = memoryview(symbol.bitmap)
    height, width, _ = pixels.shape  # type: ignore[misc]
    flat = bytes(pixels)[::3]
    assert width < WIDTH - 40, (label, width)
    picture = bytearray(bytes([PAPER]) * (WIDTH * HEIGHT))
    left, top = (WIDTH - width) // 2, (HEIGHT - height) // 2
    for y in range(height):
        row = bytes(PAPER if one else INK for one in flat[y * width : (y + 1) * width])
        at = (top + y) * WIDTH + left
        picture[at : at + width] = row
    return bytes(picture)


def film(path: Path, labels: list[Label]) -> Path:
    """One label after the other, each for a second, as raw video."""
    rest = b"\x80" * (WIDTH * HEIGHT // 2)
    blank = bytes([PAPER]) * (WIDTH * HEIGHT)

    def frames() -> Iterator[bytes]:
        yield from [blank] * BEFORE
        for label in labels:
            yield from [drawn(label)] * SHOWN
            yield from [blank] * BETWEEN
        yield from [blank] * AFTER

    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_A_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
        for grey in frames():
            file.write(b"FRAME\n" + grey + rest)
    return path
