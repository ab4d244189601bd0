"""One self-contained page: the verdict, what to do next, the counts, and a card for each finding with its chain.

Everything that stands in a document is escaped, and the page's own policy lets no other style or script run.
"""

from __future__ import annotations

import base64
import difflib
import hashlib
import json
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scripts.review.findings import BUMPS as BUMP_OF
from scripts.review.wording import (
    BUMPS,
    SECTIONS,
    TITLES,
    by_room,
    clean,
    next_steps,
    one_line,
    sentence,
    short_symbol,
    verdict_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scripts.review.findings import Finding
    from scripts.review.review import Review

FOLDER: Final = Path(__file__).resolve().parent
MOST_CHARACTERS: Final = 4000
MOST_LINES: Final = 12
WHOLE: Final = ("api-base-path", "api-path-prefix", "api-server", "api-global-security")
"""Beginnings of rules about what all operations of an API share."""
LEGEND: Final = (
    (
        "wire",
        "Can what was valid now fail for a program that takes the document at its word? error: yes; warning: perhaps; info: no.",
    ),
    ("breaking-runtime", "Python code that works today fails when it runs."),
    ("breaking-typing", "It runs, and a type checker refuses it."),
    ("behavioural", "It runs and type-checks, and does something else."),
    ("additive", "There is more than before; nothing that was there changes."),
    ("docs", "Only words changed."),
    (
        "Library, Command line, Sandbox, Tools, Tests",
        "Parts of this repository. Users meet the first three; the sandbox is a local server for tests.",
    ),
    ("fingerprint", "What a waiver names this finding by; it stays the same when lines move."),
)


def to_html(review: Review) -> str:
    """The page. It needs no other file and no network."""
    style = (FOLDER / "page.css").read_text(encoding="utf-8")
    script = (FOLDER / "page.js").read_text(encoding="utf-8") if review.findings else ""
    policy = f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; base-uri 'none'; form-action 'none'"
    verdict = verdict_of(review)
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>API review: {escape(TITLES[verdict])}</title>\n<style>{style}</style>\n</head>\n<body>",
        '<a class="skip" href="#findings">Skip to the findings</a>',
        *_header(review, verdict),
        *(_bar(review) if review.findings else ()),
        '<main id="findings" tabindex="-1">',
        *_sections(review),
        *_rest(review),
        f"</main>\n<script>{script}</script>\n</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _header(review: Review, verdict: str) -> Iterable[str]:
    colour = "none-verdict" if verdict == "none" else verdict
    yield "<header>"
    yield f'<p class="kicker">API review · <code>{_line(review.base)}</code> → <code>{_line(review.head)}</code></p>'
    yield f'<h1><span class="{colour}">{escape(TITLES[verdict])}</span> <span class="bump">{escape(BUMPS[review.bump])}</span></h1>'
    yield '<div class="top">'
    yield f'<section class="panel next {colour}" aria-labelledby="next"><h2 id="next">What to do next</h2><ol>'
    yield from (f"<li>{_coded(step)}</li>" for step in next_steps(review))
    yield "</ol></section>"
    yield '<div class="counts">'
    for name, title in SECTIONS:
        number = review.counts()[name]
        yield f'<div class="count {name if number else "zero"}"><b>{number}</b> {escape(title)}</div>'
    yield "</div></div>"
    if notes := [*review.expired, *review.problems]:
        yield '<section class="panel notes" aria-labelledby="notes"><h2 id="notes">Notes</h2><ul>'
        yield from (f"<li>{_line(note, 2000)}</li>" for note in notes)
        yield "</ul></section>"
    if review.findings:
        yield '<details class="how"><summary>How to read this page</summary><p>Each card is one cause, with the chain that it sets off: '
        yield "the change in the published document, the operations that it reaches, the Python names that change with it, the lines of "
        yield "this repository that use them, and how bad that is. The verdict is the worse of two judgements, for the wire and for Python.</p><dl>"
        yield from (f"<dt>{name}</dt><dd>{told}</dd>" for name, told in LEGEND)
        yield "</dl></details>"
    yield "</header>"


def _bar(review: Review) -> Iterable[str]:
    counts = {name: sum(f.verdict == name for f in review.findings) for name, _ in SECTIONS}
    apis = sorted({finding.api for finding in review.findings})
    yield '<div class="bar" id="bar" role="search" aria-label="Filter the findings" hidden><div>'
    yield "<fieldset><legend>Severity</legend>"
    yield from (_chip("verdict", name, f"{title} {counts[name]}", name) for name, title in SECTIONS if counts[name])
    yield "</fieldset><fieldset><legend>API</legend>"
    yield from (_chip("api", api, api, "") for api in apis)
    yield '</fieldset><input type="search" aria-label="Search in the findings" placeholder="Search (key /)">'
    yield '<span class="shown"><span id="shown" role="status"></span> · keys j, k: next, previous</span></div></div>'


def _chip(name: str, value: str, title: str, colour: str) -> str:
    return f'<label class="chip {colour}"><input type="checkbox" name="{name}" value="{escape(value)}" checked>{escape(title)}</label>'


def _sections(review: Review) -> Iterable[str]:
    for verdict, title in SECTIONS:
        found = [finding for finding in review.findings if finding.verdict == verdict]
        if found:
            yield f'<section data-verdict="{verdict}" aria-labelledby="s-{verdict}"><h2 id="s-{verdict}">{escape(title)} <span>{len(found)}</span></h2>'
            yield from (_card(finding, offered=_offered(review, finding)) for finding in found)
            yield "</section>"
    if review.findings:
        yield '<p class="empty" id="nothing" hidden>Nothing matches these filters.</p>'
    else:
        yield '<p class="empty">The two versions say the same.</p>'


def _rest(review: Review) -> Iterable[str]:
    if review.stale:
        yield '<section aria-labelledby="stale"><h2 id="stale">Corrections to delete</h2><p>They no longer match or change anything in the head.</p>'
        for each in review.stale:
            place = f"specs/{each['api']}/fixes.overlay.yaml, action {each['action']}"
            yield f'<p><code>{escape(place)}</code>: {_line(each["reason"])}</p><pre class="block">{escape(clean(each["delete"]))}</pre>'
        yield "</section>"
    if review.uncovered:
        number = sum(map(len, review.uncovered.values()))
        yield '<section aria-labelledby="uncovered"><h2 id="uncovered">Not offered by the facade</h2>'
        yield f'<details><summary>{number} operations and parameters of the head that no line of the library reaches</summary><ul class="plain">'
        yield from (
            f"<li>{escape(api)}: <code>{_line(line)}</code></li>"
            for api, lines in review.uncovered.items()
            for line in lines
        )
        yield "</ul></details></section>"


def _offered(review: Review, finding: Finding) -> bool:
    """Whether the facade offers any operation that a finding reaches."""
    missing = {line.partition(" (")[0] for line in review.uncovered.get(finding.api, ())}
    reached = {reach.removesuffix(" request").removesuffix(" response") for reach in finding.reaches}
    return not reached or not reached <= missing


def _card(finding: Finding, *, offered: bool) -> str:
    name = f"f-{finding.fingerprint}"
    facts = [
        escape(finding.api),
        f"<code>{escape(finding.rule)}</code>",
        f"wire: {finding.wire}",
        f"Python: {finding.python}",
        f"fingerprint <code>{finding.fingerprint}</code>",
    ]
    notes = []
    if finding.neutralised:
        notes.append(
            '<p class="hidden-note"><b>Hidden by the corrections of today.</b> This is what was published; '
            "fixes.overlay.yaml neutralises it, and the client that is built does not change.</p>"
        )
    if not offered:
        notes.append(
            '<p class="hidden-note"><b>Not in the library yet.</b> It offers none of these operations; only who calls the '
            "generated client meets this.</p>"
        )
    if finding.waiver:
        notes.append(f'<p class="waived"><b>Waived.</b> {_line(finding.waiver, 1000)}</p>')
    facts_line = "".join(f"<span>{fact}</span>" for fact in facts)
    body = f'<ol class="chain">{"".join(_chain(finding))}</ol>{_sides(finding)}'
    if finding.verdict in {"additive", "docs"}:
        body = f'<details class="more"><summary>Where it comes from, and what it reaches</summary>{body}</details>'
    return (
        f'<article id="{name}" tabindex="-1" class="{finding.verdict}" data-verdict="{finding.verdict}" '
        f'data-api="{escape(finding.api)}" aria-labelledby="t-{name}">'
        f'<h3 id="t-{name}"><a href="#{name}">{_line(sentence(finding.message))}</a></h3><div class="facts">{facts_line}</div>'
        f"{''.join(notes)}{body}</article>"
    )


def _chain(finding: Finding) -> Iterable[str]:
    """The chain, left to right: document, operations, Python, lines, severity."""
    pointer = finding.place.removeprefix("#/").removeprefix("components/schemas/")
    pointer = pointer.replace("~1", "/").replace("~0", "~")
    yield _step("Published document", [f"<code>{_broken(one_line(pointer, 300))}</code>", *_places(finding)])
    everywhere = "every operation" if finding.rule.startswith(WHOLE) else "none by itself"
    yield _step("Operations", [_operation(reach) for reach in finding.reaches], everywhere, most=4)
    symbols = [f"<code>{_broken(short_symbol(each['symbol']))}</code>" for each in finding.symbols]
    yield _step("Python", symbols, "no name changes")
    yield _step("Lines that use it", list(_uses(finding.uses)), "no line of this repository", most=MOST_LINES)
    release = BUMPS[BUMP_OF[finding.verdict]]
    yield _step(
        "Severity", [f'<span class="severity {finding.verdict}">{finding.python}</span>', f"asks for a {release}"]
    )


def _places(finding: Finding) -> Iterable[str]:
    """File and line before and now; the file once if it is the same."""
    lines = [(finding.base_file, finding.base_line, "before"), (finding.file, finding.head_line, "now")]
    told: dict[str, list[str]] = {}
    for file, line, when in lines:
        if line:
            told.setdefault(file, []).append(f"line {line} {when}")
    for file, found in told.items():
        folder, _, name = file.rpartition("/")
        yield f'<span title="{escape(clean(folder))}">{_broken(name)}</span><br>{", ".join(found)}'


def _operation(reach: str) -> str:
    method, _, path = reach.partition(" ")
    return f"<b>{_line(method)}</b> {_broken(one_line(path, 200))}"


def _step(title: str, items: list[str], none: str = "", *, most: int = 6) -> str:
    shown = "".join(f"<li>{item}</li>" for item in items[:most]) or f'<li class="none">{none}</li>'
    rest = "".join(f"<li>{item}</li>" for item in items[most:])
    more = f'<details class="more"><summary>{len(items) - most} more</summary><ul>{rest}</ul></details>' if rest else ""
    return f"<li><h4>{title}</h4><ul>{shown}</ul>{more}</li>"


def _uses(uses: list[str]) -> Iterable[str]:
    """Lines by room and file: `Library`, `client.py: 12, 40`. Tests, of which there may be many, are folded away."""
    for room, files in by_room(uses).items():
        told = [f"<code>{_broken(f.removeprefix('overlay/moveworks/'))}</code>: {_joined(n)}" for f, n in files.items()]
        if room == "Tests" and len(told) > 2:
            number = sum(map(len, files.values()))
            summary = f"{number} lines of tests in {len(told)} files"
            yield f'<details class="more"><summary>{summary}</summary>{"<br>".join(told)}</details>'
            continue
        yield f'<span class="room">{room}</span><br>{told[0]}'
        yield from told[1:]


def _joined(lines: Iterable[int]) -> str:
    return ", ".join(map(str, lines))


def _sides(finding: Finding) -> str:
    pairs = []
    if (finding.old, finding.new) != (None, None):
        pairs.append(_pair("In the published document", _text(finding.old), _text(finding.new)))
    pairs += [
        _pair(f"In Python: <code>{_broken(short_symbol(each['symbol']))}</code>", each["old"], each["new"])
        for each in finding.symbols
    ]
    if not pairs:
        return ""
    shown, rest = pairs[:3], pairs[3:]
    more = (
        f'<details class="more"><summary>{len(rest)} more</summary><div class="sides">{"".join(rest)}</div></details>'
        if rest
        else ""
    )
    return f'<div class="sides">{"".join(shown)}</div>{more}'


def _pair(title: str, old: str | None, new: str | None) -> str:
    before, after = _marked(old, new)
    return (
        f'<div class="pair"><p>{title}</p><div class="old"><h4>Before</h4><pre>{before}</pre></div>'
        f'<div class="new"><h4>Now</h4><pre>{after}</pre></div></div>'
    )


def _marked(old: str | None, new: str | None) -> tuple[str, str]:
    """Both sides, with what differs marked."""
    nothing = '<span class="nothing">nothing</span>'
    if old is None or new is None:
        return (nothing if old is None else escape(old)), (nothing if new is None else escape(new))
    left, right = (re.findall(r"\w+|\s+|[^\w\s]", side) for side in (old, new))
    if len(left) + len(right) > 1500:
        return escape(old), escape(new)
    before, after = "", ""
    for kind, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        gone, came = escape("".join(left[a:b])), escape("".join(right[c:d]))
        before += gone if kind == "equal" or not gone else f"<mark>{gone}</mark>"
        after += came if kind == "equal" or not came else f"<mark>{came}</mark>"
    return before, after


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False, default=str)
    text = clean(text)
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"


def _line(text: str, most: int = 400) -> str:
    return escape(one_line(text, most))


def _broken(text: str) -> str:
    """Escaped, with places where a long name may go on in the next line."""
    return re.sub(r"([/._])(?=.)", r"\1<wbr>", escape(clean(text)))


def _coded(text: str) -> str:
    """Our own words, with `code`."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", _line(text, 2000))
