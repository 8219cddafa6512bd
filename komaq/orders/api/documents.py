"""Files of orders and requests."""

from typing import Any, Literal

from django.http import HttpRequest
from django.urls import reverse
from ninja import File, Form
from ninja import Query as InQuery
from ninja.files import UploadedFile
from pydantic import Field

from komaq.accounts.choices import CLIENTS, OFFICE
from komaq.core.access import either
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.shapes import Id, In, Key, Moment, Out, Query, example
from komaq.core.lists import Page, Sort
from komaq.orders import actions, queries
from komaq.orders.api.shapes import EVERYONE

doors = Doors(tags=["documents"])
SORTS = {"oldest": Sort("pk")}
DOCUMENT = {
    "id": "019ac2f0-7c1e-7a55-9b7e-0d7c3f1f2a10",
    "name": "informe.pdf",
    "kind": "document",
    "content_type": "application/pdf",
    "size": 48213,
    "state": "ready",
    "visibility": "client",
    "uploaded_at": "2026-11-28T14:00:00Z",
    "url": "/archivos/019ac2f0-7c1e-7a55-9b7e-0d7c3f1f2a10/",
}


class DocumentOut(Out):
    """A file kept with an order or a request."""

    model_config = example(**DOCUMENT)

    id: Id
    name: str
    kind: Literal["image", "document"]
    content_type: str
    size: int = Field(description="Bytes.")
    state: Literal["pending", "ready", "refused"] = Field(description="Photos are pending until they were made ready.")
    visibility: str = Field(description="Who reads it: client (both sides) or internal.")
    uploaded_at: Moment
    url: str = Field(description="Where a signed-in person opens it.")

    @classmethod
    def of(cls, thing: Any, user: Any) -> "DocumentOut":
        return cls(
            id=thing.pk,
            name=thing.shown_name,
            kind=thing.kind,
            content_type=thing.content_type,
            size=thing.size,
            state=thing.state,
            visibility=thing.visibility,
            uploaded_at=thing.uploaded_at,
            url=reverse("core:file", args=[thing.pk]),
        )


class DocumentsOut(Out):
    """The files that were kept."""

    model_config = example(items=[DOCUMENT])

    items: list[DocumentOut]

    @classmethod
    def of(cls, thing: Any, user: Any) -> "DocumentsOut":
        return cls(items=[DocumentOut.of(each, user) for each in thing])


class VisibilityIn(In):
    """Who may see the files."""

    model_config = example(visibility="client")

    visibility: Literal["client", "internal"] = Field("client", description="Clients' files are always for both sides.")


@doors.lists("/orders/{order_id}/documents", EVERYONE, DocumentOut)
def list_order_documents(request: HttpRequest, order_id: Key, wanted: InQuery[Query]) -> Page:
    """The files of an order and of the requests it came from."""
    order = queries.get_order(request.user, int(order_id))
    return page_of(queries.documents_of(request.user, order), wanted, sorts=SORTS)


@doors.makes("/orders/{order_id}/documents", EVERYONE, DocumentsOut)
def add_order_documents(
    request: HttpRequest, order_id: Key, given: Form[VisibilityIn], files: File[list[UploadedFile]]
) -> Any:
    """Keep files with an order: photos, PDF, Word or Excel. All are kept or none."""
    order = queries.get_order(request.user, int(order_id))
    return actions.add_document(order=order, files=files, visibility=given.visibility, by=request.user)


@doors.lists("/service-requests/{request_id}/documents", either(OFFICE, CLIENTS), DocumentOut)
def list_request_documents(request: HttpRequest, request_id: Key, wanted: InQuery[Query]) -> Page:
    """The files of a request."""
    asked = queries.get_request(request.user, int(request_id))
    return page_of(queries.documents_of_request(request.user, asked), wanted, sorts=SORTS)


@doors.makes("/service-requests/{request_id}/documents", either(OFFICE, CLIENTS), DocumentsOut)
def add_request_documents(request: HttpRequest, request_id: Key, files: File[list[UploadedFile]]) -> Any:
    """Keep files with a request while nobody has decided it. All are kept or none."""
    asked = queries.get_request(request.user, int(request_id))
    return actions.add_request_document(request=asked, files=files, by=request.user)
