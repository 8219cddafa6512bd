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


_guards: dict[str, list[Guard]] = defaultdict(list)
_panels: dict[str, list[Panel]] = defaultdict(list)
inbox: list[Callable[[Any], Iterable[InboxItem]]] = []
lamps: list[Callable[[Any], Iterable[Lamp]]] = []
searches: list[tuple[str, Callable[[Any, str], Iterable[SearchHit]]]] = []
personal_data: list[Callable[[Any], dict]] = []
erasures: list[Callable[[Any], None]] = []
file_scopes: dict[str, Callable[[Any, Any], bool]] = {}


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
