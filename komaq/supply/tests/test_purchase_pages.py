"""Purchase orders in the office: list, draft, approval, sending, receiving on a phone, claims."""

import uuid
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from komaq.core import clock
from komaq.core.files import attachments_of
from komaq.parts.models import Stock
from komaq.supply import actions
from komaq.supply.choices import ClaimState, NeedState, PurchaseState
from komaq.supply.models import Claim, GoodsReceipt, PartsNeed, PurchaseOrder, SupplierPart

LIST = "/app/compras/"


def page_of(purchase, tail=""):
    return f"{LIST}{purchase.pk}/{tail}"


def test_the_list_has_tabs_filters_and_leaves_as_a_sheet(buy, sent, oil_filter, seal, sign_in, fina):
    draft, coming = buy((seal, "1", "3")), sent((oil_filter, "4", "10"))
    http = sign_in(fina)
    page = http.get(LIST).content.decode()
    assert coming.code in page
    assert draft.code not in page
    assert draft.code in http.get(f"{LIST}?tab=draft").content.decode()
    assert coming.code in http.get(f"{LIST}?tab=all&q=1r0750").content.decode()
    assert coming.code not in http.get(f"{LIST}?tab=all&q=parker").content.decode()
    for query, status in (("tab=x", 404), ("supplier=x", 404), ("sort=x", 404), ("since=ayer", 404), ("tab=late", 200)):
        assert http.get(f"{LIST}?{query}").status_code == status, query
    sheet = http.get(f"{LIST}exportar/?tab=all").getvalue().decode()
    assert draft.code in sheet
    assert coming.code in sheet
    assert http.get(f"{LIST}exportar/?tab=all&format=xlsx").getvalue().startswith(b"PK")


def test_a_new_order_counts_once(sign_in, nico, ferreparts, store, oil_filter, dollar):
    filled = {
        "form_key": str(uuid.uuid4()),
        "supplier": ferreparts.pk,
        "deliver_to": store.pk,
        "currency": "USD",
        "part": oil_filter.pk,
        "quantity": "4",
        "price": "10.5",
    }
    http = sign_in(nico)
    first = http.post(f"{LIST}nueva/", filled)
    assert first.status_code == 302
    http.post(f"{LIST}nueva/", filled)
    assert PurchaseOrder.objects.get().total == 42
    again = http.post(f"{LIST}nueva/", {**filled, "form_key": str(uuid.uuid4()), "quantity": "0", "price": "-1"})
    assert again.status_code == 200
    assert 'value="-1"' in again.content.decode()
    assert PurchaseOrder.objects.count() == 1


def test_what_is_needed_becomes_one_line_for_each_part(sign_in, nico, ferreparts, store, oil_filter, seal, dollar):
    SupplierPart.objects.create(supplier=ferreparts, part=oil_filter, price=Decimal("9.9"), priced_on=clock.today())
    needs = [
        PartsNeed.objects.create(
            part=part,
            quantity=Decimal(quantity),
            need_by=clock.today(),
            source_kind="orders.plannedpart",
            source_id=str(900 + place),
            about=f"OS-2026-00000{place}",
            made_at=clock.now(),
        )
        for place, (part, quantity) in enumerate(((oil_filter, 4), (oil_filter, 2), (seal, 1)))
    ]
    address = f"{LIST}nueva/?" + "&".join(f"need={need.pk}" for need in needs)
    http = sign_in(nico)
    page = http.get(address).content.decode()
    assert 'value="9.9"' in page
    assert 'value="6"' in page
    assert "OS-2026-000001" in page
    filled = {
        "form_key": str(uuid.uuid4()),
        "supplier": ferreparts.pk,
        "deliver_to": store.pk,
        "currency": "USD",
        f"quantity_{oil_filter.pk}": "6",
        f"price_{oil_filter.pk}": "9.9",
        f"quantity_{seal.pk}": "1",
        f"price_{seal.pk}": "3",
    }
    assert http.post(address, filled).status_code == 302
    purchase = PurchaseOrder.objects.get()
    assert {(line.part, line.quantity) for line in purchase.lines.all()} == {(oil_filter, 6), (seal, 1)}
    assert set(PartsNeed.objects.values_list("state", flat=True)) == {NeedState.ORDERED}
    assert f"quantity_{seal.pk}" not in http.get(address).content.decode(), "what is ordered is not offered again"


def test_a_draft_is_written_line_by_line(buy, oil_filter, seal, sign_in, nico):
    purchase, http = buy((oil_filter, "4", "10")), sign_in(nico)
    line = {"part": seal.pk, "quantity": "2", "price": "3", "version": purchase.version}
    assert http.post(page_of(purchase, "lineas/"), line).status_code == 302
    purchase.refresh_from_db()
    assert purchase.total == 46
    http.post(page_of(purchase, "lineas/"), {**line, "quantity": "3", "version": purchase.version})
    purchase.refresh_from_db()
    assert purchase.total == 49
    first = purchase.lines.get(part=oil_filter)
    http.post(page_of(purchase, f"lineas/{first.pk}/quitar/"), {"version": purchase.version})
    purchase.refresh_from_db()
    assert purchase.total == 9
    last = purchase.lines.get()
    http.post(page_of(purchase, f"lineas/{last.pk}/quitar/"), {"version": purchase.version})
    assert purchase.lines.count() == 1


def test_two_who_change_the_terms_lose_nothing(buy, oil_filter, sign_in, nico, store):
    purchase, http = buy((oil_filter, "4", "10")), sign_in(nico)
    filled = {
        "deliver_to": store.pk,
        "currency": "USD",
        "payment_terms": "Contado",
        "note": "A",
        "version": purchase.version,
    }
    assert http.post(page_of(purchase, "condiciones/"), filled).status_code == 302
    second = http.post(page_of(purchase, "condiciones/"), {**filled, "note": "B"})
    assert second.status_code == 409
    assert ">B</textarea>" in second.content.decode().replace("\n", "")
    purchase.refresh_from_db()
    assert (purchase.note, purchase.lines.count()) == ("A", 1)


def test_above_the_limit_the_way_leads_past_a_manager(buy, oil_filter, sign_in, nico, gina, client):
    purchase = buy((oil_filter, "100", "1000"))
    sign_in(nico).post(page_of(purchase, "terminar/"), {"version": purchase.version})
    purchase.refresh_from_db()
    assert purchase.state == PurchaseState.TO_APPROVE
    assert client.post(page_of(purchase, "aprobar/"), {"version": purchase.version}).status_code == 403
    http = sign_in(gina)
    assert purchase.code in http.get("/app/").content.decode()
    assert "S/\u00a0375,000.00" in http.get(page_of(purchase)).content.decode()
    refused = http.post(page_of(purchase, "devolver/"), {"version": purchase.version, "reason": ""})
    assert refused.status_code == 200
    http.post(page_of(purchase, "aprobar/"), {"version": purchase.version})
    purchase.refresh_from_db()
    assert (purchase.state, purchase.approved_by) == (PurchaseState.APPROVED, gina)
    assert purchase.code in sign_in(nico).get("/app/").content.decode()


def test_the_letter_is_seen_before_it_leaves(buy, oil_filter, sign_in, nico):
    purchase, http = actions.submit_purchase(purchase=buy((oil_filter, "4", "10")), by=nico), sign_in(nico)
    page = http.get(page_of(purchase, "enviar/")).content.decode()
    assert f"Orden de compra {purchase.code}" in page
    assert purchase.email in page
    assert http.get(page_of(purchase, "orden.pdf")).content.startswith(b"%PDF-")
    filled = {"form_key": str(uuid.uuid4()), "email": "pedidos@ferreparts.test", "version": purchase.version}
    for _time in range(2):
        assert http.post(page_of(purchase, "enviar/"), filled).status_code == 302
    purchase.refresh_from_db()
    assert (purchase.state, purchase.email, purchase.links.count()) == ("sent", "pedidos@ferreparts.test", 1)


def test_receiving_on_a_phone(sent, oil_filter, seal, sign_in, nico, store):
    purchase, http = sent((oil_filter, "10", "10"), (seal, "2", "3")), sign_in(nico)
    first, second = purchase.lines.all()
    page = http.get(page_of(purchase, "recibir/")).content.decode()
    assert "faltan 10 und." in page
    filled = {
        "form_key": str(uuid.uuid4()),
        "warehouse": store.pk,
        "guide": "T001-77",
        f"accepted_{first.pk}": "7",
        f"refused_{first.pk}": "2",
        f"kind_{first.pk}": "wrong",
        f"note_{first.pk}": "",
    }
    refused = http.post(page_of(purchase, "recibir/"), filled)
    assert refused.status_code == 200
    assert 'value="7"' in refused.content.decode()
    assert not GoodsReceipt.objects.exists()
    good = {**filled, f"note_{first.pk}": "Otro modelo"}
    for _time in range(2):
        paper = SimpleUploadedFile("guia.pdf", b"%PDF-1.4 x", "application/pdf")
        assert http.post(page_of(purchase, "recibir/"), {**good, "uploads": [paper]}).status_code == 302
    assert GoodsReceipt.objects.count() == 1
    assert attachments_of(GoodsReceipt.objects.get()).count() == 1
    assert Stock.objects.get().on_hand == 7
    assert Claim.objects.get().kind == "wrong"
    over = {"form_key": str(uuid.uuid4()), "warehouse": store.pk, f"accepted_{second.pk}": "3"}
    answer = http.post(page_of(purchase, "recibir/"), over)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert Stock.objects.count() == 1


def test_claims_end_on_their_pages(sent, take_in, oil_filter, sign_in, nico, fina):
    receipt = take_in(sent((oil_filter, "10", "10")), ("10", "0"))
    row, http = receipt.lines.get(), sign_in(nico)
    filled = {"form_key": str(uuid.uuid4()), "kind": "damaged", "quantity": "4", "note": "Abollado"}
    http.post(f"/app/lineas-recibidas/{row.pk}/reclamo/", filled)
    claim = Claim.objects.get()
    assert "Abollado" in http.get("/app/reclamos/").content.decode()
    assert "Salen 4" in http.get(f"/app/reclamos/{claim.pk}/devuelto/").content.decode()
    http.post(f"/app/reclamos/{claim.pk}/devuelto/", {"note": "Guía 9"})
    http.post(f"/app/reclamos/{claim.pk}/cerrar/", {"outcome": "Repuso", "replaced": "on"})
    claim.refresh_from_db()
    assert (claim.state, Stock.objects.get().on_hand) == (ClaimState.SETTLED, 10)
    assert "Repuso" in http.get("/app/reclamos/?tab=settled").content.decode()
    assert "Abollado" in sign_in(fina).get("/app/reclamos/exportar/?tab=all").getvalue().decode()


def test_messages_files_and_history_stand_together(sent, take_in, oil_filter, sign_in, nico):
    purchase, http = sent((oil_filter, "10", "10")), sign_in(nico)
    take_in(purchase, ("4", "1"))
    http.post(page_of(purchase, "mensaje/"), {"form_key": str(uuid.uuid4()), "text": "¿Llega mañana?"})
    paper = SimpleUploadedFile("ficha.pdf", b"%PDF-1.4 x", "application/pdf")
    http.post(page_of(purchase, "archivos/"), {"form_key": str(uuid.uuid4()), "uploads": [paper]})
    page = http.get(page_of(purchase, "seguimiento/")).content.decode()
    for words in ("¿Llega mañana?", "ficha.pdf", "RC-", "escribió la orden"):
        assert words in page, words


def test_late_orders_light_a_lamp_and_stand_in_the_inbox(sent, oil_filter, sign_in, nico):
    purchase = sent((oil_filter, "10", "10"))
    actions.confirm(dates={purchase.lines.get().pk: clock.today()}, purchase=purchase, by=nico)
    http = sign_in(nico)
    assert "tab=late" not in http.get("/app/").content.decode()
    type(purchase.lines.get()).objects.update(promised_on="2020-01-01")
    page = http.get("/app/").content.decode()
    assert f"{LIST}?tab=late" in page
    assert purchase.code in page
    assert purchase.code in http.get(f"{LIST}?tab=late").content.decode()


def test_found_from_anywhere(sent, oil_filter, sign_in, fina, ana):
    purchase = sent((oil_filter, "10", "10"))
    assert purchase.code in sign_in(fina).get(f"/app/buscar/?q={purchase.code}").content.decode()
    assert page_of(purchase) not in sign_in(ana).get(f"/app/buscar/?q={purchase.code}").content.decode()
