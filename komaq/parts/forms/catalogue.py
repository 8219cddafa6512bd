"""What the office fills in about parts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core.files import IMAGES
from komaq.core.versions import VersionedForm
from komaq.core.web import SeveralField
from komaq.fleet import queries as fleet
from komaq.fleet.models import MachineModel
from komaq.parts.choices import Category, LinkKind, PartGrade, Unit
from komaq.parts.fields import PartField

REPLACES = "replaces"


def _text(label: Any, length: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, **kwargs)


def _quantity(label: Any, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_digits=10, decimal_places=4, help_text=help_text
    )


class PartFacts(forms.Form):
    """What the catalogue says of a part."""

    number = _text(_("Part number"), 40, help_text=_("As the maker writes it. Dashes and blanks do not matter."))
    brand = _text(_("Brand"), 40)
    name = _text(_("Name"), 120)
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices, initial=Category.OTHER)
    grade = forms.ChoiceField(label=_("Grade"), choices=PartGrade.choices, initial=PartGrade.ORIGINAL)
    unit = forms.ChoiceField(label=_("Unit"), choices=Unit.choices, initial=Unit.PIECE)
    price = forms.DecimalField(
        label=_("Price"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=4,
        help_text=_("What a client pays per unit, without tax."),
    )
    minimum = _quantity(_("Minimum"), _("When so much or less is free, it is bought."))
    maximum = _quantity(_("Maximum"), _("Up to so much is bought."))


class PartForm(PartFacts):
    """A part that is new to the catalogue."""

    description = forms.CharField(
        label=_("Description"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    fits = SeveralField(
        label=_("Fits"), queryset=MachineModel.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fits"].queryset = fleet.models_known()

    def clean_fits(self) -> list[MachineModel]:
        return list(self.cleaned_data["fits"])


class PartChangeForm(VersionedForm, PartForm):
    """A part that is known."""

    is_open = forms.BooleanField(label=_("In use: offered and bought"), required=False)


class LinkForm(forms.Form):
    """How a part stands to another."""

    kind = forms.ChoiceField(
        label=_("How they stand"),
        choices=[
            (LinkKind.EQUIVALENT.value, _("They stand in for each other")),
            (LinkKind.SUPERSEDED_BY.value, _("The other one replaces this one")),
            (REPLACES, _("This one replaces the other one")),
        ],
        initial=LinkKind.EQUIVALENT,
        widget=forms.RadioSelect,
    )
    other = PartField(label=_("The other part"), only_open=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].user = user


class PhotoForm(forms.Form):
    """What a part looks like."""

    photo = forms.FileField(
        label=_("Photo"), widget=forms.FileInput(attrs={"accept": ",".join(sorted(IMAGES)), "data-upload": True})
    )
