"""The Chromium that browser tests drive: found, or installed when run as a script.

The system's own is taken if there is one, else Debian's package is installed when we
are root, else Playwright's own build is downloaded.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

# Everything that a browser would ask the outside for by itself is off, as tests count
# the requests that the dashboard causes.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


@functools.cache
def find_chromium() -> str | None:
    """Return the path of a Chromium that starts, or None.

    The environment's `CHROMIUM` is looked at first. A name on the path is not enough:
    some systems ship a stub that only tells how to install the real one.
    """
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        path = shutil.which(name) if name else None
        if path is not None and _starts(path):
            return path
    return _playwrights_own()


def install_chromium() -> bool:
    """Install a Chromium and return whether one can be found afterwards."""
    commands = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        commands.insert(0, ["apt-get", "install", "--yes", *_debian_packages()])
        commands.insert(0, ["apt-get", "update", "--quiet"])
    for command in commands:
        print("Installing a Chromium:", *command, flush=True)
        subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
        find_chromium.cache_clear()
        if find_chromium() is not None:
            return True
    return False


def _debian_packages() -> tuple[str, ...]:
    """Chromium without the desktop around it, and a font to draw pages with."""
    return ("--no-install-recommends", "chromium", "fonts-dejavu-core")


def _starts(path: str) -> bool:
    answer = subprocess.run(
        [path, "--version"], check=False, capture_output=True, stdin=subprocess.DEVNULL
    )
    return answer.returncode == 0


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return str(path) if path.is_file() else None


if __name__ == "__main__":
    if find_chromium() is None and not install_chromium():
        sys.exit(
            "No Chromium was found and none could be installed. Install one, or name "
            "it: CHROMIUM=/path/to/chromium make test"
        )
