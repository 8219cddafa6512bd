"""Requests for quotation: which a person sees, how they stand, what waits."""

from django.db.models import QuerySet

from komaq.accounts.models import User
from komaq.core.refusals import NotFound
from komaq.supply import rules
from komaq.supply.models import QuotationRequest


def requests_visible_to(user: User) -> QuerySet[QuotationRequest]:
    """Every request for those who may know what parts cost; nobody else sees one."""
    rows = QuotationRequest.objects.select_related("deliver_to", "made_by__person")
    return rows if rules.can_see_supply(user) else rows.none()


def get_request(user: User, quotation_id: int) -> QuotationRequest:
    """One request with its people. Raises NotFound."""
    found = requests_visible_to(user).filter(pk=quotation_id).first()
    if found is None:
        raise NotFound
    return found
