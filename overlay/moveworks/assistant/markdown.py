"""An answer as plain Markdown: its references as footnotes, and the service's own markup in the common form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

# What a footnote must not be put into, and what is written in another form. Slack's links have no blank in their URL.
_SPANS: Final = re.compile(
    r"""
      (?P<fence>^(?P<mark>```+|~~~+)[^\n]*\n.*?(?:^(?P=mark)[`~]*[ \t]*$|\Z))
    | (?P<code>(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))
    | (?P<slack><(?P<url>(?:https?://|mailto:)[^\s<>|]+)\|(?P<label>[^<>\n]*)>)
    | (?P<link>!?\[(?:[^\[\]\n]|\\.|\[[^\[\]\n]*\])*\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:[ ]"[^"\n]*")?\))
    | (?P<auto><(?:https?://|mailto:)[^\s<>]+>)
    | (?P<bare>https?://[^\s<>()\[\]]+)
    | (?P<emoji>:(?P<name>[a-z0-9_+-]+):)
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_EMOJI: Final = (
    "+1=👍 -1=👎 thumbsup=👍 thumbsdown=👎 wave=👋 smile=😄 slightly_smiling_face=🙂 tada=🎉 "
    "white_check_mark=✅ heavy_check_mark=✔️ x=❌ warning=⚠️ "
    "information_source=\N{INFORMATION SOURCE}\N{VARIATION SELECTOR-16} bulb=💡 rocket=🚀 "
    "eyes=👀 pray=🙏 clap=👏 fire=🔥 star=⭐ sparkles=✨ calendar=📆 date=📅 clock1=🕐 "
    "hourglass=⌛ lock=🔒 unlock=🔓 key=🔑 link=🔗 email=📧 envelope=✉️ phone=☎️ computer=💻 "
    "ticket=🎫 memo=📝 books=📚 book=📖 mag=🔍 gear=⚙️ hammer_and_wrench=🛠️ point_right=👉 "
    "arrow_right=➡️ question=❓ exclamation=❗ thinking_face=🤔 robot_face=🤖 hugging_face=🤗 "
    "pushpin=📌 chart_with_upwards_trend=📈"
)
EMOJI: Final = dict(pair.split("=") for pair in _EMOJI.split())
"""Names that chat programs give to the most common emoji; another name stays as it is."""


@frozen
class Source:
    """What a footnote says: title and URL of a source."""

    title: str
    url: str


def to_markdown(text: str, references: Iterable[tuple[object, object]], sources: dict[str, Source]) -> str:
    """The text with `[^1]` where it refers to a source, and the footnotes behind it.

    Args:
        text: As the service wrote it.
        references: Ids of sources, and where in the text they apply, in code points.
        sources: The sources by their ids. Those with the same title and URL are one footnote; those that nothing
            refers to have none.
    """
    numbers: dict[Source, int] = {}
    marks: dict[int, list[int]] = {}
    spans = [found.span() for found in _SPANS.finditer(text)]
    for identity, offset in references:
        source = sources.get(str(identity))
        if source is None:
            continue
        number = numbers.setdefault(source, len(numbers) + 1)
        at = _place(text, offset, spans)
        if number not in marks.setdefault(at, []):
            marks[at].append(number)
    written, position = [], 0
    for at in sorted(marks):
        written += [plain(text[position:at]), *(f"[^{number}]" for number in marks[at])]
        position = at
    written.append(plain(text[position:]))
    body = "".join(written)
    notes = [f"[^{number}]: {_note(source)}" for source, number in numbers.items()]
    return "\n\n".join([body.rstrip("\n"), "\n".join(notes)]) if notes else body


def plain(text: str) -> str:
    """Links of chat programs as Markdown links, and names of emoji as emoji; code stays as it is."""
    return _SPANS.sub(_rewritten, text)


def _rewritten(found: re.Match[str]) -> str:
    if found["slack"]:
        label = found["label"].replace("[", "\\[").replace("]", "\\]")
        return f"[{label or found['url']}]({found['url']})"
    if found["emoji"]:
        return EMOJI.get(found["name"], found["emoji"])
    return found.group()


def _place(text: str, offset: object, spans: list[tuple[int, int]]) -> int:
    """Where a mark is put: behind a link or code that it would fall into; at the end if it falls nowhere."""
    end = len(text.rstrip())
    if type(offset) is not int or not 0 <= offset <= len(text):
        return end
    for start, stop in spans:
        if start < offset < stop:
            offset = stop
    return min(offset, end) if offset > end else offset


def _note(source: Source) -> str:
    title = " ".join(source.title.split()).replace("[", "\\[").replace("]", "\\]")
    if not source.url:
        return title or "(without a title)"
    url = source.url.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    return f"[{title or url}]({url})"


def source_of(citation: dict[str, Any], text_of: Any) -> Source:
    """Title and URL of a citation as it came."""
    display = citation.get("display")
    title = text_of(display.get("title")) if isinstance(display, dict) else ""
    url = citation.get("url")
    return Source(title, url if isinstance(url, str) else "")
