"""Employees as rows of a file: the fields of hiring, and what heads their columns."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from komaq.accounts import queries
from komaq.accounts.forms.people import PERSONAL, DayField, PersonFields
from komaq.accounts.models import Position, Skill, User
from komaq.core.registry import Column
from komaq.core.search import fold

EMPLOYEES = (
    Column("given_names", _("Given names"), required=True, also=("Nombre",), example="Tito"),
    Column("surnames", _("Surnames"), required=True, also=("Apellido",), example="Ccori Mamani"),
    Column("email", _("E-mail"), required=True, also=("Email", "Correo"), example="tito@komaq.example"),
    Column("phone", _("Mobile"), "code", also=("Teléfono", "Phone"), example="987 654 321"),
    Column("document_type", _("Document"), choices=tuple(PERSONAL[1:]), example="DNI"),
    Column("document_number", _("Document number"), "code", also=("DNI",), example="45678912"),
    Column("position", _("Position"), required=True, also=("Puesto",), example="Técnica: Mecánico"),
    Column("hired_on", _("Begins on"), "day", required=True, also=("Fecha de ingreso",), example="2026-12-01"),
    Column("skills", _("Skills"), example="Hidráulica, Motores", hint="several with commas between them"),
)


class EmployeeRow(PersonFields):
    """Somebody new, with post and skills by their names."""

    position = forms.CharField(label=_("Position"), max_length=130)
    hired_on = DayField(label=_("Begins on"))
    skills = forms.CharField(label=_("Skills"), max_length=1000, required=False)

    def __init__(self, row: dict[str, str], posts: dict[str, list[Position]], skills: dict[str, Skill]) -> None:
        number = row.get("document_number", "")
        guessed = "1" if number.isdecimal() and len(number) == 8 else ""
        super().__init__({**row, "document_type": row.get("document_type") or guessed})
        self.posts, self.known_skills = posts, skills

    def clean_position(self) -> Position:
        found = self.posts.get(fold(self.cleaned_data["position"]), [])
        if len(found) != 1:
            words = (
                _("There is no such position in use.")
                if not found
                else _("Several areas have it: write “area: position”.")
            )
            raise ValidationError(words)
        return found[0]

    def clean_skills(self) -> list[Skill]:
        names = [name.strip() for name in self.cleaned_data["skills"].split(",") if name.strip()]
        unknown = [name for name in names if fold(name) not in self.known_skills]
        if unknown:
            raise ValidationError(_("Unknown skills: %(names)s.") % {"names": ", ".join(unknown)[:100]})
        return [self.known_skills[fold(name)] for name in names]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        number = data.get("document_number")
        if number and not self.errors and queries.holds_document(data["document_type"], number):
            self.add_error("document_number", _("An employee with that document is known already."))
        return data


def employee_rows(user: User) -> Callable[[dict[str, str]], EmployeeRow]:
    """What turns a row into a form; posts and skills are read once."""
    posts: dict[str, list[Position]] = {}
    for post in queries.position_choices():
        for name in (post.name, f"{post.area.name}: {post.name}"):
            posts.setdefault(fold(name), []).append(post)
    skills = {fold(skill.name): skill for skill in queries.skill_choices()}
    return lambda row: EmployeeRow(row, posts, skills)
