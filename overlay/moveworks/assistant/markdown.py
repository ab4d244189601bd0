"""An answer as plain Markdown: its references as footnotes, and the service's own markup in the common form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

# What a footnote must not be put into, and what is written in another form. Slack's links have no blank in their URL.
_SPANS: Final = re.compile(
    r"""
      (?P<fence>^(?P<indent>[ \t]*)(?P<mark>`{3,}(?=[^`\n]*$)|~{3,})[^\n]*
        (?:\n.*?)?(?:(?P<closed>^[ \t]*(?P=mark)[`~]*[ \t]*$)|\Z))
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


class Cited(NamedTuple):
    """A text of the service, and what it refers to.

    Attributes:
        text: As the service wrote it.
        references: Ids of sources, and where in the text they apply, in code points.
        sources: The sources by their ids, which are ids of this text alone.
    """

    text: str
    references: list[tuple[object, object]]
    sources: dict[str, Source]


def to_markdown(messages: Iterable[Cited]) -> str:
    """Messages with `[^1]` where they refer to a source, and the footnotes of all of them at the end.

    Sources with the same title and URL are one footnote; those that nothing refers to have none.
    """
    numbers: dict[Source, int] = {}
    bodies = [_marked(message, numbers) for message in messages if message.text]
    body = "\n\n".join(bodies)
    notes = [f"[^{number}]: {_note(source)}" for source, number in numbers.items()]
    return "\n\n".join([body.rstrip("\n"), "\n".join(notes)]) if notes else body


def _marked(message: Cited, numbers: dict[Source, int]) -> str:
    """A message with the numbers of its sources; a source that has none yet gets the next one."""
    text, marks = message.text, dict[int, list[int]]()
    found = list(_SPANS.finditer(text))
    if found and found[-1]["fence"] and not found[-1]["closed"]:
        # Or everything that follows would be code.
        text = f"{text.rstrip()}\n{found[-1]['indent']}{found[-1]['mark']}"
        found = list(_SPANS.finditer(text))
    spans = [each.span() for each in found]
    blocks = {each.end() for each in found if each["fence"]}
    for identity, offset in message.references:
        source = message.sources.get(str(identity))
        if source is None:
            continue
        number = numbers.setdefault(source, len(numbers) + 1)
        at = _place(text, offset, spans)
        if number not in marks.setdefault(at, []):
            marks[at].append(number)
    written, position = [], 0
    for at in sorted(marks):
        # On the line that ends a block of code, a mark would keep it from ending.
        written += [plain(text[position:at]), *("\n" * (at in blocks)), *(f"[^{number}]" for number in marks[at])]
        position = at
    return "".join([*written, plain(text[position:])])


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
    if text[:offset].endswith(("\n", "\r")) and (before := len(text[:offset].rstrip())):
        offset = before  # it speaks of what comes before, and a list or a block of code begins at the start of a line
    for start, stop in spans:
        if start < offset < stop:
            offset = stop
    return min(offset, end)


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
