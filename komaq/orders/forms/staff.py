"""What the office types: decisions about requests, orders, their steps, tasks, documents and visits."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from komaq.comms.choices import Visibility
from komaq.core.fields import ManyFilesField
from komaq.core.web import OnceField
from komaq.orders import rules
from komaq.orders.choices import (
    MachineSystem,
    OrderStatus,
    Outcome,
    Payer,
    Priority,
    RequestStatus,
    Step,
    VisitKind,
    VisitState,
)
from komaq.orders.forms.fields import MomentField

REASON = 300
LINES = forms.Textarea(attrs={"rows": 3})


class RequestFilter(forms.Form):
    """Which requests the list shows."""

    q = forms.CharField(required=False, max_length=80, label=_("Search"))
    status = forms.ChoiceField(
        choices=[("", _("Any status")), *RequestStatus.choices], required=False, label=_("Status")
    )


class OrderFilter(forms.Form):
    """Which orders the list shows."""

    q = forms.CharField(required=False, max_length=80, label=_("Search"))
    status = forms.ChoiceField(choices=[("", _("Any status")), *OrderStatus.choices], required=False, label=_("Status"))
    priority = forms.ChoiceField(
        choices=[("", _("Any priority")), *Priority.choices], required=False, label=_("Priority")
    )
    customer = forms.ModelChoiceField(queryset=None, required=False, empty_label=_("Any customer"), label=_("Customer"))
    technician = forms.ModelChoiceField(
        queryset=None, required=False, empty_label=_("Any technician"), label=_("Technician")
    )
    late = forms.BooleanField(required=False, label=_("Late only"))

    def __init__(self, *given: Any, customers: QuerySet, technicians: QuerySet, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["customer"].queryset = customers
        self.fields["technician"].queryset = technicians
        for name in ("status", "priority", "customer", "technician"):
            self.fields[name].widget.attrs = {"class": "input", "aria-label": self.fields[name].label}


class AcceptForm(forms.Form):
    """How a request becomes an order."""

    title = forms.CharField(
        max_length=120, label=_("Work to do"), help_text=_("The headline of the order; the client reads it too.")
    )
    priority = forms.ChoiceField(choices=Priority.choices, label=_("Priority"))
    service_type = forms.ModelChoiceField(
        queryset=None, required=False, empty_label=_("To be defined"), label=_("Service type")
    )
    due_at = MomentField(
        required=False,
        label=_("Promise to the client"),
        help_text=_("Empty: as the priority and the agreement say."),
    )
    machine = forms.ModelChoiceField(queryset=None, empty_label=_("Choose one"), label=_("Machine"))
    message = forms.CharField(
        required=False, max_length=1000, widget=LINES, label=_("Message to the client"), help_text=_("Goes by e-mail.")
    )

    def __init__(self, *given: Any, machines: QuerySet | None, service_types: QuerySet, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["service_type"].queryset = service_types
        if machines is None:
            del self.fields["machine"]
        else:
            self.fields["machine"].queryset = machines


class ReasonForm(forms.Form):
    """Why not."""

    reason = forms.CharField(max_length=REASON, widget=LINES, label=_("Reason"))


class MergeForm(forms.Form):
    """The order that a request joins."""

    order = forms.IntegerField(widget=forms.HiddenInput)


class OpenForm(forms.Form):
    """An order that no request asked for."""

    title = forms.CharField(max_length=120, label=_("Work to do"))
    description = forms.CharField(required=False, max_length=4000, widget=LINES, label=_("Description"))
    priority = forms.ChoiceField(choices=Priority.choices, initial=Priority.NORMAL, label=_("Priority"))
    service_type = forms.ModelChoiceField(
        queryset=None, required=False, empty_label=_("To be defined"), label=_("Service type")
    )
    contact = forms.ModelChoiceField(queryset=None, empty_label=_("Choose one"), label=_("Contact"))
    site = forms.ModelChoiceField(queryset=None, required=False, empty_label=_("Our workshop"), label=_("Site"))
    due_at = MomentField(
        required=False, label=_("Promise to the client"), help_text=_("Empty: as the priority and the agreement say.")
    )
    payer = forms.ChoiceField(choices=Payer.choices, initial=Payer.CLIENT, label=_("Who pays"))
    form_key = OnceField()

    def __init__(self, *given: Any, contacts: QuerySet, sites: QuerySet, service_types: QuerySet, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["contact"].queryset = contacts
        self.fields["site"].queryset = sites
        self.fields["service_type"].queryset = service_types


class ChangeForm(forms.Form):
    """An order's facts. Each field remembers what it showed, so that a conflict knows who changed what."""

    title = forms.CharField(max_length=120, label=_("Work to do"), show_hidden_initial=True)
    priority = forms.ChoiceField(choices=Priority.choices, label=_("Priority"), show_hidden_initial=True)
    service_type = forms.ModelChoiceField(
        queryset=None,
        required=False,
        empty_label=_("To be defined"),
        label=_("Service type"),
        show_hidden_initial=True,
    )
    contact = forms.ModelChoiceField(queryset=None, label=_("Contact"), show_hidden_initial=True)
    site = forms.ModelChoiceField(
        queryset=None, required=False, empty_label=_("Our workshop"), label=_("Site"), show_hidden_initial=True
    )
    due_at = MomentField(label=_("Promise to the client"), show_hidden_initial=True)
    description = forms.CharField(
        required=False, max_length=4000, widget=LINES, label=_("Description"), show_hidden_initial=True
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *given: Any, contacts: QuerySet, sites: QuerySet, service_types: QuerySet, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["contact"].queryset = contacts
        self.fields["site"].queryset = sites
        self.fields["service_type"].queryset = service_types

    @property
    def origins(self) -> list[SafeString]:
        """Hidden inputs with what each field showed when the page was opened."""
        return [field.as_hidden(only_initial=True) for field in self if field.field.show_hidden_initial]

    def origin_of(self, name: str) -> Any:
        """What a field showed when the page was opened."""
        field = self[name]
        return field.field.to_python(self.data.get(self.add_initial_prefix(name), "")) or ""


class MoveForm(forms.Form):
    """One step of an order: it asks what the table says, and a reason while no room above answers for it."""

    to = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *given: Any, step: Step, **more: Any) -> None:
        self.step = step
        super().__init__(*given, auto_id=f"id_{step.end}_%s", **more)
        if step.choices:
            self.fields["choice"] = forms.ChoiceField(
                choices=step.choices.choices, widget=forms.RadioSelect, label=_("Because")
            )
        if outcomes := rules.outcomes_for(step):
            self.fields["outcome"] = forms.ChoiceField(
                choices=[(one, Outcome(one).label) for one in outcomes],
                widget=forms.RadioSelect,
                label=_("Outcome"),
            )
        if rules.asks_reason(step) or outcomes:
            self.fields["reason"] = forms.CharField(
                max_length=REASON, widget=LINES, label=_("Reason"), required=rules.asks_reason(step)
            )

    @property
    def asks(self) -> bool:
        """Whether the step wants anything of the person but the press itself."""
        return len(self.fields) > 2


class SegmentForm(forms.Form):
    """A part of an order."""

    title = forms.CharField(max_length=120, label=_("Job"))
    system = forms.ChoiceField(choices=MachineSystem.choices, label=_("System"))
    payer = forms.ChoiceField(choices=Payer.choices, label=_("Who pays"))
    form_key = OnceField()


class TaskForm(forms.Form):
    """A step planned in a segment."""

    segment = forms.TypedChoiceField(coerce=int, label=_("Job"))
    title = forms.CharField(max_length=160, label=_("Task"))
    minutes = forms.IntegerField(required=False, min_value=1, max_value=60_000, label=_("Planned minutes"))
    form_key = OnceField()

    def __init__(self, *given: Any, segments: Iterable[Any], **more: Any) -> None:
        super().__init__(*given, auto_id="id_task_%s", **more)
        self.fields["segment"].choices = [(segment.pk, segment.title) for segment in segments]


class NoteForm(forms.Form):
    """A note that only the staff reads."""

    text = forms.CharField(max_length=4000, widget=LINES, label=_("Internal note"))
    form_key = OnceField()


class DocumentForm(forms.Form):
    """Files of an order and who may see them."""

    files = ManyFilesField(label=_("Files"), help_text=_("Photos, PDF, Word or Excel, up to 20 MB each."))
    visibility = forms.ChoiceField(
        choices=[(Visibility.CLIENT, _("The client too")), (Visibility.INTERNAL, _("Only us"))],
        initial=Visibility.CLIENT,
        widget=forms.RadioSelect,
        label=_("Who sees them"),
    )
    form_key = OnceField()


class SpanForm(forms.Form):
    """From when to when, no longer than a visit lasts."""

    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))

    def clean(self) -> dict:
        given = super().clean()
        starts, ends = given.get("starts_at"), given.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("The visit must end after it starts."))
        elif starts and ends and ends - starts > rules.LONGEST_VISIT:
            self.add_error("ends_at", _("The end comes after the start, at most 31 days later."))
        return given


class VisitForm(SpanForm):
    """Who goes when. `people` is what queries.technicians_for() answers for the span."""

    kind = forms.ChoiceField(choices=VisitKind.choices, widget=forms.RadioSelect, label=_("Kind"))
    technicians = forms.MultipleChoiceField(label=_("Technicians"), error_messages={"required": _("Choose who goes.")})
    lead = forms.ChoiceField(required=False, label=_("Lead"))
    note = forms.CharField(required=False, max_length=REASON, widget=LINES, label=_("Instructions for those who go"))
    override_reason = forms.CharField(
        required=False,
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        label=_("Reason to send without a valid certification"),
        help_text=_("Only then is it needed; it stays in the history with your name."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ["kind", "starts_at", "ends_at"]

    def __init__(self, *given: Any, people: list[dict], **more: Any) -> None:
        super().__init__(*given, **more)
        self.people = {str(one["employee"].pk): one["employee"] for one in people}
        choices = [(key, employee.name) for key, employee in self.people.items()]
        self.fields["technicians"].choices = choices
        self.fields["lead"].choices = [("", ""), *choices]

    def clean(self) -> dict:
        given = super().clean()
        chosen, lead = given.get("technicians", []), given.get("lead", "")
        if len(chosen) == 1 and not lead:
            lead = chosen[0]
        if chosen and lead not in chosen:
            self.add_error("lead", _("One of those who go leads the visit."))
        given["technicians"] = [self.people[key] for key in chosen]
        given["lead"] = self.people.get(lead)
        return given


VISIT_VERBS = {
    VisitState.TRAVELLING: _("On the way"),
    VisitState.ON_SITE: _("Arrived on site"),
    VisitState.DONE: _("Visit done"),
    VisitState.FAILED: _("The visit failed"),
    VisitState.CANCELLED: _("Cancel the visit"),
}


class VisitStepForm(forms.Form):
    """A visit's next state."""

    to = forms.ChoiceField(choices=VisitState.choices, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=REASON, widget=LINES, label=_("Reason"))

    def __init__(self, *given: Any, visit_id: int, to: str, **more: Any) -> None:
        self.visit_id, self.target = visit_id, to
        super().__init__(*given, auto_id=f"id_visit_{visit_id}_{to}_%s", **more)
        self.fields["reason"].required = self.asks

    @property
    def asks(self) -> bool:
        """Whether this state needs a reason."""
        return self.target in {VisitState.FAILED, VisitState.CANCELLED}

    @property
    def dialog(self) -> str:
        return f"visit-{self.visit_id}-{self.target}"

    @property
    def verb(self) -> Any:
        return VISIT_VERBS[self.target]
