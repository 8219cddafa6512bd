"""Roles, what each may do, and the states of people."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from komaq.core.access import Audience
from komaq.core.peru import DocumentType


class Role(models.TextChoices):
    CUSTOMER_ADMIN = "customer_admin", _("Client administrator")
    CUSTOMER_MEMBER = "customer_member", _("Client user")
    TECHNICIAN = "technician", _("Technician")
    SUPERVISOR = "supervisor", _("Workshop supervisor")
    SALES = "sales", _("Sales")
    LOGISTICS = "logistics", _("Logistics")
    FINANCE = "finance", _("Finance")
    MANAGER = "manager", _("Management")
    ADMIN = "admin", _("System administrator")


CLIENT_ROLES = frozenset({Role.CUSTOMER_ADMIN, Role.CUSTOMER_MEMBER})
STAFF_ROLES = frozenset(set(Role) - CLIENT_ROLES)
OFFICE_ROLES = STAFF_ROLES - {Role.TECHNICIAN, Role.ADMIN}


class Permission(models.TextChoices):
    """What a role may do; rows come from queries, deeds from here."""

    TRIAGE_REQUESTS = "triage_requests", _("Decide requests")
    PLAN_WORK = "plan_work", _("Plan and move orders")
    DO_WORK = "do_work", _("Carry out visits")
    SELL = "sell", _("Quote and sell")
    MANAGE_PARTS = "manage_parts", _("Move parts")
    SEE_ALL_ORDERS = "see_all_orders", _("See all orders")
    MANAGE_CUSTOMERS = "manage_customers", _("Change customers and machines")
    MANAGE_MONEY = "manage_money", _("Invoice and collect")
    MANAGE_PEOPLE = "manage_people", _("Manage users, areas and positions")
    SEE_AUDIT = "see_audit", _("Read the audit trail")
    ASK_SERVICE = "ask_service", _("Ask for service")
    MANAGE_COMPANY = "manage_company", _("Manage the own company")


_OFFICE = {Permission.SEE_ALL_ORDERS}
PERMISSIONS: dict[str, frozenset[str]] = {
    Role.CUSTOMER_ADMIN: frozenset({Permission.ASK_SERVICE, Permission.MANAGE_COMPANY}),
    Role.CUSTOMER_MEMBER: frozenset({Permission.ASK_SERVICE}),
    Role.TECHNICIAN: frozenset({Permission.DO_WORK}),
    Role.SUPERVISOR: frozenset(
        {Permission.TRIAGE_REQUESTS, Permission.PLAN_WORK, Permission.MANAGE_CUSTOMERS, *_OFFICE}
    ),
    Role.SALES: frozenset({Permission.SELL, Permission.MANAGE_CUSTOMERS, *_OFFICE}),
    Role.LOGISTICS: frozenset({Permission.MANAGE_PARTS, *_OFFICE}),
    Role.FINANCE: frozenset({Permission.MANAGE_MONEY, *_OFFICE}),
    Role.MANAGER: frozenset(
        {
            Permission.TRIAGE_REQUESTS,
            Permission.PLAN_WORK,
            Permission.MANAGE_CUSTOMERS,
            Permission.SEE_AUDIT,
            *_OFFICE,
        }
    ),
    Role.ADMIN: frozenset({Permission.MANAGE_PEOPLE, Permission.SEE_AUDIT}),
}


def only(*roles: str) -> Audience:
    """The holders of some roles. Both worlds never meet in one door."""
    world = CLIENT_ROLES if set(roles) <= CLIENT_ROLES else STAFF_ROLES
    return Audience(" ".join(sorted(roles)), frozenset(roles), world=frozenset(world))


STAFF = only(*STAFF_ROLES)
OFFICE = only(*OFFICE_ROLES)
PLANNERS = only(Role.SUPERVISOR, Role.MANAGER)
TECHNICIANS = only(Role.TECHNICIAN)
ADMINS = only(Role.ADMIN)
CLIENTS = only(*CLIENT_ROLES)
CLIENT_ADMINS = only(Role.CUSTOMER_ADMIN)


DOCUMENTS = (DocumentType.DNI, DocumentType.CE, DocumentType.PASSPORT)
"""By which documents a human is known."""


class ScopeKind(models.TextChoices):
    CUSTOMER = "customer", _("Whole company")
    SITE = "site", _("One site")


class ConsentKind(models.TextChoices):
    TERMS = "terms", _("Terms of service")
    PRIVACY = "privacy", _("Privacy notice")
    NEWS = "news", _("News and offers")


class KeyPurpose(models.TextChoices):
    API = "api", _("API")
    CALENDAR = "calendar", _("Calendar")


class AccessDeed(models.TextChoices):
    OPENED = "opened", _("opened the file")
    SEARCHED = "searched", _("searched people")
    EXPORTED = "exported", _("exported people")


TEXTS_VERSION = "2026-10-01"
TEXTS_VERSIONS = (TEXTS_VERSION,)
