"""A real browser without a window, for pages that the library makes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest
from servers import serve

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]


def measured(page, script, folder, *, width=1200, dark=False):
    """What a script says of a page, shown in a frame of this width: `script` is an expression over `page`, its window.

    Also the paths that the browser asked for, so that a page which needs another file is noticed.
    """
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    harness = f"""<!doctype html><body style="margin:0">
<iframe src="/page" style="width:{width}px;height:900px;border:0"></iframe>
<script>
const frame = document.querySelector("iframe");
frame.onload = () => {{
  const page = frame.contentWindow;
  const found = document.createElement("pre");
  found.id = "found";
  found.textContent = JSON.stringify({script});
  document.body.append(found);
}};
</script>"""

    def answer(exchange):
        found = {"/": harness, "/page": page}.get(exchange.path, "")
        exchange.reply(found.encode(), 200 if found else 404, kind="text/html; charset=utf-8")

    with serve(answer) as (origin, seen):
        scheme = [f"--blink-settings=preferredColorScheme={0 if dark else 1}"]
        done = subprocess.run(
            [CHROMIUM, *FLAGS, *scheme, f"--user-data-dir={folder}", "--window-size=1600,1000", "--dump-dom", origin],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    found = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stdout[-2000:] + done.stderr[-2000:]
    text = found[1].replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return json.loads(text), {path for _, path, _, _ in seen} - {"/", "/page", "/favicon.ico"}
