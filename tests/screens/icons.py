"""Draws the app icons anew from web/shell/favicon.svg: .venv/bin/python -m tests.screens.icons"""

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import chromium

SHELL = Path(__file__).parents[2] / "web" / "shell"
# Launchers cut maskable icons to a circle of 80 %; iOS rounds the corners by itself and wants none of ours.
DRAWN = {"icon-192.png": (192, 1.0, False), "icon-512.png": (512, 1.0, False),
         "maskable-512.png": (512, 0.82, True), "apple-touch-icon.png": (180, 0.94, True)}  # fmt: skip
PAGE = """<style>html, body {{ margin: 0; background: {ground}; }}
body {{ display: grid; place-items: center; inline-size: {size}px; block-size: {size}px; }}
svg {{ display: block; inline-size: {inner}px; block-size: {inner}px; }}</style>{drawing}"""


def draw() -> None:
    drawing = (SHELL / "favicon.svg").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        for name, (size, share, filled) in DRAWN.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            ground = "#0b5563" if filled else "transparent"
            page.set_content(PAGE.format(ground=ground, size=size, inner=round(size * share), drawing=drawing))
            page.screenshot(path=SHELL / name, omit_background=not filled)
        browser.close()


if __name__ == "__main__":
    draw()
