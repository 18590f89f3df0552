"""Which browsers of other engines this machine has; where we may, the tests install those that are missing."""

import shutil
import sys
from pathlib import Path

from tests import chromium

FIREFOX = ("firefox-esr", "firefox")
DRIVER, SCREEN = "WebKitWebDriver", "Xvfb"
MINIBROWSERS = ("*/webkit2gtk-4.*/MiniBrowser", "*/webkitgtk-6.*/MiniBrowser")


def find_firefox() -> str:
    return next(filter(None, map(shutil.which, FIREFOX)), "")


def find_webkit() -> str:
    """WebKitGTK's own small browser, or nothing unless all that it needs is there too."""
    found = [str(path) for pattern in MINIBROWSERS for path in Path("/usr/lib").glob(pattern)]
    return found[0] if found and shutil.which(DRIVER) and shutil.which(SCREEN) else ""


def main() -> None:
    """Never fails: without a browser, its tests say so and are skipped."""
    missing = [] if find_firefox() else ["firefox-esr"]
    missing += [] if find_webkit() else ["webkit2gtk-driver", "xvfb"]
    if missing and chromium.may_install():
        print("Fetching browsers of other engines for the tests", file=sys.stderr)
        chromium.install(*missing)


if __name__ == "__main__":
    main()
