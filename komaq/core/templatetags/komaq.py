"""How Komaq draws and words things on a page: icons, fields, chips, the hour meter, money, hours, days.

Load with ``{% load komaq %}``. Formats are the same in every language (24/11/2026, S/ 1,234.50, 12,486.5 h);
only words change. What is missing shows as an en dash.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from komaq.core import clock
from komaq.core.lists import Page
from komaq.core.money import round_half_up

register = template.Library()

SPRITE = "core/icons.svg"
SPRITE_FILE = Path(__file__).resolve().parent.parent / "static" / SPRITE
NOTHING = "\u2013"
NBSP = "\u00a0"
SYMBOLS = {"PEN": "S/", "USD": "US$", "EUR": "€"}
LOOKS_LIKE = {"shovel": "excavator", "lhd": "loader", "compressor": "other", "handler": "crane"}
PARTICLES = {"de", "del", "la", "las", "los", "y", "da", "van", "von"}


# Drawings


@lru_cache(maxsize=1)
def sprite_names() -> frozenset[str]:
    """The symbols of the sprite: i-* icons and m-* machine drawings."""
    return frozenset(re.findall(r'<symbol id="([^"]+)"', SPRITE_FILE.read_text(encoding="utf-8")))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon beside a word; give ``label`` only where it stands without one."""
    return _icon(name, str(label))


@lru_cache(maxsize=512)
def _icon(name: str, label: str) -> SafeString:
    if f"i-{name}" not in sprite_names():
        raise LookupError(f"There is no icon named {name!r} in {SPRITE}.")
    return _use(f"i-{name}", label)


def _named(label: str) -> SafeString:
    return format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')


def _use(symbol: str, label: str) -> SafeString:
    return format_html('<svg class="icon" {}><use href="{}#{}"/></svg>', _named(label), static(SPRITE), symbol)


def _machine_words() -> dict[str, str]:
    return {
        "excavator": _("Drawing of an excavator"),
        "loader": _("Drawing of a wheel loader"),
        "dozer": _("Drawing of a bulldozer"),
        "truck": _("Drawing of a dump truck"),
        "grader": _("Drawing of a motor grader"),
        "roller": _("Drawing of a roller"),
        "backhoe": _("Drawing of a backhoe loader"),
        "drill": _("Drawing of a drill rig"),
        "crane": _("Drawing of a crane"),
        "other": _("Drawing of a machine"),
    }


@register.simple_tag
def drawing(kind: str) -> SafeString:
    """The line drawing of a kind of machine; an unknown kind gets the plain one."""
    words = _machine_words()
    shape = LOOKS_LIKE.get(kind, kind)
    return format_html(
        '<svg viewBox="40 20 600 350" role="img" aria-label="{}"><use href="{}#m-{}" width="640" height="380"/></svg>',
        words.get(kind, words["other"]),
        static(SPRITE),
        shape if f"m-{shape}" in sprite_names() else "other",
    )


@register.simple_tag
def chip(label: str, icon: str, tone: str | None = "") -> SafeString:
    """A status: glyph, word and (perhaps) a tone: ok, run, warn, bad, stop."""
    return drawn_chip(str(label), icon, tone or "")


@lru_cache(maxsize=512)
def drawn_chip(label: str, icon: str, tone: str) -> SafeString:
    """The chip of a status, drawn once for each word: a list shows it in every row."""
    return render_to_string("core/_status.html", {"label": label, "icon": icon, "tone": tone})


@register.inclusion_tag("core/_meter.html")
def meter(value: Decimal | float, unit: str = "h") -> dict[str, Any]:
    """The digits of the cab: five and a tenth."""
    tenths = int(round_half_up(Decimal(str(value)) * 10, 0))
    whole, tenth = divmod(max(tenths, 0), 10)
    reading = f"{whole:,}.{tenth}"
    words = {"h": _("Hour meter: %(reading)s hours"), "km": _("Odometer: %(reading)s kilometres")}
    return {
        "digits": f"{whole:05d}",
        "tenth": str(tenth),
        "unit": unit,
        "label": words.get(unit, "%(reading)s " + unit) % {"reading": reading},
    }


# Fields


@register.simple_tag(name="field")
def field_tag(bound: BoundField, **options: Any) -> SafeString:
    """A form field as the house draws it: label, control, error beside it, hint.

    Options: ``unit``, ``prefix``, ``label``, ``hint``, ``label_hidden``, ``optional`` (False: one of
    several fields must be filled, so none says "optional"), ``look`` (of choices: rows,
    pair, tags, tri, line; of files: camera). Anything else becomes an attribute of the control
    (``inputmode="decimal"``).
    """
    if bound.is_hidden:
        return bound.as_widget()
    kind = _kind(bound.field.widget)
    given = {name: options.pop(name, default) for name, default in _OPTIONS.items()}
    hint = given["hint"] if given["hint"] is not None else bound.help_text
    identity = bound.id_for_label or bound.auto_id or bound.html_name
    if kind == "choices":
        identity = bound.auto_id or bound.html_name
    describedby = " ".join(f"{identity}_{part}" for part, there in (("error", bound.errors), ("hint", hint)) if there)
    attrs = {name.replace("_", "-"): value for name, value in options.items()}
    context = {
        "kind": kind,
        "id": identity,
        "label": given["label"] if given["label"] is not None else bound.label,
        "label_hidden": given["label_hidden"],
        "optional": given["optional"] and not bound.field.required and kind != "check",
        "hint": hint,
        "errors": bound.errors,
        "describedby": describedby,
        "unit": given["unit"],
        "prefix": given["prefix"],
        "look": given["look"],
        "secret": isinstance(bound.field.widget, forms.PasswordInput),
        "rows": _rows(bound, given) if kind == "choices" else [],
        "control": "" if kind == "choices" else _control(bound, kind, attrs, describedby),
    }
    return render_to_string("core/_field.html", context)


@register.simple_tag
def select(bound: BoundField, chosen: Any = None, rows: Any = None) -> SafeString:
    """A select of a filter row, drawn without a template for each option. ``rows`` stands for the field's choices."""
    value = str(bound.value() or "" if chosen is None else chosen)
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((key, SELECTED if str(key) == value else "", label) for key, label in rows or bound.field.choices),
    )
    return format_html(
        '<select name="{}" class="input" aria-label="{}" id="{}">{}</select>',
        bound.html_name,
        bound.label,
        bound.id_for_label,
        options,
    )


SELECTED = mark_safe(" selected")
_OPTIONS: dict[str, Any] = {
    "unit": "",
    "prefix": "",
    "label": None,
    "hint": None,
    "label_hidden": False,
    "optional": True,
    "look": "",
    "notes": None,
    "icons": None,
    "tones": None,
    "stop": "",
}


@register.simple_tag
def field_choice(bound: BoundField, look: str = "rows", **options: Any) -> SafeString:
    """A choice whose rows say their consequence.

    ``notes``, ``icons`` and ``tones`` map a value to its own; ``stop`` names the value for "machine down".
    """
    return field_tag(bound, look=look, **options)


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.RadioSelect):  # checkboxes in a list are its subclass
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "control"


def _control(bound: BoundField, kind: str, attrs: dict[str, Any], describedby: str) -> SafeString:
    classes = [bound.field.widget.attrs.get("class", "")]
    if kind == "control":
        classes.append("input")
    attrs["class"] = " ".join(filter(None, classes))
    if not attrs["class"]:
        del attrs["class"]
    if describedby:
        attrs["aria-describedby"] = describedby
    if kind == "file":
        attrs.setdefault("aria-label", str(bound.label))
    return bound.as_widget(attrs=attrs)


def _rows(bound: BoundField, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for choice in bound.subwidgets:
        value = str(choice.data["value"])
        rows.append(
            {
                "control": choice.tag(),
                "id": choice.id_for_label,
                "label": choice.choice_label,
                "note": (given["notes"] or {}).get(value, ""),
                "icon": (given["icons"] or {}).get(value, ""),
                "tone": (given["tones"] or {}).get(value, ""),
                "stop": bool(given["stop"]) and value == given["stop"],
            }
        )
    return rows


# Figures, days, names


@register.filter
def money(value: Any, currency: str = "PEN") -> str:
    """``S/ 1,234.50``: the symbol, a no-break space, always two decimals."""
    if value is None or value == "":
        return NOTHING
    amount = round_half_up(Decimal(str(value)), 2)
    sign = "-" if amount < 0 else ""
    return f"{sign}{SYMBOLS.get(currency, currency)}{NBSP}{abs(amount):,.2f}"


@register.filter
def hours(value: Any, unit: str = "h") -> str:
    """``12,486.5 h``; a whole number keeps no decimal: ``2,000 h``."""
    if value is None or value == "":
        return NOTHING
    number = round_half_up(Decimal(str(value)), 1)
    text = f"{number:,.0f}" if number == number.to_integral_value() else f"{number:,.1f}"
    return f"{text}{NBSP}{unit}"


@register.filter
def quantity(value: Any) -> str:
    """``1,200`` or ``2.5``: a quantity with no more decimals than it has."""
    if value is None or value == "":
        return NOTHING
    text = f"{Decimal(str(value)):,.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _local(value: date | datetime) -> date | datetime:
    return value.astimezone(clock.LIMA) if isinstance(value, datetime) and value.tzinfo else value


@register.filter
def day(value: date | datetime | None) -> str:
    """``24/11/2026``, in the company's time zone."""
    return _local(value).strftime("%d/%m/%Y") if value else NOTHING


@register.filter
def day_time(value: datetime | None) -> str:
    """``24/11/2026 14:05``, in the company's time zone."""
    return _local(value).strftime("%d/%m/%Y %H:%M") if value else NOTHING


@register.filter
def ago(value: datetime | None) -> str:
    """How long since (``hace 35 min``) or until (``en 2 h``); from a week on, the day itself."""
    if value and abs(clock.now() - value) >= timedelta(days=7):
        return day(value)
    return away(value)


@register.filter
def away(value: datetime | None) -> str:
    """How long since or until, also beyond a week (``hace 12 días``): for the place beside the day itself."""
    if not value:
        return NOTHING
    gone = clock.now() - value
    span = abs(gone)
    if span < timedelta(minutes=1):
        return _("now")
    return (_("%(span)s ago") if gone > timedelta(0) else _("in %(span)s")) % {"span": _span(span)}


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return _("%(count)d min") % {"count": minutes}
    if minutes < 24 * 60:
        return _("%(count)d h") % {"count": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


@register.filter
def initials(name: str) -> str:
    """``Ana Salas`` → ``AS``; little words between names do not count."""
    words = [word for word in re.split(r"[\s.]+", name or "") if word and word.lower() not in PARTICLES]
    return "".join(word[0] for word in words[:2]).upper()


@register.filter
def tel(phone: str) -> str:
    """``054 205 118`` → ``tel:+5154205118``: what a phone dials."""
    digits = re.sub(r"\D", "", phone or "")
    if (phone or "").strip().startswith("+") or (digits.startswith("51") and len(digits) > 9):
        return f"tel:+{digits}"
    return f"tel:+51{digits.lstrip('0')}"


@register.simple_tag(takes_context=True)
def query_string(context: RequestContext, **changes: Any) -> str:
    """The page's own address with some parameters changed; None or "" takes one away."""
    return changed_query(context["request"].GET, changes)


def changed_query(given: QueryDict, changes: Mapping[str, Any]) -> str:
    query = given.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        elif isinstance(value, (list, tuple)):
            query.setlist(name, [str(one) for one in value])
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("core/_pager.html", takes_context=True)
def pager(context: RequestContext, page: Page, total: int | None = None, keys: Any = ()) -> dict[str, Any]:
    """Where one stands in a list by cursor; ``keys`` names its keys: ``[("J", "down")]``."""
    given = context["request"].GET
    return {
        "shown": len(page.items),
        "total": total,
        "keys": keys,
        "next_url": changed_query(given, {"cursor": page.next}) if page.next else "",
        "first_url": changed_query(given, {"cursor": None}) if given.get("cursor") else "",
    }
