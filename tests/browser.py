"""A real browser that opens a file as a person does, and answers questions about what it shows."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

SECONDS = 60

_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"),
    "--allow-file-access-from-files",  # the frame below may be asked what it shows
    "--virtual-time-budget=10000",
    "--window-size=1280,4000",
)

_FRAME = """<!doctype html><meta charset="utf-8"><iframe style="width:1280px;height:4000px" src="{address}"></iframe>
<pre></pre><script>
document.querySelector("iframe").onload = async event => {{
  const page = event.target.contentDocument, out = document.querySelector("pre");
  try {{ out.textContent = JSON.stringify(await (async page => {{ {script} }})(page)); }}
  catch (error) {{ out.textContent = JSON.stringify({{ error: String(error) }}); }}
}};
</script>"""


def ask(file: Path, scratch: Path, script: str) -> Any:
    """What a script returns to which `page` is the document of the file; skips where there is no browser."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("no Chromium: apt-get install chromium")
    frame = scratch / "frame.html"
    frame.write_text(_FRAME.format(address=html.escape(file.absolute().as_uri()), script=script), encoding="utf-8")
    command = [program, *_FLAGS, f"--user-data-dir={scratch / 'profile'}", "--dump-dom", frame.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
    answer = re.search(r"<pre>(.*?)</pre>", done.stdout, re.DOTALL)
    assert answer is not None, done.stderr
    return json.loads(html.unescape(answer[1]))
