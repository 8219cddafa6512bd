"""A client finds its orders, follows one, accepts the work, cancels before it is approved."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from komaq.core import clock
from komaq.orders import actions
from komaq.orders.choices import OrderStatus, VisitKind
from komaq.orders.models import ServiceOrder

ORDERS = "/portal/pedidos/"
CSV = "/portal/pedidos/exportar/"


def codes(page):
    return [order.code for order in page.context["page"].items]


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (OrderStatus.OPEN, "pending"),
        (OrderStatus.QUOTED, "pending"),
        (OrderStatus.PAUSED, "running"),
        (OrderStatus.COMPLETED, "done"),
        (OrderStatus.CLOSED, "done"),
        (OrderStatus.CANCELLED, "refused"),
    ],
)
def test_orders_are_found_by_the_clients_four_words(sign_in, carla, in_status, status, word):
    order = in_status(status)
    for each in ("pending", "running", "done", "refused"):
        expected = [order.code] if each == word else []
        assert codes(sign_in(carla).get(ORDERS, {"status": each})) == expected


@pytest.mark.db
def test_orders_are_searched(sign_in, carla, open_order):
    assert codes(sign_in(carla).get(ORDERS, {"q": "dks01874"})) == [open_order.code]
    page = sign_in(carla).get(ORDERS, {"q": "retroexcavadora"})
    assert codes(page) == []
    assert page.context["filtered"]


def test_nonsense_in_the_address_filters_nothing(sign_in, carla, open_order):
    assert codes(sign_in(carla).get(ORDERS, {"status": "flying"})) == [open_order.code]
    assert sign_in(carla).get(ORDERS, {"sort": "colour"}).status_code == 404


def test_what_became_no_order_stands_beside_the_list(sign_in, carla, ana, ask, cat336):
    waiting, refused = ask(carla, cat336), ask(carla, cat336)
    actions.reject_request(request=refused, reason="Fuera de zona", by=ana)
    assert sign_in(carla).get(ORDERS).context["requests"] == [waiting]
    assert sign_in(carla).get(ORDERS, {"status": "pending"}).context["requests"] == [waiting]
    assert sign_in(carla).get(ORDERS, {"status": "refused"}).context["requests"] == [refused]
    assert sign_in(carla).get(ORDERS, {"status": "done"}).context["requests"] == []


def test_orders_are_paged(sign_in, carla, open_order):
    many = [copy_of(open_order, number) for number in range(2, 56)]
    ServiceOrder.objects.bulk_create(many)
    first = sign_in(carla).get(ORDERS)
    second = sign_in(carla).get(ORDERS, {"cursor": first.context["page"].next})
    assert (len(codes(first)), len(codes(second))) == (50, 5)
    assert not set(codes(first)) & set(codes(second))


def copy_of(order, number):
    names = [field.attname for field in ServiceOrder._meta.concrete_fields if not field.primary_key]
    values = {name: getattr(order, name) for name in names}
    return ServiceOrder(**values | {"code": f"OS-2026-{number + 900000}"})


def test_the_list_is_exported_with_its_filters(sign_in, carla, open_order):
    text = b"".join(sign_in(carla).get(CSV, {"status": "pending"}).streaming_content).decode()
    assert open_order.code in text
    assert "DKS01874" in text
    text = b"".join(sign_in(carla).get(CSV, {"status": "done"}).streaming_content).decode()
    assert open_order.code not in text


def test_another_company_finds_nothing(sign_in, omar, open_order):
    assert codes(sign_in(omar).get(ORDERS)) == []
    assert open_order.code not in b"".join(sign_in(omar).get(CSV).streaming_content).decode()
    for name in ("portal-order", "portal-cancel", "portal-accept"):
        url = reverse(f"orders:{name}", args=[open_order.pk])
        assert sign_in(omar).get(url).status_code in {404, 405}
        assert sign_in(omar).post(url, {"reason": "ajeno"}).status_code in {404, 405}
    open_order.refresh_from_db()
    assert open_order.status == OrderStatus.OPEN


def test_a_member_held_to_another_site_finds_nothing(sign_in, beto, open_order):
    beto.grants.update(scope_kind="site", scope_id=open_order.site_id + 1)
    assert codes(sign_in(beto).get(ORDERS)) == []
    assert sign_in(beto).get(reverse("orders:portal-order", args=[open_order.pk])).status_code == 404


def test_the_order_page_shows_visits_people_and_what_is_for_the_client(sign_in, carla, ana, tito, plan, open_order):
    plan(open_order, [tito], kind=VisitKind.DIAGNOSIS)
    actions.add_note(order=open_order, text="Cliente moroso", by=ana)
    for name, visibility in (("informe.pdf", "client"), ("costos.pdf", "internal")):
        file = SimpleUploadedFile(name, b"%PDF-1.7 words")
        actions.add_document(order=open_order, files=[file], visibility=visibility, by=ana)
    page = sign_in(carla).get(reverse("orders:portal-order", args=[open_order.pk])).content.decode()
    assert "Tito Ccori" in page
    assert "informe.pdf" in page
    assert "costos.pdf" not in page
    assert "Cliente moroso" not in page
    assert "DKS01874" in page


def test_the_client_accepts_verified_work(sign_in, beto, in_status):
    order = in_status(OrderStatus.VERIFIED)
    url = reverse("orders:portal-order", args=[order.pk])
    assert reverse("orders:portal-accept", args=[order.pk]) in sign_in(beto).get(url).content.decode()
    assert sign_in(beto).post(reverse("orders:portal-accept", args=[order.pk])).url == url
    order.refresh_from_db()
    assert order.status == OrderStatus.CLOSED


@pytest.mark.parametrize("status", [OrderStatus.OPEN, OrderStatus.IN_PROGRESS, OrderStatus.COMPLETED])
def test_only_verified_work_can_be_accepted(sign_in, carla, in_status, status):
    order = in_status(status)
    page = sign_in(carla).get(reverse("orders:portal-order", args=[order.pk]))
    assert not page.context["may_accept"]
    sign_in(carla).post(reverse("orders:portal-accept", args=[order.pk]))
    order.refresh_from_db()
    assert order.status == status


@pytest.mark.parametrize("status", [OrderStatus.OPEN, OrderStatus.QUOTED])
def test_the_client_cancels_with_a_reason_before_approval(sign_in, carla, in_status, status):
    order = in_status(status)
    url = reverse("orders:portal-cancel", args=[order.pk])
    refused = sign_in(carla).post(url, {"reason": ""})
    assert "reason" in refused.context["form"].errors
    assert sign_in(carla).post(url, {"reason": "Vendimos la máquina"}).status_code == 302
    order.refresh_from_db()
    assert order.status == OrderStatus.CANCELLED


@pytest.mark.parametrize("status", [OrderStatus.APPROVED, OrderStatus.IN_PROGRESS, OrderStatus.CLOSED])
def test_work_under_way_is_not_cancelled_by_the_client(sign_in, carla, in_status, status):
    order = in_status(status)
    page = sign_in(carla).get(reverse("orders:portal-order", args=[order.pk]))
    assert not page.context["may_cancel"]
    asked = sign_in(carla).get(reverse("orders:portal-cancel", args=[order.pk]))
    assert asked.url == reverse("orders:portal-order", args=[order.pk]), "no form that can only be refused"
    sign_in(carla).post(reverse("orders:portal-cancel", args=[order.pk]), {"reason": "No"})
    order.refresh_from_db()
    assert order.status == status


def test_a_quoted_order_says_how_to_answer(sign_in, carla, in_status):
    order = in_status(OrderStatus.QUOTED)
    page = sign_in(carla).get(reverse("orders:portal-order", args=[order.pk])).content.decode()
    assert "Nuestra cotización espera su respuesta." in page
    assert 'href="tel:' in page


def test_a_final_order_promises_no_visit(sign_in, carla, in_status):
    order = in_status(OrderStatus.CANCELLED)
    url = reverse("orders:portal-order", args=[order.pk])
    assert "Aún no hay visita" not in sign_in(carla).get(url).content.decode()


def test_few_queries_however_many_rows(sign_in, carla, open_order, queries_of):
    browser = sign_in(carla)
    few = queries_of(lambda: browser.get(ORDERS))
    ServiceOrder.objects.bulk_create([copy_of(open_order, 2), copy_of(open_order, 3)])
    assert queries_of(lambda: browser.get(ORDERS)) == few <= 10


def test_the_order_page_takes_as_many_queries_for_one_visit_as_for_three(
    sign_in, carla, tito, rosa, plan, open_order, queries_of
):
    browser, url = sign_in(carla), reverse("orders:portal-order", args=[open_order.pk])
    plan(open_order, [tito], kind=VisitKind.DIAGNOSIS)
    few = queries_of(lambda: browser.get(url))
    tomorrow = clock.now() + datetime.timedelta(days=3)
    plan(open_order, [rosa], kind=VisitKind.DIAGNOSIS, starts_at=tomorrow)
    plan(open_order, [tito, rosa], kind=VisitKind.REPAIR)
    assert queries_of(lambda: browser.get(url)) == few <= 20
