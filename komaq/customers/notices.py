"""What we tell people about their access to a company."""

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from komaq.accounts import queries as accounts
from komaq.accounts.choices import Role
from komaq.accounts.models import Grant, Person, User
from komaq.comms.notices import Fact, Notice
from komaq.customers.models import Contact


def somebody_waits(contact: Contact, administrator: Person) -> Notice:
    """To an administrator: a person asks to enter the company."""
    return Notice(
        key=f"customers.somebody_waits:{contact.pk}:{administrator.pk}",
        kind="customers.somebody_waits",
        person=administrator,
        subject=contact,
        title=format_lazy(_("{name} asks for access to {company}"), name=contact.name, company=_company(contact)),
        lines=(_("Let the person in only if it works with you. Until you decide it sees nothing of your company."),),
        facts=(
            Fact(_("Name"), contact.name),
            Fact(_("E-mail"), contact.person.email),
            Fact(_("Phone"), contact.person.shown_phone),
        ),
        button=_("Decide on the access"),
        path=reverse("customers:portal-people"),
    )


def invited(contact: Contact, user: User, grant: Grant, by: User) -> Notice:
    """To somebody new: choose a password and come in."""
    return Notice(
        key=f"customers.invited:{contact.pk}",
        kind="customers.invited",
        person=contact.person,
        subject=contact,
        title=format_lazy(_("Your access to Komaq Service for {company}"), company=_company(contact)),
        lines=(
            format_lazy(_("{name} gave you access to ask for service and follow it."), name=by.name),
            _("Choose a password to come in. The link works for three days and only once."),
        ),
        facts=(Fact(_("You sign in with"), user.email), Fact(_("Role"), Role(grant.role).label)),
        button=_("Choose a password"),
        path=accounts.set_password_path(user),
    )


def let_in(contact: Contact, grant: Grant) -> Notice:
    """To somebody who signs in already: one more company is open."""
    return Notice(
        key=f"customers.let_in:{grant.pk}",
        kind="customers.let_in",
        person=contact.person,
        subject=contact,
        title=format_lazy(_("You now have access to {company}"), company=_company(contact)),
        lines=(_("You can ask for service and follow it from the portal."),),
        facts=(Fact(_("Role"), Role(grant.role).label),),
        button=_("Go to the portal"),
        path=reverse("start"),
    )


def turned_away(contact: Contact) -> Notice:
    """To somebody whose access was refused."""
    return Notice(
        key=f"customers.turned_away:{contact.pk}",
        kind="customers.turned_away",
        person=contact.person,
        subject=contact,
        title=format_lazy(_("Your access to {company} was not approved"), company=_company(contact)),
        lines=(_("If you think this is a mistake, speak with the administrator of your company or write to us."),),
    )


def _company(contact: Contact) -> str:
    return contact.customer.short_name
