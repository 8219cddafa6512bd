"""The request as its supplier sees it by the link: on a phone, without account, its own and nobody else's."""

import datetime
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from komaq.comms.models import Message
from komaq.core import clock
from komaq.core.api import limits
from komaq.core.files import attachments_of
from komaq.core.models import OutgoingEmail
from komaq.supply import actions
from komaq.supply.choices import InviteState
from komaq.supply.models import Offer, SupplierLink

PAGE = "/proveedor/solicitud/"


def shown_for(request, email="paula@ferrey.test"):
    """What the forms that a supplier sees carry hidden."""
    return f"{request.code}/{request.invites.get(links__email=email).pk}"


@pytest.fixture
def enter():
    """`enter(address)` is a browser that came in by the link in the last letter to an address."""

    def come(to, http=None):
        http = http or Client()
        letter = OutgoingEmail.objects.filter(to=to, text__contains="/proveedor/").latest("pk")
        http.get(re.search(r"https?://\S+?(/proveedor/\S+)", letter.text)[1])
        return http

    return come


@pytest.fixture
def request_(asked):
    return asked(note="Con certificado de origen")


@pytest.fixture
def offer(request_):
    """What a supplier types: 10.50 in four days for the filters, no seals."""
    first, second = request_.lines.all()

    def fill(**more):
        more = {f"{name}_{first.pk}" if name in {"price", "days", "other", "quantity"} else name: value
                for name, value in more.items()}  # fmt: skip
        return {
            "code": shown_for(request_),
            "form_key": str(uuid.uuid4()),
            "currency": "USD",
            f"price_{first.pk}": "10.50",
            f"days_{first.pk}": "4",
            f"lacks_{second.pk}": "on",
            **more,
        }

    return fill


def test_a_supplier_answers_without_account(enter, request_, offer, paula):
    http = enter("paula@ferrey.test")
    page = http.get(PAGE).content.decode()
    for shown in ("Cotice 2 repuestos", "1R-0750", "Con certificado de origen", "Almacén central", "o equivalente"):
        assert shown in page
    given = offer(comment="Stock Lima")
    for _time in range(2):
        answer = http.post(PAGE, given)
        assert (answer.status_code, answer.url) == (302, PAGE)
    made = Offer.objects.get()
    assert (made.comment, made.entered_by, [row.has_it for row in made.lines.all()]) == (
        "Stock Lima",
        None,
        [True, False],
    )
    after = http.get(PAGE).content.decode()
    assert "Tenemos su oferta número 1" in after
    assert 'value="10.5"' in after


def test_a_better_answer_replaces_the_first(enter, offer, request_):
    http = enter("paula@ferrey.test")
    http.post(PAGE, offer())
    http.post(PAGE, offer(price="9.90", quantity="8", other="Baldwin B7317"))
    assert list(Offer.objects.values_list("number", flat=True)) == [1, 2]
    row = Offer.objects.last().lines.first()
    assert (row.quantity, row.alternative) == (8, "Baldwin B7317")


def test_it_speaks_the_language_of_the_supplier(enter, request_, john):
    page = enter("john@tracto.test").get(PAGE).content.decode()
    assert "Quote 2 parts" in page
    assert "Cotice" not in page


def test_a_supplier_sees_its_own_request_and_nothing_of_others(
    enter, request_, offer, nico, andinos, need_of, oil_filter, tracto
):
    need_of(about="OS-2026-000777")
    mine, other = enter("paula@ferrey.test"), enter("john@tracto.test")
    mine.post(PAGE, offer(price="10.73", comment="Entrega directa"))
    mine.post(
        f"{PAGE}mensaje/", {"code": shown_for(request_), "form_key": str(uuid.uuid4()), "text": "¿Marca Donaldson?"}
    )
    actions.remind(request=request_, by=nico)
    page = other.get(PAGE).content.decode()
    letters = "".join(each.text + each.html for each in OutgoingEmail.objects.filter(to="john@tracto.test"))
    for text in (page, letters):
        for hidden in ("10.73", "Ferrey", "Entrega directa", "Donaldson", andinos.name, "OS-2026-000777", "CAT 336"):
            assert hidden not in text
    assert "10.73" in mine.get(PAGE).content.decode()


def test_after_the_deadline_it_reads_only_and_keeps_what_was_typed(enter, request_, offer):
    http = enter("paula@ferrey.test")
    http.post(PAGE, offer())
    with clock.travel(request_.deadline + datetime.timedelta(minutes=1)):
        page = http.get(PAGE).content.decode()
        assert "El plazo venció" in page
        assert "10.50" in page
        assert "<form" not in page.partition("<main")[2]
        late = http.post(PAGE, offer(price="8.25", comment="Última palabra"))
        assert late.status_code == 200
        text = late.content.decode()
        assert "no se guardó" in text
        assert 'value="8.25"' in text
        assert "Última palabra" in text
        assert "Enviar oferta" not in text
        for deed, more in (("no-cotizo/", {"reason": "x"}), ("mensaje/", {"text": "x", "form_key": str(uuid.uuid4())})):
            http.post(f"{PAGE}{deed}", {"code": shown_for(request_), **more})
    assert Offer.objects.count() == 1
    assert not Message.objects.exists()
    assert request_.invites.filter(state=InviteState.DECLINED).count() == 0


def test_some_days_later_the_link_opens_nothing(enter, request_):
    http = enter("paula@ferrey.test")
    with clock.travel(request_.deadline + datetime.timedelta(days=3)):
        assert http.get(PAGE).status_code == 404


@pytest.mark.parametrize("how", ["unknown", "cancelled", "closed supplier", "of an order", "forged"])
def test_what_opens_nothing_looks_the_same(enter, request_, how, nico, ferreycorp, sent, oil_filter, link_to):
    http = enter("paula@ferrey.test")
    if how == "unknown":
        http = Client()
    elif how == "cancelled":
        actions.cancel_request(request=request_, reason="x", by=nico)
    elif how == "closed supplier":
        type(ferreycorp).objects.update(is_open=False)
    elif how == "of an order":
        http = Client()
        http.get(link_to(sent((oil_filter, "1", "1"))))
        http.cookies["proveedor_solicitud"] = http.cookies["proveedor_orden"].value
    else:
        http.cookies["proveedor_solicitud"] = http.cookies["proveedor_solicitud"].value[:-2] + "xx"
    answers = [http.get(PAGE), http.post(PAGE, {"code": shown_for(request_)}), Client().get("/proveedor/nada/")]
    assert {each.status_code for each in answers} == {404}
    assert len({each.content.decode().split("<main")[1] for each in answers}) == 1


def test_a_form_of_another_request_sends_nothing(enter, asked, request_, offer):
    other = asked()
    http = enter("paula@ferrey.test")
    answer = http.post(PAGE, offer())
    assert answer.status_code == 200
    assert "abrió otra solicitud" in answer.content.decode()
    assert other.code in answer.content.decode()
    assert not Offer.objects.exists()


def test_a_form_of_another_supplier_sends_nothing(enter, request_, offer, john):
    http = enter("paula@ferrey.test")
    forms = http.get(PAGE).content.decode()
    assert forms.count(f'name="code" value="{shown_for(request_)}"') == forms.count("csrfmiddlewaretoken") == 3
    enter("john@tracto.test", http)
    talk = {"form_key": str(uuid.uuid4()), "text": "Hola"}
    for deed, given in (("", offer()), ("no-cotizo/", {"reason": "Sin stock"}), ("mensaje/", talk)):
        answer = http.post(f"{PAGE}{deed}", {"code": shown_for(request_), **given})
        assert answer.status_code == 200
        assert "Nothing was sent" in answer.content.decode()
    assert not Offer.objects.exists()
    assert not Message.objects.exists()
    assert set(request_.invites.values_list("state", flat=True)) == {InviteState.WAITING}
    mine = {**offer(), "code": shown_for(request_, "john@tracto.test")}
    assert http.post(PAGE, mine).status_code == 302
    assert Offer.objects.get().invite.links.get().email == "john@tracto.test"


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ({"price": "-1"}, "mayor o igual"),
        ({"price": "0"}, "mayor que cero"),
        ({"price": "1e400"}, "field__error"),
        ({"price": "NaN"}, "field__error"),
        ({"price": "9" * 400}, "field__error"),
        ({"price": "diez"}, "field__error"),
        ({"price": "10000000"}, 'role="alert"'),
        ({"price": ""}, "Escriba un precio"),
        ({"days": ""}, "cuántos días"),
        ({"days": "99999"}, "field__error"),
        ({"days": "-1"}, "field__error"),
        ({"quantity": "0"}, 'role="alert"'),
        ({"quantity": "1e400"}, "field__error"),
        ({"other": "x" * 161}, "field__error"),
        ({"currency": "EUR"}, "field__error"),
        ({"valid_until": "2001-01-01"}, "field__error"),
        ({"form_key": "x"}, ""),
    ],
)
def test_hostile_answers_keep_the_page_and_store_nothing(enter, offer, request_, more, shown):
    answer = enter("paula@ferrey.test").post(PAGE, offer(comment="Nota que queda", **more))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert shown in text
    assert "Nota que queda" in text
    assert not Offer.objects.exists()


def test_markup_in_an_answer_stays_text(enter, offer, request_, sign_in, nico):
    script = "<script>alert(1)</script>"
    http = enter("paula@ferrey.test")
    http.post(PAGE, offer(other=script, comment=script))
    http.post(f"{PAGE}mensaje/", {"code": shown_for(request_), "form_key": str(uuid.uuid4()), "text": script})
    invite = Offer.objects.get().invite
    office = sign_in(nico)
    pages = [
        http.get(PAGE),
        office.get(f"/app/cotizaciones/{request_.pk}/"),
        office.get(f"/app/invitaciones/{invite.pk}/"),
    ]
    for page in pages:
        assert script not in page.content.decode()
        assert "&lt;script&gt;" in page.content.decode()


def test_files_come_along(enter, offer, request_):
    http = enter("paula@ferrey.test")
    bad = SimpleUploadedFile("virus.pdf", b"MZ\x90\x00", "application/pdf")
    answer = http.post(PAGE, offer(uploads=[bad]))
    assert answer.status_code == 200
    assert "no es una foto" in answer.content.decode()
    assert not Offer.objects.exists()
    good = SimpleUploadedFile("ficha.pdf", b"%PDF-1.4 x", "application/pdf")
    assert http.post(PAGE, offer(uploads=[good])).status_code == 302
    invite = Offer.objects.get().invite
    assert [each.name for each in attachments_of(invite)] == ["ficha.pdf"]
    assert "ficha.pdf" in http.get(PAGE).content.decode()


def test_a_file_beyond_all_measure_is_refused_unread(enter, offer, request_):
    huge = SimpleUploadedFile("video.pdf", b"%PDF-" + b"0" * (41 * 1024**2), "application/pdf")
    assert enter("paula@ferrey.test").post(PAGE, offer(uploads=[huge])).status_code == 413
    assert not Offer.objects.exists()


def test_nobody_else_opens_the_files_of_a_supplier(enter, offer, request_, sign_in, nico, tito, carla):
    http = enter("paula@ferrey.test")
    http.post(PAGE, offer(uploads=[SimpleUploadedFile("ficha.pdf", b"%PDF-1.4 x", "application/pdf")]))
    file = attachments_of(Offer.objects.get().invite).get()
    address = f"/archivos/{file.pk}/"
    opened = sign_in(nico).get(address)
    assert opened.getvalue().startswith(b"%PDF-")
    for other in (Client(), sign_in(tito), sign_in(carla), enter("john@tracto.test")):
        assert other.get(address).status_code in {302, 404}


def test_it_declines_with_a_reason(enter, request_):
    http = enter("paula@ferrey.test")
    refused = http.post(f"{PAGE}no-cotizo/", {"code": shown_for(request_), "reason": ""})
    assert refused.status_code == 200
    assert http.post(f"{PAGE}no-cotizo/", {"code": shown_for(request_), "reason": "Sin stock"}).status_code == 302
    assert request_.invites.get(state=InviteState.DECLINED).reason == "Sin stock"
    assert "Nos dijo que no cotiza: Sin stock" in http.get(PAGE).content.decode()


def test_opening_is_remembered_and_the_secret_is_not_shown(enter, request_):
    letter = OutgoingEmail.objects.filter(to="paula@ferrey.test").latest("pk")
    address = re.search(r"https?://\S+?(/proveedor/\S+)", letter.text)[1]
    http = Client()
    answer = http.get(address)
    assert (answer.status_code, answer.url) == (302, PAGE)
    cookie = answer.cookies["proveedor_solicitud"]
    assert cookie["httponly"]
    assert cookie["path"] == "/proveedor/"
    secret = address.rstrip("/").rpartition("/")[2]
    assert secret not in cookie.value
    assert answer["Referrer-Policy"] == "no-referrer"
    page = http.get(PAGE)
    assert secret not in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]
    assert SupplierLink.objects.get(email="paula@ferrey.test").opened_at is not None
    assert request_.invites.filter(opened_at=None).count() == 1


def test_whoever_tries_too_often_waits(enter, request_, settings):
    http = enter("paula@ferrey.test")
    settings.API_PER_MINUTE = {"token": 5, "address": 5}
    limits.forget()
    codes = [http.get(PAGE).status_code for _time in range(12)]
    assert codes[0] == 200
    assert codes[-1] == 429
    limits.forget()


def test_once_it_is_decided_the_link_says_so_and_nothing_of_who_won(
    enter, request_, offer, nico, quote, invited, tracto
):
    http = enter("paula@ferrey.test")
    http.post(PAGE, offer(price="10.73"))
    won = quote(invited(request_, tracto), "7.77", None)
    actions.award(request=request_, choices=[actions.AwardIn(offer_line=won.lines.first())], by=nico)
    page = http.get(PAGE).content.decode()
    assert "está decidida" in page
    assert "10.73" in page
    for hidden in ("Tracto", "7.77", "OC-"):
        assert hidden not in page
    late = http.post(PAGE, offer(price="5"))
    assert "ya no recibe respuestas" in late.content.decode()
    assert Offer.objects.filter(invite__supplier__name__startswith="Repuestos").count() == 1
