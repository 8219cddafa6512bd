"""The style guide: every component and state with sample data, for those who build the product."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from komaq.core import clock
from komaq.core.access import PUBLIC, audience
from komaq.core.lists import Page
from komaq.core.templatetags.komaq import sprite_names

SHORT = "Digits missing: a RUC has 11."
HALF_HOUR = timedelta(minutes=30)
KINDS = ["excavator", "loader", "dozer", "truck", "grader", "roller", "backhoe", "drill", "crane", "other"]


class SampleForm(forms.Form):
    """One field of each kind, some of them wrong."""

    serial = forms.CharField(help_text="On the plate, beside the door.")
    tax_id = forms.RegexField(r"^\d{11}$", label="RUC", error_messages={"invalid": SHORT})
    hours = forms.DecimalField(label="Hour meter", required=False, localize=True)
    order = forms.CharField(widget=forms.TextInput(attrs={"readonly": True}))
    area = forms.ChoiceField(choices=[("technical", "Technical"), ("commercial", "Commercial")])
    password = forms.CharField(widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "off"}))
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    payer = forms.ChoiceField(
        choices=[("client", "Client"), ("warranty", "Warranty"), ("internal", "Internal")],
        widget=forms.RadioSelect,
    )
    urgency = forms.ChoiceField(
        choices=[("normal", "Normal"), ("high", "High: it works, but badly"), ("down", "Machine down")],
        widget=forms.RadioSelect,
    )
    symptoms = forms.MultipleChoiceField(
        choices=[("force", "No force"), ("leak", "Oil leak"), ("start", "Does not start")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    billable = forms.BooleanField(required=False)


def sample_form() -> SampleForm:
    return SampleForm(
        {
            "serial": "DKS01874",
            "tax_id": "2099041276",
            "hours": "12486.5",
            "order": "OS-2026-000418",
            "area": "technical",
            "password": "una frase larga",
            "payer": "client",
            "urgency": "high",
            "symptoms": ["leak"],
            "billable": "on",
        }
    )


def sample_context(now: datetime) -> dict[str, Any]:
    return {
        "form": sample_form(),
        "notes": {
            "normal": "We come on the day you asked for or the next working day.",
            "high": "We call today and come within 48 h.",
            "down": "We call within 2 h and leave today.",
        },
        "steps": [
            {"label": "Received", "note": "16/11", "state": "done"},
            {"label": "Quoted", "note": "18/11", "state": "done"},
            {"label": "Parts", "note": "arrive Sat 28", "state": "now"},
            {"label": "Running", "note": "", "state": "ahead"},
            {"label": "Closed", "note": "01/12", "state": "ahead"},
        ],
        "entries": [
            {
                "icon": "ok",
                "who": "Carla Quispe",
                "text": "approved option B",
                "at": now - HALF_HOUR,
            },
            {
                "icon": "quote",
                "who": "Lola Paredes",
                "text": "sent COT-2026-000309",
                "at": now - 96 * HALF_HOUR,
            },
        ],
        "page": Page(items=list(range(50)), next="sample", sort="newest"),
        "keys": [("J", "down"), ("K", "up"), ("Enter", "open")],
        "plates": [
            {
                "kind": kind,
                "name": kind.capitalize(),
                "hours": 12486.5,
                "facts": [
                    {"label": "Serial", "value": "DKS01874", "code": True},
                    {"label": "Year", "value": "2021"},
                ],
            }
            for kind in KINDS
        ],
        "icons": sorted(name.removeprefix("i-") for name in sprite_names() if name.startswith("i-")),
    }


@audience(PUBLIC)
@require_safe
def styleguide(http: HttpRequest) -> HttpResponse:
    return render(http, "core/styleguide.html", sample_context(clock.now()))
