from komaq.customers.actions.access import (
    AlreadyThere,
    CannotInvite,
    LastAdministrator,
    NoAccess,
    NotWaiting,
    SiteMismatch,
    approve_contact,
    change_access,
    end_contact,
    invite_person,
    refuse_contact,
)
from komaq.customers.actions.contacts import ContactEnded, OwnData, add_contact, change_contact
from komaq.customers.actions.customers import TaxIdTaken, add_customer, change_customer, correct_company
from komaq.customers.actions.erase import forget_person
from komaq.customers.actions.register import AlreadyRegistered, Registration, register, tell_who_waits
from komaq.customers.actions.sites import HalfAPlace, SiteNameTaken, add_site, change_site

__all__ = [
    "AlreadyRegistered",
    "AlreadyThere",
    "CannotInvite",
    "ContactEnded",
    "HalfAPlace",
    "LastAdministrator",
    "NoAccess",
    "NotWaiting",
    "OwnData",
    "Registration",
    "SiteMismatch",
    "SiteNameTaken",
    "TaxIdTaken",
    "add_contact",
    "add_customer",
    "add_site",
    "approve_contact",
    "change_access",
    "change_contact",
    "change_customer",
    "change_site",
    "correct_company",
    "end_contact",
    "forget_person",
    "invite_person",
    "refuse_contact",
    "register",
    "tell_who_waits",
]
