"""People of the company: hired, corrected, moved."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from komaq.accounts import queries, rules
from komaq.accounts.choices import DOCUMENTS, STAFF_ROLES, Role
from komaq.accounts.models import Area, Position
from komaq.core import clock
from komaq.core.peru import clean_phone
from komaq.core.refusals import BadInput
from komaq.core.web import SeveralField

PERSONAL = [("", "–"), *((kind.value, kind.label) for kind in DOCUMENTS)]


YEARS = range(1950, 2100)


class DayField(forms.DateField):
    """A day, by the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and day.year not in YEARS:
            raise ValidationError(_("That year cannot be right: check it."))
        return day


class PersonFields(forms.Form):
    """Name, e-mail, phone and document of a human, each checked as Peru writes it."""

    given_names = forms.CharField(label=_("Given names"), max_length=80)
    surnames = forms.CharField(label=_("Surnames"), max_length=80)
    email = forms.EmailField(label=_("E-mail"), max_length=200)
    phone = forms.CharField(label=_("Mobile"), max_length=30, required=False)
    document_type = forms.ChoiceField(label=_("Document"), choices=PERSONAL, required=False)
    document_number = forms.CharField(label=_("Document number"), max_length=20, required=False)

    def clean_phone(self) -> str:
        value = self.cleaned_data["phone"]
        return clean_phone(value) if value else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        kind, number = data.get("document_type", ""), data.get("document_number", "")
        try:
            data["document_number"] = rules.clean_identity(kind, number)
        except BadInput as refusal:
            self.add_error(refusal.field, refusal.message)
        return data


class PositionField(forms.ModelChoiceField):
    """The posts that are open, each with its area."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=None, empty_label=_("Choose a position"), **kwargs)

    def label_from_instance(self, position: Position) -> str:
        return f"{position.area.name}: {position.name}"


class EmployeeForm(PersonFields):
    """Somebody's data and skills, corrected."""

    skills = SeveralField(label=_("Skills"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple)

    new_skill = forms.CharField(label=_("A skill that is not in the list"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skills"].queryset = queries.skill_choices()


class HireForm(EmployeeForm):
    """Somebody new."""

    position = PositionField(label=_("Position"))
    hired_on = DayField(label=_("Begins on"))
    field_order = ["given_names", "surnames", "email", "phone", "document_type", "document_number", "position"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].queryset = queries.position_choices()
        self.fields["hired_on"].initial = clock.today()
        self.fields["email"].help_text = _("With this address the person signs in; the invitation goes there.")


class PositionChangeForm(forms.Form):
    """Another post from a day on, and why."""

    position = PositionField(label=_("New position"))
    effective_on = DayField(label=_("In force from"), help_text=_("At 00:00, Lima time. Rights change on that day."))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].queryset = queries.position_choices()
        self.fields["effective_on"].initial = clock.today()


class CertificationForm(forms.Form):
    name = forms.CharField(label=_("Certification"), max_length=80)
    issued_on = DayField(label=_("Issued on"))
    expires_on = DayField(label=_("Expires on"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        issued, expires = data.get("issued_on"), data.get("expires_on")
        if issued and expires and expires < issued:
            self.add_error("expires_on", _("It cannot expire before it was issued."))
        return data


class EndForm(forms.Form):
    """The day from which somebody no longer works here; empty takes it back."""

    left_on = DayField(
        label=_("Leaves on"),
        required=False,
        help_text=_("From that day the person has no access. Leave it empty to take an end back."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class AreaForm(forms.Form):
    name = forms.CharField(label=_("Area"), max_length=60)
    is_open = forms.BooleanField(label=_("In use"), required=False, initial=True)


class PositionForm(forms.Form):
    area = forms.ModelChoiceField(label=_("Area"), queryset=None, empty_label=None)
    name = forms.CharField(label=_("Position"), max_length=60)
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role.value, role.label) for role in Role if role in STAFF_ROLES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
        help_text=_("What whoever holds this position may do. A change works with the next page they open."),
    )
    is_open = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = Area.objects.all()


class AuditFilter(forms.Form):
    """What the audit page asks for; what is not sound is left out."""

    kind = forms.CharField(label=_("Event"), max_length=60, required=False)
    actor = forms.CharField(label=_("Who (e-mail)"), max_length=200, required=False)
    subject = forms.CharField(label=_("About"), max_length=100, required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)
