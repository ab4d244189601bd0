"""One self-contained page: the verdict, the counts, and a card for each finding with its chain drawn left to right."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from scripts.review.findings import Finding
    from scripts.review.review import Review

ADVICE: Final = {
    "breaking": "Do not merge as it is. Work through the breaking cards from the top: change the lines named last in each chain, "
    "correct the document in fixes.overlay.yaml if the service does something else, or waive it with a reason. "
    "Then release a major version.",
    "warning": "Nothing breaks for certain. Read the warnings, run `make regenerate` and `make test`, and merge with a minor version.",
    "additive": "Only additions. Run `make regenerate` and `make test`, mention them in the changelog, and merge with a minor version.",
    "docs": "Only words changed. Read the cards that speak of limits, dates or retention, and merge.",
    "none": "Nothing changed. There is nothing to do.",
}
STYLE: Final = """
:root{color-scheme:light dark;--bg:#fbfbfa;--card:#fff;--ink:#1d2228;--dim:#5b6570;--line:#d9dde2;--breaking:#b3261e;
--warning:#8a5a00;--additive:#1a6b3c;--docs:#3f5b86;--old:#fdecea;--new:#e7f5ec;--focus:#1f6feb}
@media(prefers-color-scheme:dark){:root{--bg:#14171b;--card:#1c2127;--ink:#e8eaed;--dim:#9ba6b2;--line:#343b44;
--breaking:#ff8a80;--warning:#f2c26b;--additive:#7dd3a0;--docs:#9db9e8;--old:#3a2222;--new:#1d3327}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main,header{max-width:72rem;margin:auto;padding:1rem 1.25rem}h1{font-size:1.05rem;margin:0;color:var(--dim);font-weight:600}
.verdict{font-size:2rem;font-weight:700;margin:.2rem 0;line-height:1.2}.next{max-width:50rem;margin:.4rem 0 1rem}
.counts,.filters{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin:.5rem 0}
.pill{border:1px solid var(--line);border-radius:1rem;padding:.1rem .7rem;background:var(--card)}
label.pill{cursor:pointer}label.pill:focus-within{outline:2px solid var(--focus)}
.breaking{color:var(--breaking)}.warning{color:var(--warning)}.additive{color:var(--additive)}.docs{color:var(--docs)}
article{background:var(--card);border:1px solid var(--line);border-left:5px solid currentColor;border-radius:6px;margin:.9rem 0;
padding:.8rem 1rem}article>*{color:var(--ink)}article h2{font-size:1.05rem;margin:0 0 .2rem}
article h2 .tag{font-size:.75rem;text-transform:uppercase;letter-spacing:.04em;margin-right:.5rem}
.meta{color:var(--dim);font-size:.85rem;overflow-wrap:anywhere}.chain{display:flex;gap:.3rem;align-items:stretch;margin:.7rem 0;flex-wrap:wrap}
.step{flex:1 1 11rem;border:1px solid var(--line);border-radius:5px;padding:.4rem .6rem;min-width:0;overflow-wrap:anywhere;font-size:.85rem}
.step b{display:block;color:var(--dim);font-weight:600;font-size:.72rem;text-transform:uppercase;letter-spacing:.04em}
.arrow{align-self:center;color:var(--dim)}code,pre{font:12.5px/1.45 ui-monospace,monospace}
.sides+.sides{margin-top:.4rem}.sides{display:grid;grid-template-columns:1fr 1fr;gap:.5rem}.sides pre{margin:0;padding:.5rem;border-radius:5px;white-space:pre-wrap;
overflow-wrap:anywhere;max-height:16rem;overflow:auto}.old{background:var(--old)}.new{background:var(--new)}
details{margin:.4rem 0}summary{cursor:pointer}pre.block{background:var(--card);border:1px solid var(--line);padding:.6rem;overflow:auto}
[hidden]{display:none!important}a,summary,input{outline-offset:2px}:focus-visible{outline:2px solid var(--focus)}
.note{border-left:3px solid var(--warning);padding:.2rem .7rem;margin:.5rem 0}
@media(max-width:46rem){.sides{grid-template-columns:1fr}.chain{flex-direction:column}.arrow{transform:rotate(90deg)}.step{flex-basis:auto}}
@media print{body{background:#fff;color:#000}.filters{display:none}article{break-inside:avoid}.sides pre{max-height:none}}
"""
SCRIPT: Final = """
const boxes=[...document.querySelectorAll('.filters input')];
const cards=[...document.querySelectorAll('article')];
function apply(){
  const on=n=>new Set(boxes.filter(b=>b.name===n&&b.checked).map(b=>b.value));
  const v=on('verdict'),a=on('api');let shown=0;
  for(const c of cards){const ok=v.has(c.dataset.verdict)&&a.has(c.dataset.api);c.hidden=!ok;shown+=ok}
  document.getElementById('shown').textContent=shown+' of '+cards.length+' shown';
}
boxes.forEach(b=>b.addEventListener('change',apply));
document.addEventListener('keydown',e=>{
  if(!['j','k'].includes(e.key)||e.target.matches('input,textarea')||e.ctrlKey||e.metaKey||e.altKey)return;
  const seen=cards.filter(c=>!c.hidden);if(!seen.length)return;
  let i=seen.indexOf(document.activeElement);i=e.key==='j'?Math.min(i+1,seen.length-1):Math.max(i-1,0);
  seen[i].focus();seen[i].scrollIntoView({block:'nearest'});
});
apply();
"""


def to_html(review: Review) -> str:
    """The page. It needs no other file and no network."""
    told = {"none": "no release needed", "patch": "patch release", "minor": "minor release", "major": "major release"}
    verdict = review.verdict if review.findings else "none"
    title = {
        "none": "No change",
        "docs": "Documentation only",
        "additive": "Additions only",
        "warning": "Needs a look",
    }.get(verdict, "Breaking")
    apis = sorted({finding.api for finding in review.findings})
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>API review: {escape(title)}</title><style>{STYLE}</style><header>",
        f"<h1>API review · {escape(review.base)} → {escape(review.head)}</h1>",
        f"<p class='verdict {verdict}'>{escape(title)} · {told[review.bump]}</p>",
        f"<p class=next><b>What to do next.</b> {escape(_advice(review, verdict))}</p>",
        "<div class=counts>",
        *(f"<span class='pill {name}'>{number} {name}</span>" for name, number in review.counts().items()),
        "</div>",
    ]
    parts += [f"<p class=note>{escape(line)}</p>" for line in [*review.problems, *review.expired]]
    if review.findings:
        parts.append("<div class=filters role=group aria-label=Filters>")
        for name in ("breaking", "warning", "additive", "docs"):
            parts.append(_box("verdict", name))
        parts += [_box("api", api) for api in apis]
        parts.append(
            "<span id=shown class=meta aria-live=polite></span><span class=meta>keys j and k go from card to card</span></div>"
        )
    parts.append("</header><main>")
    parts += [_card(finding) for finding in review.findings]
    if review.stale:
        parts.append("<h2>Corrections to delete</h2><p>They no longer match or change anything in the head.</p>")
        for each in review.stale:
            place = f"specs/{each['api']}/fixes.overlay.yaml, action {each['action']}: {each['reason']}"
            parts.append(f"<p class=meta>{escape(place)}</p><pre class=block>{escape(each['delete'])}</pre>")
    if review.uncovered:
        parts.append("<details><summary>Operations and parameters that the facade does not offer</summary><ul>")
        parts += [f"<li>{escape(api)}: {escape(line)}" for api, lines in review.uncovered.items() for line in lines]
        parts.append("</ul></details>")
    parts.append(f"</main><script>{SCRIPT if review.findings else ''}</script></html>\n")
    return "".join(parts)


def _advice(review: Review, verdict: str) -> str:
    live = [finding for finding in review.findings if finding.verdict == "breaking" and finding.waiver is None]
    if verdict == "breaking" and all(finding.neutralised for finding in live):
        return (
            "What was published breaks, and the corrections of today hide all of it from the built client: no line has to "
            "change. Make sure that the service still behaves as the corrections say, keep them, and waive the cards with that reason."
        )
    return ADVICE[verdict]


def _box(name: str, value: str) -> str:
    return f"<label class='pill {escape(value)}'><input type=checkbox name={name} value='{escape(value)}' checked> {escape(value)}</label>"


def _card(finding: Finding) -> str:
    lines = [f"line {n} {side}" for side, n in (("old", finding.base_line), ("new", finding.head_line)) if n]
    place = escape(finding.place.removeprefix("#/components/schemas/")).replace("/", "/<wbr>")
    steps = [
        ("Spec", f"<span title='{escape(finding.place)}'>{place}</span><br>{escape(finding.file)} {', '.join(lines)}")
    ]
    if finding.reaches:
        more = f"<br>… and {len(finding.reaches) - 5} more" if len(finding.reaches) > 5 else ""
        steps.append(("Reaches", "<br>".join(map(escape, finding.reaches[:5])) + more))
    if finding.symbols:
        shown = "<br>".join(
            f"<code title='{escape(each['symbol'])}'>{escape(_short(each['symbol']))}</code>"
            for each in finding.symbols[:4]
        )
        steps.append(
            ("Python", shown + ("<br><i>hidden by the corrections of today</i>" if finding.neutralised else ""))
        )
    if finding.uses:
        steps.append(("Used in", "<br>".join(_grouped(finding.uses))))
    chain = "<span class=arrow aria-hidden=true>→</span>".join(
        f"<div class=step><b>{name}</b>{text}</div>" for name, text in steps
    )
    waived = f"<p class=note>Waived: {escape(finding.waiver)}</p>" if finding.waiver else ""
    sides = [("spec", finding.old, finding.new)] if (finding.old, finding.new) != (None, None) else []
    sides += [(_short(each["symbol"]), each["old"], each["new"]) for each in finding.symbols[:3]]
    compared = "".join(
        f"<div class=sides title='{escape(name)}'><pre class=old>{_text(old)}</pre><pre class=new>{_text(new)}</pre></div>"
        for name, old, new in sides
    )
    return (
        f"<article tabindex=0 class={finding.verdict} data-verdict={finding.verdict} data-api='{escape(finding.api)}'>"
        f"<h2><span class='tag {finding.verdict}'>{finding.verdict}</span>{escape(finding.message)}</h2>"
        f"<div class=meta>{escape(finding.api)} · <code>{escape(finding.rule)}</code> · wire: {finding.wire} · "
        f"Python: {finding.python} · fingerprint <code>{finding.fingerprint}</code></div>"
        f"{waived}<div class=chain>{chain}</div>{compared}</article>"
    )


def _grouped(uses: list[str]) -> list[str]:
    """Lines by file: `client.py: 12, 40`."""
    files: dict[str, list[str]] = {}
    rest = [use for use in uses if ":" not in use]
    for use in uses:
        file, colon, line = use.rpartition(":")
        if colon:
            files.setdefault(file, []).append(line)
    return [
        *(f"{escape(file).replace('/', '/<wbr>')}: {', '.join(lines)}" for file, lines in files.items()),
        *map(escape, rest),
    ]


def _short(symbol: str) -> str:
    """`ConversationRecord.created_time`, without the module that it is in."""
    parts = symbol.split(".")
    return ".".join(parts[2:]) if parts[0] == "models" and len(parts) > 2 else ".".join(parts[1:])


def _text(value: Any) -> str:
    if value is None:
        return "<i>nothing</i>"
    return escape(value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False, default=str))[
        :4000
    ]
