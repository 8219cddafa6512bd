"""Peruvian formats: identity documents, phones, business days.

Sources: SUNAT catalogue 06 and RUC check digit (modulo 11), Plan Nacional de Numeración, Decreto Legislativo 713.
"""

import datetime
import re

import holidays
import phonenumbers
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as BadNumber
from stdnum.pe import ruc


class DocumentType(models.TextChoices):
    """Identity documents; the values are the codes of SUNAT's catalogue 06."""

    DNI = "1", _("DNI")
    CE = "4", _("Foreigner's card (CE)")
    RUC = "6", _("RUC")
    PASSPORT = "7", _("Passport")


SHAPES = {
    DocumentType.DNI: (re.compile(r"[0-9]{8}"), _("A DNI has 8 digits.")),
    DocumentType.CE: (re.compile(r"[0-9A-Z]{8,12}"), _("A CE has 8 to 12 letters or digits.")),
    DocumentType.PASSPORT: (re.compile(r"[0-9A-Z]{5,12}"), _("A passport has 5 to 12 letters or digits.")),
}


def clean_ruc(value: str) -> str:
    """The 11 digits of a RUC. Raises ValidationError that says what is wrong."""
    digits = re.sub(r"[\s.-]", "", value)
    if not re.fullmatch(r"[0-9]{11}", digits):
        raise ValidationError(_("A RUC has 11 digits."))
    if not digits.startswith(("10", "15", "16", "17", "20")):
        raise ValidationError(_("A RUC begins with 10, 15, 16, 17 or 20."))
    try:
        return ruc.validate(digits)
    except BadNumber as error:
        raise ValidationError(_("The last digit does not match: check the RUC.")) from error


def clean_document(kind: str, value: str) -> str:
    """A document number in its canonical form. Raises ValidationError."""
    if kind == DocumentType.RUC:
        return clean_ruc(value)
    shape, complaint = SHAPES[DocumentType(kind)]
    number = re.sub(r"[\s.-]", "", value).upper()
    if not shape.fullmatch(number):
        raise ValidationError(complaint)
    return number


def clean_phone(value: str) -> str:
    """A phone in E.164; without a prefix it is read as Peruvian. Raises ValidationError."""
    try:
        number = phonenumbers.parse(value, "PE")
    except phonenumbers.NumberParseException as error:
        raise ValidationError(_("Write a phone number, for example 987 654 321.")) from error
    if not phonenumbers.is_valid_number(number):
        raise ValidationError(_("That phone number does not exist: a mobile has 9 digits and begins with 9."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def show_phone(value: str) -> str:
    """+51987654321 as +51 987 654 321."""
    try:
        number = phonenumbers.parse(value, "PE")
    except phonenumbers.NumberParseException:
        return value
    if not phonenumbers.is_possible_number(number):
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def is_business_day(day: datetime.date) -> bool:
    """Monday to Friday and no national holiday."""
    return day.weekday() < 5 and day not in holidays.country_holidays("PE", years=day.year)


def add_business_days(day: datetime.date, count: int) -> datetime.date:
    """The date `count` business days after `day`; counting starts the day after."""
    while count:
        day += datetime.timedelta(days=1)
        count -= is_business_day(day)
    return day
