"""How the page looks, and its one script: it needs nothing from anywhere, and nothing else may run on it."""

from __future__ import annotations

import base64
import hashlib

_STYLE = """
:root { color-scheme: light dark; --text: #1c1c1c; --grey: #5b5b5b; --line: #ccc; --paper: #fff; --box: #f4f4f2;
  --link: #0b4fa8; --failed: #a81414; --review: #8a5200; --ok: #056a33; }
@media screen and (prefers-color-scheme: dark) { :root { --text: #e8e8e6; --grey: #a9a9a6; --line: #444;
  --paper: #17181a; --box: #222427; --link: #8ab8ff; --failed: #ff9089; --review: #f3bd64; --ok: #74d69b; } }
body { font: 15px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif;
  margin: 1.5em auto; max-width: 76em; padding: 0 1em; color: var(--text); background: var(--paper); }
[hidden] { display: none !important; }
h1 { font-size: 1.4em; margin: 0 0 .2em; } h2 { font-size: 1.15em; margin: 1.5em 0 .5em; }
h3 { font-size: 1em; margin: 0 0 .2em; } h1, h3, li, td, code { overflow-wrap: anywhere; } p { margin: .3em 0; }
a { color: var(--link); } code { font-size: .87em; }
.failed, .error { color: var(--failed); } .review, .warning { color: var(--review); } .ok { color: var(--ok); }
.state { font-weight: 600; } .more, .remedy, code { color: var(--grey); }
form { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .4em 1.5em; align-items: center;
  margin: 1em 0; padding: .6em .8em; background: var(--box); border: 1px solid var(--line); border-radius: 6px; }
fieldset { display: flex; flex-wrap: wrap; gap: .2em 1em; border: 0; margin: 0; padding: 0; }
legend { position: absolute; clip-path: inset(50%); } label { white-space: nowrap; }
input[type=search] { font: inherit; width: min(22em, 60vw); padding: .2em .4em; }
article { display: flex; gap: 1.2em; border-top: 1px solid var(--line); padding: 1em 0; break-inside: avoid;
  content-visibility: auto; contain-intrinsic-size: auto 320px; }
article > div { flex: 1; min-width: 0; } figure { margin: 0; flex: 0 0 302px; }
img { display: block; max-width: 100%; height: auto; border: 1px solid var(--line); }
table { border-collapse: collapse; margin: .5em 0; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .15em .8em .15em 0; border-bottom: 1px solid var(--line); }
th { color: var(--grey); font-weight: 400; white-space: nowrap; } td:nth-child(1) { width: 3em; }
td:nth-child(2) { width: 32%; } td:nth-child(3) { width: 20%; }
ul { list-style: none; margin: 0; padding: 0; }
li { display: flex; gap: .8em; border-top: 1px solid var(--line); padding: .3em 0; content-visibility: auto;
  contain-intrinsic-size: auto 2.2em; }
li > .state { flex: 0 0 4em; } li > div { flex: 1; min-width: 0; }
@media (max-width: 45em) {
  article, li { flex-direction: column; gap: .4em; } figure { flex-basis: auto; }
  thead { position: absolute; clip-path: inset(50%); } tr { display: block; border-bottom: 1px solid var(--line); }
  td, td:nth-child(n) { display: inline; border: 0; padding: 0 .4em 0 0; }
  td:nth-child(1):not(:empty)::before { content: "page "; } td:nth-child(3):not(:empty)::before { content: "“"; }
  td:nth-child(3):not(:empty)::after { content: "”"; } form { position: static; }
  li > .state { flex-basis: auto; }
}
@media print { form { display: none; } body { margin: 0; max-width: none; font-size: 10pt; } a { color: inherit; }
  article, li { content-visibility: visible; } figure { flex-basis: 200px; } }
"""

_SCRIPT = """
const form = document.querySelector("form"), answer = form.querySelector("output");
const items = [...document.querySelectorAll("[data-state]")];
const words = items.map(item => item.textContent.toLowerCase());
function show() {
  const state = form.elements.state.value, asked = form.elements.search.value.trim().toLowerCase();
  let shown = 0;
  items.forEach((item, n) => {
    item.hidden = !((state === "all" || item.dataset.state === state) && words[n].includes(asked));
    shown += !item.hidden;
  });
  for (const part of document.querySelectorAll("section"))
    part.hidden = !part.querySelector("[data-state]:not([hidden])");
  answer.value = `${shown} of ${items.length} shown`;
}
form.addEventListener("input", show);
form.addEventListener("submit", event => event.preventDefault());
form.hidden = false;
show();
"""


def _source(text: str) -> str:
    """What a content security policy calls a text that it lets in (CSP Level 3, section 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


_POLICY = (
    f"default-src 'none'; img-src data:; style-src {_source(_STYLE)}; script-src {_source(_SCRIPT)}; "
    "base-uri 'none'; form-action 'none'"
)

HEAD = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Zhibiao: report</title>
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{_STYLE}</style></head><body>
"""

TAIL = f"<script>{_SCRIPT}</script></body></html>\n"
