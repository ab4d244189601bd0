"""One self-contained page: both verdicts, what to do next, the counts, and a card for each finding with its chain.

Everything that stands in a document is escaped, and the page's own policy lets no other style or script run.
"""

from __future__ import annotations

import base64
import difflib
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jinja2
from markupsafe import Markup, escape

from scripts.output import clean, one_line
from scripts.review.wording import BUMPS, SECTIONS, TITLES, by_room, next_steps, sentence, short_symbol, verdict_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scripts.review.findings import Finding
    from scripts.review.review import Review

FOLDER: Final = Path(__file__).resolve().parent
MAX_CHARACTERS: Final = 4000
WHOLE: Final = ("api-base-path", "api-path-prefix", "api-server", "api-global-security")
"""Beginnings of rules about what all operations of an API share."""
LEGEND: Final = (
    ("wire", "Can what was valid now fail? error: yes; warning: perhaps; info: no."),
    ("breaking-runtime", "Python code that works today fails when it runs."),
    ("breaking-typing", "It runs, and a type checker refuses it."),
    ("behavioural", "It runs and type-checks, and does something else."),
    ("additive", "There is more than before; nothing that was there changes."),
    ("none", "The client that is built is the same before and after."),
    ("Library, Command line, Sandbox, Tools, Tests", "Parts of this repository; users meet the first three."),
    ("fingerprint", "What a waiver names this finding by; it stays the same when lines move."),
)


def to_html(review: Review) -> str:
    """The page. It needs no other file and no network."""
    style = (FOLDER / "page.css").read_text(encoding="utf-8")
    script = (FOLDER / "page.js").read_text(encoding="utf-8") if review.findings else ""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("page.html.jinja").render(
        review=review,
        verdict=verdict_of(review),
        titles={**TITLES, "none": TITLES["none"]},
        bumps=BUMPS,
        sections=SECTIONS,
        steps=next_steps(review),
        counts=review.counts(),
        totals={name: sum(f.verdict == name for f in review.findings) for name, _ in SECTIONS},
        apis=sorted({finding.api for finding in review.findings}),
        notes=[*review.decisions, *review.expired, *review.problems],
        legend=LEGEND,
        whole=WHOLE,
        # Both are our own files; the policy lets nothing else run.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        policy=f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'",
        line=one_line,
        clean=clean,
        text=_text,
        sentence=sentence,
        short=short_symbol,
        coded=_coded,
        broken=_broken,
        marked=_marked,
        places=_places,
        operations=_operations,
        symbols=lambda finding: [_code(short_symbol(each["symbol"])) for each in finding.symbols],
        uses=_uses,
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _places(finding: Finding) -> list[Markup]:
    """The pointer, then file and line before and now; the file once if it is the same."""
    pointer = finding.place.removeprefix("#/").removeprefix("components/schemas/")
    found = [_code(one_line(pointer.replace("~1", "/").replace("~0", "~"), 300))]
    lines_of: dict[str, list[str]] = {}
    for file, line, when in (
        (finding.base_file, finding.base_line, "before"),
        (finding.file, finding.head_line, "now"),
    ):
        if line:
            lines_of.setdefault(file, []).append(f"line {line} {when}")
    return [*found, *(_broken(f.rpartition("/")[2]) + Markup("<br>") + ", ".join(n) for f, n in lines_of.items())]


def _operations(finding: Finding) -> list[Markup]:
    parts = (reach.partition(" ") for reach in finding.reaches)
    return [Markup("<b>{}</b> {}").format(one_line(method), _broken(one_line(path, 200))) for method, _, path in parts]


def _uses(finding: Finding) -> list[Markup]:
    """Lines by room and file: `Library`, `client.py: 12, 40`."""
    found: list[Markup] = []
    for room, files in by_room(finding.uses).items():
        for index, (file, lines) in enumerate(files.items()):
            title = Markup('<span class="room">{}</span><br>').format(room) if not index else ""
            found.append(title + _code(file.removeprefix("overlay/moveworks/")) + f": {', '.join(map(str, lines))}")
    return found


def _marked(old: str | None, new: str | None) -> tuple[Markup, Markup]:
    """Both sides, with what differs marked."""
    nothing = Markup('<span class="nothing">nothing</span>')
    if old is None or new is None:
        return (nothing if old is None else escape(old)), (nothing if new is None else escape(new))
    left, right = (re.findall(r"\w+|\s+|[^\w\s]", side) for side in (old, new))
    if len(left) + len(right) > 1500:
        return escape(old), escape(new)
    before, after = Markup(), Markup()
    for kind, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        before += _mark("".join(left[a:b]), kind)
        after += _mark("".join(right[c:d]), kind)
    return before, after


def _mark(text: str, kind: str) -> Markup:
    return escape(text) if kind == "equal" or not text else Markup("<mark>{}</mark>").format(text)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = clean(value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False, default=str))
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}…"


def _code(text: str) -> Markup:
    return Markup("<code>{}</code>").format(_broken(text))


def _broken(text: str) -> Markup:
    """Escaped, with places where a long name may go on in the next line."""
    parts: Iterable[str] = re.split(r"(?<=[/._])(?=.)", clean(text))
    return Markup("<wbr>").join(escape(part) for part in parts)


def _coded(text: str) -> Markup:
    """Our own words, with `code`."""
    parts = one_line(text, 2000).split("`")
    return Markup().join(Markup("<code>{}</code>").format(p) if i % 2 else escape(p) for i, p in enumerate(parts))
