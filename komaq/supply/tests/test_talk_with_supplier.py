"""One conversation for each order: by the supplier's page and by e-mail; what is only for us stays with us."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from komaq.comms.actions.message import EmptyMessage
from komaq.comms.models import Delivery, Message
from komaq.core import clock, files
from komaq.core.models import OutgoingEmail
from komaq.core.refusals import NotAllowed
from komaq.supply import actions
from komaq.supply.actions import purchase_refusals as refusals
from komaq.supply.models import SupplierLink

ORDER = "/proveedor/orden/"
SECRET = "El otro proveedor lo da a 9 dólares"


@pytest.fixture
def purchase(sent, oil_filter):
    """An order on its way to its supplier."""
    return sent((oil_filter, "4", "10"))


@pytest.fixture
def supplier(purchase, link_to):
    """The supplier's browser, past its link."""
    http = Client()
    http.get(link_to(purchase))
    return http


def write(http, purchase, text):
    return http.post(f"{ORDER}mensaje/", {"code": purchase.code, "form_key": str(uuid.uuid4()), "text": text})


def talk(purchase):
    return f"/app/compras/{purchase.pk}/seguimiento/"


def letters_to(purchase):
    return OutgoingEmail.objects.filter(to=purchase.email).order_by("pk")


def test_what_the_supplier_writes_reaches_who_buys(purchase, supplier, sign_in, nico, gina, tito):
    assert write(supplier, purchase, "¿Aceptan otra marca?").status_code == 302
    notice = Delivery.objects.get(kind="supply.supplier_wrote")
    assert (notice.person_id, notice.email.to) == (nico.person_id, nico.email)
    assert "¿Aceptan otra marca?" in notice.email.text
    http = sign_in(nico)
    assert "¿Aceptan otra marca?" in http.get(talk(purchase)).content.decode()
    inbox = http.get("/app/").content.decode()
    assert f'href="{talk(purchase)}"' in inbox
    assert "Responda a Ferreparts" in inbox
    assert "Responda a Ferreparts" not in sign_in(gina).get("/app/").content.decode()
    assert sign_in(tito).get(talk(purchase)).status_code in {403, 404}


def test_an_answer_takes_it_off_the_inbox_and_a_note_does_not(purchase, supplier, sign_in, nico):
    write(supplier, purchase, "¿Aceptan otra marca?")
    http = sign_in(nico)
    actions.write_about(purchase=purchase, text=SECRET, by=nico, is_internal=True)
    assert "Responda a Ferreparts" in http.get("/app/").content.decode()
    actions.write_about(purchase=purchase, text="No, gracias.", by=nico)
    assert "Responda a Ferreparts" not in http.get("/app/").content.decode()
    write(supplier, purchase, "Entendido.")
    assert "Responda a Ferreparts" in http.get("/app/").content.decode()


def test_ours_goes_by_letter_with_a_link_that_opens_the_order(purchase, supplier, link_to, nico):
    first = link_to(purchase)
    actions.write_about(purchase=purchase, text="¿Llega mañana?", by=nico)
    letter = letters_to(purchase).last()
    assert "¿Llega mañana?" in letter.text
    assert "¿Llega mañana?" in letter.html
    assert letter.reply_to == nico.email
    address = link_to(purchase)
    assert address != first
    for each in (address, first):
        http = Client()
        assert http.get(each).url == ORDER
        assert "¿Llega mañana?" in http.get(ORDER).content.decode()
    write(http, purchase, "Sí, a las diez.")
    assert [each.author_name for each in Message.objects.all()] == [nico.name, "Ferreparts"]


def test_an_order_that_was_sent_again_lets_none_of_the_old_links_in(purchase, supplier, link_to, nico):
    actions.write_about(purchase=purchase, text="Hola", by=nico)
    old = link_to(purchase)
    actions.send_purchase(purchase=purchase, email="otra@ferreparts.test", by=nico)
    assert Client().get(old).status_code == 404
    assert supplier.get(ORDER).status_code == 404


def test_a_letter_about_a_cancelled_order_opens_nothing(purchase, supplier, nico):
    actions.cancel_purchase(purchase=purchase, reason="Precio", by=nico)
    actions.write_about(purchase=purchase, text="Lo sentimos", by=nico)
    assert "/proveedor/" not in letters_to(purchase).last().text
    assert not SupplierLink.objects.filter(purchase=purchase, ended_at=None).exists()
    assert supplier.get(ORDER).status_code == 404


def test_an_order_not_sent_yet_writes_to_nobody(buy, oil_filter, nico):
    purchase = buy((oil_filter, "4", "10"))
    actions.write_about(purchase=purchase, text="Falta precio", by=nico)
    assert not letters_to(purchase).exists()
    assert not SupplierLink.objects.exists()


def test_what_is_only_for_us_never_reaches_the_supplier(purchase, supplier, sign_in, nico, fina, program):
    http, before = sign_in(nico), letters_to(purchase).count()
    filled = {"form_key": str(uuid.uuid4()), "text": SECRET, "is_internal": "on"}
    assert http.post(f"/app/compras/{purchase.pk}/mensaje/", filled).status_code == 302
    assert Message.objects.get().visibility == "internal"
    assert letters_to(purchase).count() == before
    assert not Delivery.objects.filter(kind="supply.supplier_wrote").exists()
    files.attach([SimpleUploadedFile("margen.pdf", b"%PDF-1.4 x", "application/pdf")], purchase, by=nico,
                 visibility="internal")  # fmt: skip
    actions.write_about(purchase=purchase, text="¿Llega mañana?", by=nico)
    page = supplier.get(ORDER).content.decode()
    assert "¿Llega mañana?" in page
    assert "margen.pdf" not in page
    assert supplier.get(f"{ORDER}orden.pdf").content.startswith(b"%PDF-")
    letter = letters_to(purchase).last()
    for text in (page, letter.text, letter.html):
        assert SECRET not in text
        assert "solo para nosotros" not in text
    seen = sign_in(fina).get(talk(purchase)).content.decode()
    assert SECRET in seen
    assert "solo para nosotros" in seen
    assert SECRET not in program(nico)("GET", f"/api/v1/purchase-orders/{purchase.pk}").content.decode()


def test_a_supplier_writes_no_note_among_us(purchase, supplier):
    link = SupplierLink.objects.get(purchase=purchase)
    with pytest.raises(NotAllowed):
        actions.write_about(link=link, text="x", is_internal=True)
    data = {"code": purchase.code, "form_key": str(uuid.uuid4()), "text": "Hola", "is_internal": "on"}
    supplier.post(f"{ORDER}mensaje/", data)
    assert Message.objects.get().visibility == "supplier"


@pytest.mark.parametrize("who", ["ana", "tito", "lola", "fina", "gina", "alex", "carla"])
def test_only_who_buys_writes(purchase, who, request):
    for is_internal in (False, True):
        with pytest.raises(NotAllowed):
            actions.write_about(purchase=purchase, text="x", by=request.getfixturevalue(who), is_internal=is_internal)
    assert not Message.objects.exists()


def test_what_was_typed_is_kept_when_it_is_refused(purchase, supplier, sign_in, nico):
    for text in ("", " \n ", "ñ" * 4001):
        with pytest.raises(EmptyMessage) if not text.strip() else pytest.raises(AssertionError):
            actions.write_about(purchase=purchase, text=text, by=nico)
            raise AssertionError
        answer = write(supplier, purchase, text)
        assert answer.status_code == 200
        assert text.strip()[:100] in answer.content.decode()
        data = {"form_key": str(uuid.uuid4()), "text": text, "is_internal": "on"}
        page = sign_in(nico).post(f"/app/compras/{purchase.pk}/mensaje/", data).content.decode()
        assert text.strip()[:100] in page
        assert " checked" in re.search(r'<input[^>]*name="is_internal"[^>]*>', page)[0]


def test_a_supplier_leaves_so_many_files_and_no_more(purchase, nico):
    link = SupplierLink.objects.get(purchase=purchase)

    def papers(count):
        return [SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.4 x", "application/pdf") for n in range(count)]

    with pytest.raises(refusals.NoPaper):
        actions.keep_with_purchase(link=link, uploads=[])
    with pytest.raises(refusals.NoPaper):
        actions.keep_with_purchase(link=link, uploads=papers(21))
    actions.keep_with_purchase(link=link, uploads=papers(20))
    with pytest.raises(refusals.NoPaper):
        actions.keep_with_purchase(link=link, uploads=papers(1))
    assert actions.keep_with_purchase(purchase=purchase, uploads=papers(1), by=nico)


def test_a_form_of_another_order_opened_meanwhile_changes_nothing(purchase, supplier):
    day = clock.today().isoformat()
    sent_from_elsewhere = {"code": "OC-2026-999999", "form_key": str(uuid.uuid4()), "text": "Hola"}
    for page, more in (("", {f"on_{purchase.lines.get().pk}": day}), ("mensaje/", {})):
        assert supplier.post(f"{ORDER}{page}", {**sent_from_elsewhere, **more}).status_code == 200
    purchase.refresh_from_db()
    assert (purchase.state, Message.objects.count()) == ("sent", 0)


def test_what_we_leave_does_not_count_as_the_suppliers(purchase, nico):
    papers = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.4 x", "application/pdf") for n in range(21)]
    actions.keep_with_purchase(purchase=purchase, uploads=papers, by=nico)
    link = SupplierLink.objects.get(purchase=purchase)
    theirs = [SimpleUploadedFile("guia.pdf", b"%PDF-1.4 y", "application/pdf")]
    assert len(actions.keep_with_purchase(link=link, uploads=theirs)) == 1


def test_a_supplier_writes_so_many_messages_and_no_more(purchase, supplier, nico):
    link = SupplierLink.objects.get(purchase=purchase)
    actions.write_about(purchase=purchase, text="Nuestro", by=nico)
    for count in range(49):
        actions.write_about(link=link, text=f"Suyo {count}")
    assert write(supplier, purchase, "El último").status_code == 302
    page = write(supplier, purchase, "Uno más")
    assert page.status_code == 200
    assert "Ya escribió 50 mensajes sobre esta orden" in page.content.decode()
    assert Message.objects.filter(author_id=None).count() == 50
    assert actions.write_about(purchase=purchase, text="Nuestro", by=nico)


def test_why_we_cancel_stays_with_us(purchase, nico):
    actions.cancel_purchase(purchase=purchase, reason=SECRET, by=nico)
    letter = letters_to(purchase).last()
    assert "no la despache" in letter.text
    for text in (letter.subject, letter.text, letter.html):
        assert SECRET not in text


def test_a_supplier_is_told_that_we_wait_for_no_more(purchase, supplier, take_in, nico):
    take_in(purchase, ("1", "0"))
    actions.close_purchase(purchase=purchase, reason=SECRET, by=nico)
    letter = letters_to(purchase).last()
    words = "Ya no esperamos lo que falta de"
    assert words in letter.text
    assert purchase.code in letter.subject
    page = supplier.get(ORDER).content.decode()
    assert words in page
    assert "Recibimos esta orden" not in page
    for text in (letter.text, letter.html, page):
        assert SECRET not in text


def test_a_supplier_is_thanked_when_all_came(purchase, supplier, take_in):
    take_in(purchase, ("4", "0"))
    page = supplier.get(ORDER).content.decode()
    assert "Recibimos esta orden" in page
    assert "Ya no esperamos" not in page
