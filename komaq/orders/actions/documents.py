from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile

from komaq.accounts.models import User
from komaq.comms.actions import add_message
from komaq.comms.choices import Visibility
from komaq.comms.models import Message
from komaq.core import trail
from komaq.core.action import action, lock
from komaq.core.files import FileRefused, attach
from komaq.core.models import Attachment
from komaq.core.refusals import require
from komaq.orders import rules
from komaq.orders.actions.refusals import RequestNotPending
from komaq.orders.choices import RequestStatus
from komaq.orders.models import ServiceOrder, ServiceRequest
from komaq.orders.queries.scope import orders_visible_to


@action
def add_document(*, order: ServiceOrder, files: Iterable[UploadedFile], visibility: str, by: User) -> list[Attachment]:
    """Keep files with an order. Clients' files are always for both sides. Raises NotAllowed, FileRefused."""
    require(orders_visible_to(by).filter(pk=order.pk).exists())
    require(visibility in {Visibility.CLIENT, Visibility.INTERNAL} and (by.is_staff_member or visibility == "client"))
    return _keep(files, order, visibility, by)


@action
def add_request_document(*, request: ServiceRequest, files: Iterable[UploadedFile], by: User) -> list[Attachment]:
    """Keep files with a request while nobody has decided it; both sides see them.

    Raises NotAllowed, RequestNotPending, FileRefused.
    """
    require(rules.can_ask_service(by, request.customer_id, request.site_id))
    request = lock(request)
    require(request.status == RequestStatus.PENDING, else_=RequestNotPending(request))
    return _keep(files, request, Visibility.CLIENT, by)


def _keep(
    files: Iterable[UploadedFile], subject: ServiceOrder | ServiceRequest, visibility: str, by: User
) -> list[Attachment]:
    try:
        kept = attach(files, subject, by=by, visibility=visibility)
    except FileRefused as refusal:
        raise FileRefused(str(refusal.message), field="files") from refusal
    if kept:
        names = [each.name for each in kept]
        trail.record("orders.documents_added", subject, by=by, visibility=visibility, names=names)
    return kept


@action
def add_note(*, order: ServiceOrder, text: str, by: User) -> Message:
    """Write down what only the staff reads. Raises NotAllowed, EmptyMessage."""
    require(orders_visible_to(by).filter(pk=order.pk).exists())
    return add_message(subject=order, by=by, text=text, visibility=Visibility.INTERNAL)
