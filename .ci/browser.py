"""Find Chromium for the tests, or install it, or ask for it in one sentence. Prints its path.

python .ci/browser.py
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> str | None:
    """Path of a Chromium: $CHROMIUM, one on PATH, or the one that Playwright keeps."""
    if os.environ.get("CHROMIUM"):
        return shutil.which(os.environ["CHROMIUM"])
    for name in NAMES:
        if path := shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else None


def install() -> None:
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=300,
    )
    if not find() and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        subprocess.run(["apt-get", "update"], **quiet)
        subprocess.run(["apt-get", "install", "--yes", "chromium"], **quiet)


if __name__ == "__main__":
    path = find()
    if not path:
        print("Chromium is not on this machine: installing it ...", flush=True)
        install()
        path = find()
    if not path:
        sys.exit(
            "The tests need Chromium: install it (for example 'apt-get install chromium') or set CHROMIUM=/path/to/it."
        )
    print(path)
