"""What each page of the built book weighs on the wire, and how fast its charts follow a slider: figures to read, nothing is asserted.

    python .ci/bench_pages.py [FOLDER]          default: _build/html

Bytes are what Chromium receives with an empty cache from a server that compresses text with gzip. A step is one press of an
arrow key on a widget's first slider, timed in the page from the slider's event to the redrawn chart (median of 50 presses);
where a widget has a second chart, "all" is the time until that one has followed. Other work on the machine lengthens both; "work"
does not count it: the processor time of the page's main thread for one step, all charts and what the browser draws included.
"""

import functools
import gzip
import http.server
import io
import os
import platform
import re
import statistics
import sys
import threading
from pathlib import Path

from browser import find

ROOT = Path(__file__).resolve().parent.parent
PLAIN_MB, WIDGET_MB, STEP_MS, STEPS = 0.9, 1.3, 33, 50
TEXT = re.compile(r"\.(html|js|css|svg|json|txt|map)$")

# from the slider's event, before the widget hears of it; a chart counts its drawings in data-drawn
CLOCK = """([slider, charts]) => {
    const clock = globalThis.stepClock = { first: [], all: [] };
    slider.addEventListener("input", () => { clock.start = performance.now(); clock.waiting = true; }, true);
    const seen = new MutationObserver(() => {
        const time = performance.now() - clock.start;
        if (clock.waiting) { clock.first.push(time); clock.all.push(time); } else clock.all[clock.all.length - 1] = time;
        clock.waiting = false;
    });
    for (const chart of charts) seen.observe(chart, { attributes: true, attributeFilter: ["data-drawn"] });
}"""


@functools.cache
def squeezed(path: str, changed: float) -> bytes:
    return gzip.compress(Path(path).read_bytes(), 6)


class Gzip(http.server.SimpleHTTPRequestHandler):
    """Serves files as a web host does: text compressed, the rest as it is."""

    protocol_version = "HTTP/1.1"

    def send_head(self):
        path = self.translate_path(self.path)
        if not (os.path.isfile(path) and TEXT.search(path)):
            return super().send_head()
        body = squeezed(path, os.path.getmtime(path))
        self.send_response(200)
        for name, value in (
            ("Content-Type", self.guess_type(path)),
            ("Content-Encoding", "gzip"),
            ("Content-Length", str(len(body))),
        ):
            self.send_header(name, value)
        self.end_headers()
        return io.BytesIO(body)

    def log_message(self, *_):
        pass


def pages(folder: Path) -> list[str]:
    """The book's own pages, in the order of its files; not the index of terms and the page that only leads on."""
    return sorted(path.relative_to(folder).as_posix() for path in (folder / "book").rglob("*.html"))


def loaded(browser, address: str):
    """(page, {address: bytes on the wire}, whether it holds widgets) after a first visit."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watch, names, sizes = context.new_cdp_session(page), {}, {}
    watch.send("Network.enable")
    watch.on("Network.requestWillBeSent", lambda event: names.setdefault(event["requestId"], event["request"]["url"]))

    def finished(event):
        if names.get(event["requestId"], "").startswith("http"):
            sizes[names[event["requestId"]]] = event["encodedDataLength"]

    watch.on("Network.loadingFinished", finished)
    page.goto(address)
    widgets = page.locator('script[type="application/vnd.jupyter.widget-view+json"]').count() > 0
    if widgets:
        page.wait_for_function("document.documentElement.dataset.courseWidgets === 'ready'")
    page.wait_for_load_state("networkidle")
    return page, sizes, widgets


def weigh(browser, url: str, names: list[str]) -> list[str]:
    """Prints what every page weighs; returns the pages with a slider beside a chart."""
    moving = []
    print(f"{'page':46}{'kind':>8}{'on the wire':>14}{'limit':>10}{'files':>7}")
    for name in names:
        page, sizes, widgets = loaded(browser, f"{url}/{name}")
        megabytes, limit = sum(sizes.values()) / 1e6, WIDGET_MB if widgets else PLAIN_MB
        print(
            f"{name:46}{'widget' if widgets else 'plain':>8}{megabytes:11.2f} MB{limit:7.1f} MB{len(sizes):7}{'   OVER' if megabytes > limit else ''}"
        )
        if megabytes > limit:
            for address, size in sorted(sizes.items(), key=lambda one: -one[1])[:4]:
                print(f"{'':10}{size / 1e6:6.2f} MB {address.removeprefix(url)}")
        if page.locator(".cw:has(input[type=range]):has(.cw-chart)").count():
            moving.append(name)
        page.context.close()
    return moving


def spent(watch) -> float:
    """Milliseconds of processor time that the page's main thread has worked so far."""
    return 1000 * next(
        metric["value"]
        for metric in watch.send("Performance.getMetrics")["metrics"]
        if metric["name"] == "TaskDuration"
    )


def step(page, widget) -> dict:
    """Milliseconds from each of the key presses on the widget's first slider to its `first` redrawn chart, to `all` of them, and of `work`."""
    if (skip := widget.get_by_role("button", name="Skip", exact=True)).count():
        skip.click()
    slider = widget.locator("input[type=range]:visible").first
    slider.scroll_into_view_if_needed()
    page.evaluate(CLOCK, [slider.element_handle(), widget.locator(".cw-chart").element_handles()])
    slider.focus()
    watch = page.context.new_cdp_session(page)
    watch.send("Performance.enable", {"timeDomain": "threadTicks"})
    worked = -spent(watch)
    for number in range(STEPS):
        page.keyboard.press("ArrowRight" if number % 2 else "ArrowLeft")
        page.wait_for_function("stepClock.waiting === false", polling=20, timeout=5000)
        page.wait_for_timeout(60)
    return {**page.evaluate("stepClock"), "work": (worked + spent(watch)) / STEPS}


def main(folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    if not (folder / "book").is_dir():
        sys.exit(f"{folder} holds no built book: run 'make build' first.")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Gzip, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    print(
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}; {os.getloadavg()[0]:.1f} processes at work in the last minute"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        moving = weigh(browser, url, pages(folder))
        print(
            f"\n{'from a slider step to the chart':46}{'median':>11}{'limit':>10}{'slowest':>11}{'all, median':>14}{'work a step':>14}"
        )
        for name in moving:
            page, _, _ = loaded(browser, f"{url}/{name}")
            for widget in page.locator(".cw:has(input[type=range]):has(.cw-chart)").all():
                page.wait_for_function(
                    "(widget) => widget.querySelector('.cw-chart').dataset.drawn > 0", arg=widget.element_handle()
                )
                label, times = widget.locator(".cw-title").first.inner_text(), step(page, widget)
                median, later = statistics.median(times["first"]), statistics.median(times["all"])
                print(
                    f"{label[:45]:46}{median:8.1f} ms{STEP_MS:7} ms{max(times['first']):8.1f} ms{later:11.1f} ms{times['work']:11.1f} ms{'   OVER' if median > STEP_MS else ''}"
                )
            page.context.close()
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "_build/html"))
