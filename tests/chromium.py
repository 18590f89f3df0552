"""Which browser the tests drive: the one named by CHROMIUM, the machine's own, or one fetched for them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Without these, every start looks for machines that have nothing to do with a test.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

NOT_FOUND = (
    "There is no Chromium on this machine, and none could be fetched. Run one of: "
    "sudo apt install chromium (Debian); "
    ".venv/bin/python -m playwright install --with-deps chromium (anywhere else); "
    "or set CHROMIUM to the path of a Chromium or Chrome."
)


class NoBrowser(Exception):
    """No browser for the tests, with what to do about it."""


def find() -> str:
    """The path of a browser that starts."""
    named = os.environ.get("CHROMIUM")
    if named:
        path = shutil.which(named)
        if path and starts(path):
            return path
        raise NoBrowser(f"CHROMIUM names {named}, which does not start.")
    for path in candidates():
        if starts(path):
            return path
    raise NoBrowser(NOT_FOUND)


def candidates() -> Iterator[str]:
    for command in COMMANDS:
        path = shutil.which(command)
        if path and not is_a_snap(path):
            yield path
    yield from (path for path in APPLICATIONS if Path(path).exists())
    yield from filter(None, [fetched_by_playwright()])


def is_a_snap(path: str) -> bool:
    """A snap has a /tmp of its own, so no test could hand it a profile or see what it saved."""
    real = Path(path).resolve()
    if "/snap/" in path or "snap" in real.parts or real.name == "snap":
        return True
    with real.open("rb") as program:
        beginning = program.read(4096)
    return beginning.startswith(b"#!") and b"/snap/" in beginning


def starts(path: str) -> bool:
    try:
        done = subprocess.run(
            [path, "--version"], capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def fetched_by_playwright() -> str | None:
    # In a process of its own: Playwright's plain interface refuses to start beside a running event loop.
    code = "from playwright.sync_api import sync_playwright as p\nwith p() as b: print(b.chromium.executable_path)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, stdin=subprocess.DEVNULL, text=True, check=False
    )
    path = done.stdout.strip()
    return path if done.returncode == 0 and Path(path).exists() else None


def fetch() -> None:
    """Debian's own browser where we may install it, else the one that Playwright brings."""
    if may_install():
        install("chromium", "fonts-liberation")
        if shutil.which("chromium"):
            return
    root = os.geteuid() == 0 and shutil.which("apt-get") is not None
    run(sys.executable, "-m", "playwright", "install", *(["--with-deps"] if root else []), "chromium")


def may_install() -> bool:
    """Ubuntu's packages of browsers are only pointers to snaps."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None and "ID=debian" in os_release()


def install(*packages: str) -> None:
    """Debian's packages, if they can be had."""
    run("apt-get", "update", "--quiet")
    run("apt-get", "install", "--quiet", "--yes", "--no-install-recommends", *packages)


def os_release() -> list[str]:
    path = Path("/etc/os-release")
    return path.read_text().splitlines() if path.exists() else []


def run(*command: str) -> None:
    # Whoever asks reads only the path from our standard output.
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=environment, check=False)


def main() -> None:
    try:
        try:
            print(find())
        except NoBrowser:
            if os.environ.get("CHROMIUM"):
                raise
            print("Fetching a Chromium for the browser tests", file=sys.stderr)
            fetch()
            print(find())
    except NoBrowser as problem:
        sys.exit(f"daysheet: {problem}")


if __name__ == "__main__":
    main()
