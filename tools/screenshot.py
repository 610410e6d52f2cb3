"""Takes the README's picture of the page, with a result: ``make screenshot``.

The site is started as ``make run`` starts it, in a folder of its own, and asked in Chromium.
With ``--of`` and ``--user`` it is a whole page of a site that runs, such as the demo's, as
somebody sees it whose password is in SCREENSHOT_PASSWORD.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from tools.clean_environment import clean_environment
from tools.run.address import free_port

ROOT: Final = Path(__file__).resolve().parent.parent
PICTURE: Final = ROOT / "docs" / "images" / "form.png"
SIZE: Final[tuple[int, int]] = (1280, 1310)
# The first start collects and compresses the static files.
LONGEST_START_S: Final = 120
CHROMIUM_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# A person of whom something is not known, so that the picture shows what then happens.
NUMBERS: Final = {
    "AGE": "52",
    "CIGS_PER_DAY": "15",
    "TOT_CHOL": "236",
    "SYS_BP": "138",
    "DIA_BP": "86",
    "BMI": "26.4",
    "HEART_RATE": "75",
}
CHOICES: Final = {
    "GENDER": "1",
    "CURRENT_SMOKER": "1",
    "BP_MEDS": "0",
    "PREVALENT_STROKE": "0",
    "PREVALENT_HYP": "0",
    "DIABETES": "0",
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.screenshot", description=__doc__)
    parser.add_argument("--output", type=Path, default=PICTURE)
    parser.add_argument("--of", metavar="URL", help="a page of a site that runs")
    parser.add_argument("--user", default="admin", help="who looks at it")
    parser.add_argument("--width", type=int, default=SIZE[0])
    parser.add_argument("--dark", action="store_true")
    options = parser.parse_args(arguments)
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.stderr.write("heartrisk: a screenshot needs chromium on the PATH.\n")
        return 1
    if options.of:
        _take_page(chromium, options)
    else:
        _take_form(chromium, options.output)
    sys.stdout.write(f"{options.output} written\n")
    return 0


def _take_form(chromium: str, picture: Path) -> None:
    with _site() as url, _browser(chromium) as browser:
        width, height = SIZE
        page = browser.new_page(
            viewport={"width": width, "height": height}, locale="en-GB", reduced_motion="reduce"
        )
        page.goto(url)
        _ask(page)
        page.screenshot(path=picture)


def _take_page(chromium: str, options: argparse.Namespace) -> None:
    """As tall as it is."""
    with _browser(chromium) as browser:
        page = browser.new_page(
            viewport={"width": options.width, "height": SIZE[1]},
            color_scheme="dark" if options.dark else "light",
            locale="en-GB",
            reduced_motion="reduce",
        )
        page.goto(options.of)
        # It was led to sign in.
        if page.locator("[name=password]").count():
            page.fill("[name=username]", options.user)
            page.fill("[name=password]", os.environ.get("SCREENSHOT_PASSWORD", ""))
            page.click("main button[type=submit]")
            page.wait_for_url(options.of)
        page.screenshot(path=options.output, full_page=True)


@contextmanager
def _browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def _ask(page: Page) -> None:
    for name, value in NUMBERS.items():
        page.fill(f"[name={name}]", value)
    for name, value in CHOICES.items():
        page.check(f"[name={name}][value='{value}']")
    page.click("#calculate")
    page.wait_for_selector("#answer")
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 0)")


@contextmanager
def _site() -> Iterator[str]:
    """The address of a site that runs for as long as the block."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    with tempfile.TemporaryDirectory(prefix="heartrisk-") as folder:
        environment = clean_environment(
            VAR_DIR=folder, API_PORT=str(port), WEB_WORKERS="1", RUN_ELASTICSEARCH="false"
        )
        command = [sys.executable, "-m", "tools.run"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            wait_until_ready(url, process)
            yield url
        finally:
            process.terminate()
            process.wait(30)


def wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    """Returns when the site at ``url`` can predict; ends the program if ``process`` has ended."""
    ends = time.monotonic() + LONGEST_START_S
    while time.monotonic() < ends and process.poll() is None:
        try:
            httpx.get(f"{url}health/ready").raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise SystemExit("heartrisk: the site did not start.")


if __name__ == "__main__":
    sys.exit(main())
