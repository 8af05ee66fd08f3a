"""The forms of an export: one JSON object, or a page for people; each is written in pieces, as the records come."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from typing import Any, Final, Protocol

from msgspec import Struct
from pydantic_core import to_json

from ion_mentoring.catalogue.bilingual import Bilingual, Frozen
from ion_mentoring.handlers.web.security_headers import DATA
from ion_mentoring.resources import paths, read_model

WORDS: Final = "ion_mentoring/handlers/contract/user_export.toml"
STYLE: Final = (
    "body{max-width:50rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}"
    "table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3rem .5rem;text-align:left;vertical-align:top}"
    "section{border-top:1px solid #999;padding:.5rem 0}p,pre,dd{white-space:pre-wrap;overflow-wrap:anywhere}"
    ".assistant{margin-left:2rem}time{color:#595959;font-size:.85rem}dt{font-weight:600}dd{margin:0 0 .3rem 1rem}"
)
_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
PAGE_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
EXPORT_HEADERS: Final = {**DATA, "cache-control": "no-store"}


class ExportWords(Frozen):
    """The words of exports: who processes, the page around the records, and the names of their fields."""

    processor: dict[str, Bilingual]
    page: dict[str, Bilingual]
    label: dict[str, Bilingual]


@cache
def export_words() -> ExportWords:
    """The words, read once."""
    return read_model(ExportWords, paths(WORDS)[0])


class ExportForm(Protocol):
    """A form. Kinds begin and end in turn, with their records between."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of its response."""

    def begin(self) -> str:
        """The text before all kinds."""

    def kind(self, name: str) -> str:
        """The beginning of a kind."""

    def record(self, record: Any, *, first: bool) -> str:
        """One record."""

    def end_kind(self, *, empty: bool) -> str:
        """The end of a kind."""

    def end(self, *, complete: bool) -> str:
        """The text after all kinds."""


class JsonForm(Struct, frozen=True):
    """One JSON object: the members of its `head`, a list for each kind, and whether it is complete."""

    head: Mapping[str, Any]
    headers: Mapping[str, str]

    @staticmethod
    def of(head: Mapping[str, Any]) -> "JsonForm":
        """The form of an export with that head."""
        name = {"content-disposition": 'attachment; filename="export.json"', "content-type": "application/json"}
        return JsonForm(head, {**EXPORT_HEADERS, **name})

    def begin(self) -> str:
        """The head, without its end."""
        return to_json(self.head).decode()[:-1]

    def kind(self, name: str) -> str:
        """A list under the kind's name."""
        return f',"{name}":['

    def record(self, record: Any, *, first: bool) -> str:
        """An element."""
        return ("" if first else ",") + to_json(record).decode()

    def end_kind(self, *, empty: bool) -> str:
        """The end of the list."""
        return "]"

    def end(self, *, complete: bool) -> str:
        """The last member."""
        return f',"complete":{str(complete).lower()}}}'


class HtmlForm(Struct, frozen=True):
    """A page without any script; its one style is named in its policy by a hash."""

    head: Mapping[str, Any]
    language: str
    headers: Mapping[str, str]

    @staticmethod
    def of(head: Mapping[str, Any], language: str) -> "HtmlForm":
        """The form of an export with that head."""
        name = {"content-disposition": 'attachment; filename="export.html"', "content-type": "text/html; charset=utf-8"}
        return HtmlForm(head, language, {**EXPORT_HEADERS, "content-security-policy": PAGE_POLICY, **name})

    def begin(self) -> str:
        """The title, who processes what, and the table of kinds."""
        title = self._word("title", user=self.head["user_id"])
        processors = [one["what"] for one in self.head["processors"]] or [self._word("nobody")]
        columns = ("what", "where", "kept", "why", "basis")
        listed = _tag("ul", "".join(_tag("li", escape(one)) for one in processors))
        rows = "".join(_tag("tr", "".join(_tag("td", escape(one[name])) for name in columns)) for one in self.head["kinds"])
        return (
            f'<!doctype html><html lang="{self.language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
            f"<style>{STYLE}</style></head><body>{_tag('h1', escape(title))}"
            f"{_tag('p', escape(self._word('made', at=self.head['timestamp'])))}"
            f"{_tag('h2', escape(self._word('processors')))}{listed}"
            f"{_tag('h2', escape(self._word('kinds')))}{_tag('table', rows)}{_tag('p', escape(self._word('elsewhere')))}"
        )

    def kind(self, name: str) -> str:
        """A heading."""
        what = next(one["what"] for one in self.head["kinds"] if one["kind"] == name)
        return _tag("h2", escape(what))

    def record(self, record: Any, *, first: bool) -> str:
        """A section: a conversation as it was said, anything else as a list of its fields."""
        turns: Sequence[Mapping[str, str | None]] = record.get("turns", ())
        said = "".join(self._turn(turn) for turn in turns)
        return _tag("section", self._fields({name: value for name, value in record.items() if name != "turns"}) + said)

    def end_kind(self, *, empty: bool) -> str:
        """A word where there was nothing."""
        return _tag("p", escape(self._word("nothing"))) if empty else ""

    def end(self, *, complete: bool) -> str:
        """The last words."""
        return f"<hr>{_tag('p', escape(self._word('complete' if complete else 'incomplete')))}</body></html>"

    def _turn(self, turn: Mapping[str, str | None]) -> str:
        role = "user" if turn["role"] == "user" else "assistant"
        said = self._word(role) if turn["persona"] is None else f"{self._word(role)} ({turn['persona']})"
        at, content = escape(str(turn["timestamp"])), escape(str(turn["content"]))
        return f'<p class="{role}">{_tag("b", escape(said))} {_tag("time", at)}\n{content}</p>'

    def _fields(self, record: Mapping[str, Any]) -> str:
        listed = ((name, value) for name, value in record.items() if value is not None and name != "part")
        return _tag("dl", "".join(_tag("dt", escape(self._label(name))) + _tag("dd", _shown(value)) for name, value in listed))

    def _label(self, name: str) -> str:
        words = export_words().label.get(name)
        return words.in_(self.language) if words else name

    def _word(self, name: str, **values: str) -> str:
        return export_words().page[name].in_(self.language).format(**values)


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        said = value.get("content") or value.get("user_input") or "" if isinstance(value, dict) else ""
        return escape(str(said)) + _tag("pre", escape(to_json(value, indent=1).decode()))
    return escape(str(value))


def _tag(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>"
