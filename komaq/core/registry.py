"""Where rooms above hang what they add to rooms below: guards, panels, inbox, search, personal data.

A room fills these in its `panels.py` or `receivers.py`, which its AppConfig imports when apps are ready.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from komaq.core.access import Audience
from komaq.core.refusals import Refusal

Guard = Callable[[Any], Refusal | None]


@dataclass(frozen=True)
class Panel:
    """A piece of a page of another room: `query(user, subject)` gives the context of `template`."""

    slot: str
    audience: Audience
    query: Callable[[Any, Any], dict]
    template: str
    order: int = 50


@dataclass(frozen=True)
class InboxItem:
    """Something that waits for a person of the staff."""

    kind: str
    icon: str
    code: str
    title: str
    detail: str
    url: str
    due_at: Any = None
    tone: str = ""
    status: str = ""
    stopped: bool = False
    late: bool = False


@dataclass(frozen=True)
class Lamp:
    """A warning in the rail: it counts `of` over `rows`, all lamps in one read; one `dark_at_zero` hides itself."""

    label: Any
    icon: str
    url: str
    tone: str
    rows: Any
    of: str = "pk"
    dark_at_zero: bool = False


@dataclass(frozen=True)
class SearchHit:
    """A thing found from anywhere."""

    icon: str
    label: str
    note: str
    url: str


@dataclass(frozen=True)
class Column:
    """A column of a list that goes in and out. `name` is its field; `label`, in any language, and `also` head it.

    `kind` says how a cell is written: "text", "code" (digits that a spreadsheet takes for a number), "number", "day"
    or "moment". `choices` are pairs of a code and its label; either is taken.
    """

    name: str
    label: Any
    kind: str = "text"
    required: bool = False
    also: tuple[str, ...] = ()
    choices: tuple = ()
    example: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Sheet:
    """A list that goes in and out as a whole.

    `forms(user)` gives what turns the texts of a row into a form; `add(form, user)` is the action of a sound one and
    raises Refusal; `key(cleaned)` tells two rows about the same thing; `rows(user, since)` reads the things as texts by
    column, those made or changed since a moment or all. `noted(user)` writes down that people were read.
    """

    columns: tuple[Column, ...]
    forms: Callable[[Any], Callable[[dict[str, str]], Any]]
    add: Callable[[Any, Any], Any]
    key: Callable[[dict], Any]
    rows: Callable[[Any, Any], Iterable[dict[str, Any]]]
    may_import: Callable[[Any], bool]
    may_export: Callable[[Any], bool]
    noted: Callable[[Any], None] | None = None


@dataclass(frozen=True)
class Holder:
    """Whom a token lets in: the user, a name that tells the token from others, and whether it may write."""

    user: Any
    name: str
    may_write: bool


Namer = Callable[[Any, Iterable[str]], dict[str, SearchHit]]

_guards: dict[str, list[Guard]] = defaultdict(list)
_panels: dict[str, list[Panel]] = defaultdict(list)
inbox: list[Callable[[Any], Iterable[InboxItem]]] = []
lamps: list[Callable[[Any], Iterable[Lamp]]] = []
searches: list[tuple[str, Callable[[Any, str], Iterable[SearchHit]]]] = []
personal_data: list[Callable[[Any], dict]] = []
erasures: list[Callable[[Any], None]] = []
token_readers: list[Callable[[str], Holder | None]] = []
sheets: dict[str, Sheet] = {}
administrators: list[Callable[[], bool]] = []
staff: list[Callable[[], Iterable[Any]]] = []
file_scopes: dict[str, Callable[[Any, Any], bool]] = {}
expressions: dict[str, Callable[[], Any]] = {}
"""What a room above adds to the rows a room below reads, by slot: makes an expression over `OuterRef("pk")`."""
whereabouts: dict[str, Callable[[Any, list[dict]], list[SearchHit]]] = {}
"""What the rows of an expression of the same slot say to somebody: a hit without address is told and not opened."""
sources: dict[str, Namer] = {}
"""By kind, what those are called for whom stock moves or is kept: several ids at once, for somebody."""


def named_sources(user: Any, things: Iterable[Any]) -> None:
    """Give each thing with a `source_kind` and `source_id` its `source`: a SearchHit, or None where nobody knows it."""
    things = list(things)
    wanted: dict[str, set[str]] = defaultdict(set)
    for each in things:
        wanted[each.source_kind].add(each.source_id)
    names = {kind: sources[kind](user, ids) for kind, ids in wanted.items() if kind in sources}
    for each in things:
        each.source = names.get(each.source_kind, {}).get(each.source_id)


def holder_of(secret: str) -> Holder | None:
    """Whom a token lets in; nobody when it is not, or no longer, one of ours."""
    return next(filter(None, (read(secret) for read in token_readers)), None)


def add_guard(point: str, guard: Guard) -> None:
    """Let `guard(subject)` refuse at `point`, for example "orders.transition:approved"."""
    _guards[point].append(guard)


def ask_guards(point: str, subject: object) -> None:
    """Raise the first refusal of the guards at `point`, in the caller's transaction."""
    for guard in _guards[point]:
        if refusal := guard(subject):
            raise refusal


def is_guarded(point: str) -> bool:
    """Whether a room above answers for `point`, so that no stated reason is asked of a person."""
    return bool(_guards[point])


def add_panel(panel: Panel) -> None:
    _panels[panel.slot].append(panel)
    _panels[panel.slot].sort(key=lambda each: each.order)


def panels_for(slot: str, user: Any) -> list[Panel]:
    return [panel for panel in _panels[slot] if panel.audience.admits(user)]
