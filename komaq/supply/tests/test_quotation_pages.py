"""Requests for quotation in the office: written from what is needed, compared side by side, decided."""

import datetime
import uuid
from decimal import Decimal

import pytest

from komaq.core import clock
from komaq.core.refusals import NotFound
from komaq.supply import actions
from komaq.supply.choices import InviteState, NeedState, QuotationState
from komaq.supply.models import PurchaseOrder, QuotationRequest
from komaq.supply.queries import quotations

LIST = "/app/cotizaciones/"


def page_of(request, more=""):
    return f"{LIST}{request.pk}/{more}"


def local(moment):
    return moment.astimezone(clock.LIMA).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def priced(ferreycorp, oil_filter, nico):
    """Ferrey sells filters."""
    actions.note_price(supplier=ferreycorp, part=oil_filter, price=Decimal(11), currency="USD", source="list", by=nico)
    return ferreycorp


@pytest.fixture
def filled(store, oil_filter, ferreycorp, tracto):
    """What is typed for a request of ten filters."""

    def fill(**more):
        return {
            "form_key": str(uuid.uuid4()),
            "deadline": local(clock.now() + datetime.timedelta(days=2)),
            "deliver_to": store.pk,
            "suppliers": [ferreycorp.pk, tracto.pk],
            f"quantity_{oil_filter.pk}": "10",
            f"takes_{oil_filter.pk}": "on",
            **more,
        }

    return fill


@pytest.fixture
def two_offers(asked, invited, quote, ferreycorp, tracto):
    """A request with a dear offer soon in soles and a cheap one late in dollars."""
    request = asked()
    quote(invited(request, ferreycorp), "45", "20", days=2, currency="PEN")
    quote(invited(request, tracto), "9.50", None, days=20)
    return request


def test_from_needs_to_letters(sign_in, nico, oil_filter, need_of, filled, priced, letters_to, paula, john):
    need_of(quantity="4"), need_of(quantity="6", days=2)
    http = sign_in(nico)
    address = f"{LIST}nueva/?part={oil_filter.pk}&part=999999&part=x"
    page = http.get(address).content.decode()
    assert 'value="10"' in page
    assert "OS-2026-000123 (4)" in page
    assert f'value="{priced.pk}" checked' in page
    given = filled()
    for _time in range(2):
        assert http.post(address, given).status_code == 302
    request = QuotationRequest.objects.get()
    assert request.lines.get().needs.count() == 2
    draft = http.get(page_of(request)).content.decode()
    assert "Pedir a 2 proveedores" in draft
    http.post(page_of(request, "enviar/"), {"version": request.version})
    request.refresh_from_db()
    assert request.state == QuotationState.SENT
    assert len(letters_to("paula@ferrey.test")) == 1
    assert set(request.lines.get().needs.values_list("state", flat=True)) == {NeedState.ASKED}


def test_what_was_typed_stays_when_something_is_missing(sign_in, nico, oil_filter, filled):
    http = sign_in(nico)
    address = f"{LIST}nueva/?part={oil_filter.pk}"
    for more, shown in (
        ({"suppliers": []}, "Este campo"),
        ({"deadline": local(clock.now() - datetime.timedelta(days=1))}, "momento futuro"),
        ({f"quantity_{oil_filter.pk}": ""}, "al menos un repuesto"),
    ):
        answer = http.post(address, filled(note="Con certificado", **more))
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "Con certificado" in text
        assert shown in text
    assert not QuotationRequest.objects.exists()


def test_a_draft_changes_and_two_lose_nothing(sign_in, nico, ask, seal, filled, store, oil_filter):
    request, http = ask(), sign_in(nico)
    given = filled(
        version=request.version,
        **{f"quantity_{oil_filter.pk}": "7", f"quantity_{seal.pk}": "1", "part": "", "note": "Uno"},
    )
    assert http.get(page_of(request, "editar/")).status_code == 200
    assert http.post(page_of(request, "editar/"), given).status_code == 302
    assert [line.quantity for line in request.lines.all()] == [7, 1]
    second = http.post(page_of(request, "editar/"), {**given, "form_key": str(uuid.uuid4()), "note": "Otro"})
    assert second.status_code == 409
    assert ">Otro</textarea>" in second.content.decode().replace("\n", "")
    request.refresh_from_db()
    assert request.note == "Uno"


def test_the_offers_stand_side_by_side(sign_in, nico, two_offers, dollar):
    page = sign_in(nico).get(page_of(two_offers)).content.decode()
    for shown in (
        "S/\u00a045.00",
        "S/\u00a035.63",
        "US$\u00a09.50",
        "2 de 2 respondieron",
        "Mejor precio",
        "Más rápido",
        "No lo tiene",
        "incompleto: 1 de 2 líneas",
        "S/\u00a0490.00",
        "dólares a S/\u00a03.75",
        "tarde",
    ):
        assert shown in page, shown
    assert page.count("checked") == 2


def test_ways_to_choose_at_once(sign_in, nico, two_offers, invited, ferreycorp, tracto):
    http = sign_in(nico)
    mine, cheap = (invited(two_offers, each).offers.get().lines.first() for each in (ferreycorp, tracto))

    def ticked(how):
        text = http.get(page_of(two_offers, f"?pick={how}")).content.decode()
        return [row.pk for row in (mine, cheap) if f'value="{row.pk}"' in text and _is_ticked(text, row.pk)]

    assert ticked("price") == [cheap.pk]
    assert ticked("soonest") == [mine.pk]
    assert ticked(invited(two_offers, ferreycorp).pk) == [mine.pk]
    assert ticked("split") == []
    assert f'name="take_{mine.pk}"' in http.get(page_of(two_offers, "?pick=split")).content.decode()


def _is_ticked(text, key):
    tag = text.partition(f'value="{key}"')[2].partition(">")[0]
    return "checked" in tag


def test_the_decision_is_seen_before_it_is_taken(sign_in, nico, two_offers, invited, ferreycorp, tracto):
    http = sign_in(nico)
    first, second = two_offers.lines.all()
    cheap = invited(two_offers, tracto).offers.get().lines.get(line=first)
    dear = invited(two_offers, ferreycorp).offers.get().lines.get(line=second)
    query = f"adjudicar/?line_{first.pk}={cheap.pk}&line_{second.pk}={dear.pk}"
    page = http.get(page_of(two_offers, query)).content.decode()
    for shown in ("Adjudicar a 2 proveedores", "US$\u00a095.00", "S/\u00a0396.25", "1 línea tarde"):
        assert shown in page, shown
    assert not PurchaseOrder.objects.exists()
    given = {
        "form_key": str(uuid.uuid4()),
        "version": two_offers.version,
        f"take_{cheap.pk}": "8",
        f"take_{dear.pk}": "2",
    }
    for _time in range(2):
        assert http.post(page_of(two_offers, query), given).status_code == 302
    assert sorted(PurchaseOrder.objects.values_list("total", flat=True)) == [Decimal(40), Decimal(76)]
    after = http.get(page_of(two_offers)).content.decode()
    assert "8 adjudicados" in after
    assert all(order.code in after for order in PurchaseOrder.objects.all())


@pytest.mark.parametrize(
    "query", ["", "?line_1=x", "?line_1=999999", "?take_=on", "?line_1=-1", "?take_99999999999999999999=1"]
)
def test_nothing_chosen_is_said(sign_in, nico, two_offers, query):
    answer = sign_in(nico).get(page_of(two_offers, f"adjudicar/{query}"))
    assert answer.status_code == 200
    assert "No se eligió nada" in answer.content.decode()


@pytest.mark.parametrize("quantity", ["0", "-1", "11", "1e400", "NaN", "abc", ""])
def test_quantities_that_cannot_be_keep_the_page(sign_in, nico, two_offers, invited, tracto, quantity):
    row = invited(two_offers, tracto).offers.get().lines.first()
    given = {"form_key": str(uuid.uuid4()), "version": two_offers.version, f"take_{row.pk}": quantity}
    answer = sign_in(nico).post(page_of(two_offers, "adjudicar/"), given)
    assert answer.status_code == 200
    assert not PurchaseOrder.objects.exists()


def test_a_tick_that_counts_no_more_is_said_and_the_others_stay(
    sign_in, nico, two_offers, invited, quote, ferreycorp, tracto
):
    http = sign_in(nico)
    first, second = two_offers.lines.all()
    cheap = invited(two_offers, tracto).offers.get().lines.get(line=first)
    dear = invited(two_offers, ferreycorp).offers.get().lines.get(line=second)
    given = {
        "form_key": str(uuid.uuid4()),
        "version": two_offers.version,
        f"take_{cheap.pk}": "8",
        f"take_{dear.pk}": "2",
    }
    quote(invited(two_offers, ferreycorp), "44", "19", currency="PEN")
    page = http.post(page_of(two_offers, "adjudicar/"), given).content.decode()
    assert "un proveedor volvió a responder" in page
    assert f'name="take_{cheap.pk}" value="8"' in page
    assert f"take_{dear.pk}" not in page
    actions.decline(reason="Se vendió", invite=invited(two_offers, tracto), by=nico)
    page = http.post(page_of(two_offers, "adjudicar/"), given).content.decode()
    assert "un proveedor volvió a responder" in page
    assert "No se eligió nada" in page
    assert not PurchaseOrder.objects.exists()


def test_needs_of_another_draft_are_not_asked_again(sign_in, nico, oil_filter, seal, need_of, ask, filled, store):
    taken, free = need_of(quantity="4"), need_of(quantity="6")
    first = ask(lines=[actions.QuotationLineIn(part=oil_filter, quantity=Decimal(4), needs=(taken,))])
    http = sign_in(nico)
    form = http.get(f"{LIST}nueva/?part={oil_filter.pk}").context["form"]
    assert [(each.quantity, each.needs) for each in form.wanted] == [(6, (free,))]
    (kept,) = http.get(page_of(first, "editar/")).context["form"].wanted
    assert kept.needs == (taken,)
    given = {**filled(), f"quantity_{seal.pk}": "1", "part": oil_filter.pk, "quantity": "6"}
    assert http.post(f"{LIST}nueva/?part={seal.pk}", given).status_code == 302
    second = QuotationRequest.objects.latest("pk")
    assert list(second.lines.get(part=oil_filter).needs.all()) == [free]
    taken.refresh_from_db()
    assert taken.quotation_line.request == first


def test_an_alternative_is_named_before_it_is_bought(sign_in, nico, asked, invited, quote, ferreycorp, tooth):
    request, http = asked(), sign_in(nico)
    row = quote(invited(request, ferreycorp), "8", None, alternative="<b>ESCO</b>").lines.first()
    page = http.get(page_of(request)).content.decode()
    assert "&lt;b&gt;ESCO" in page
    assert "<b>ESCO" not in page
    assert f'value="{row.pk}"' not in page
    http.post(f"/app/ofertas/{row.pk}/repuesto/", {"part": tooth.pk})
    page = http.get(page_of(request)).content.decode()
    assert "V61TYL" in page
    assert f'value="{row.pk}"' in page


def test_staff_notes_an_offer_and_a_refusal(sign_in, nico, asked, invited, ferreycorp, tracto):
    request, http = asked(), sign_in(nico)
    first, second = request.lines.all()
    mine, other = invited(request, ferreycorp), invited(request, tracto)
    given = {
        "form_key": str(uuid.uuid4()),
        "currency": "USD",
        f"price_{first.pk}": "10.5",
        f"days_{first.pk}": "3",
        f"lacks_{second.pk}": "on",
    }
    assert http.get(f"/app/invitaciones/{mine.pk}/oferta/").status_code == 200
    assert http.post(f"/app/invitaciones/{mine.pk}/oferta/", given).status_code == 302
    assert mine.offers.get().entered_by == nico
    http.post(f"/app/invitaciones/{other.pk}/no-cotiza/", {"reason": "Sin stock"})
    other.refresh_from_db()
    assert other.state == InviteState.DECLINED
    assert nico.name in http.get(f"/app/invitaciones/{mine.pk}/").content.decode()


def test_questions_wait_in_the_inbox_until_they_are_answered(sign_in, nico, asked, invited, ferreycorp):
    request, http = asked(), sign_in(nico)
    invite = invited(request, ferreycorp)
    assert request.code not in http.get("/app/").content.decode()
    actions.write_to_invite(text="¿Aceptan otra marca?", link=invite.links.get())
    assert request.code in http.get("/app/").content.decode()
    assert "Ferrey Repuestos pregunta algo" in http.get(page_of(request)).content.decode()
    given = {"form_key": str(uuid.uuid4()), "text": "Sí"}
    assert http.post(f"/app/invitaciones/{invite.pk}/mensaje/", given).status_code == 302
    assert request.code not in http.get("/app/").content.decode()


def test_decisions_wait_in_the_inbox(sign_in, nico, fina, asked, invited, quote, ferreycorp, tracto):
    request, http = asked(hours=2), sign_in(nico)
    quote(invited(request, ferreycorp), "10", "5")
    assert request.code not in http.get("/app/").content.decode()
    quote(invited(request, tracto), "10", "5")
    assert request.code in http.get("/app/").content.decode()
    silent = asked(hours=2)
    with clock.travel(clock.now() + datetime.timedelta(hours=3)):
        assert silent.code in http.get("/app/").content.decode()
        assert silent.code in http.get(f"{LIST}?tab=to_decide").content.decode()
    assert request.code not in sign_in(fina).get("/app/").content.decode()


def test_more_time_and_another_supplier(sign_in, nico, asked, ferreparts):
    request, http = asked(), sign_in(nico)
    later = request.deadline + datetime.timedelta(days=1)
    given = {"deadline": local(later), "version": request.version}
    assert http.post(page_of(request, "plazo/"), given).status_code == 302
    early = {"deadline": local(clock.now() + datetime.timedelta(hours=1)), "version": request.version + 1}
    assert "indique uno posterior" in http.post(page_of(request, "plazo/"), early).content.decode()
    http.post(page_of(request, "invitar/"), {"form_key": str(uuid.uuid4()), "supplier": ferreparts.pk})
    assert request.invites.count() == 3
    http.post(page_of(request, "recordar/"))
    request.refresh_from_db()
    assert request.reminded_at is not None


def test_cancelling_asks_why(sign_in, nico, asked):
    request, http = asked(), sign_in(nico)
    refused = http.post(page_of(request, "anular/"), {"version": request.version, "reason": ""})
    assert refused.status_code == 200
    assert http.post(page_of(request, "anular/"), {"version": request.version, "reason": "Ya no"}).status_code == 302
    request.refresh_from_db()
    assert request.state == QuotationState.CANCELLED


def test_the_list_is_filtered_and_taken_along(sign_in, fina, asked, ask, ferreparts, oil_filter):
    mine, draft = asked(), ask(suppliers=[ferreparts])
    http = sign_in(fina)
    page = http.get(LIST).content.decode()
    assert mine.code in page
    assert draft.code not in page
    assert draft.code in http.get(f"{LIST}?tab=draft").content.decode()
    assert draft.code in http.get(f"{LIST}?tab=all&supplier={ferreparts.pk}").content.decode()
    assert mine.code not in http.get(f"{LIST}?tab=all&supplier={ferreparts.pk}").content.decode()
    assert mine.code in http.get(f"{LIST}?q=1r0750").content.decode()
    assert mine.code in http.get(f"{LIST}exportar/?tab=all").getvalue().decode()
    assert http.get(f"{LIST}exportar/?format=xlsx").getvalue().startswith(b"PK")
    assert http.get(f"{LIST}?tab=otra").status_code == 404
    assert http.get(f"{LIST}?sort=price").status_code == 404
    assert "Nueva solicitud" not in page


def test_the_comparison_is_taken_along(sign_in, fina, two_offers):
    text = sign_in(fina).get(page_of(two_offers, "exportar/")).getvalue().decode()
    assert "Ferrey Repuestos" in text
    assert "35.625" in text


@pytest.mark.parametrize("who", ["ana", "tito", "alex", "carla"])
def test_who_may_not_know_prices_sees_none(sign_in, two_offers, who, request):
    http = sign_in(request.getfixturevalue(who))
    for address in (LIST, page_of(two_offers), page_of(two_offers, "exportar/"), page_of(two_offers, "adjudicar/")):
        answer = http.get(address)
        assert answer.status_code in {403, 404}
        assert "9.50" not in answer.content.decode()


def test_behind_the_doors_the_rows_are_hidden_too(two_offers, ana, tito, alex, carla, fina):
    invite = two_offers.invites.first()
    row = invite.offers.get().lines.first()
    for user in (ana, tito, alex, carla):
        assert not quotations.requests_visible_to(user).exists()
        assert not quotations.requests_that_wait(user).exists()
        for get, key in (
            (quotations.get_request, two_offers.pk),
            (quotations.get_invite, invite.pk),
            (quotations.get_offer_line, row.pk),
        ):
            with pytest.raises(NotFound):
                get(user, key)
            assert get(fina, key).pk == key


def test_who_sees_them_decides_nothing(sign_in, gina, fina, two_offers):
    for other in (gina, fina):
        http = sign_in(other)
        page = http.get(page_of(two_offers)).content.decode()
        assert "S/\u00a035.63" in page
        assert "Adjudicar…" not in page
        for deed in ("enviar/", "recordar/", "plazo/", "anular/", "adjudicar/", "invitar/"):
            assert http.post(page_of(two_offers, deed), {"version": two_offers.version}).status_code == 403


def test_found_from_anywhere(sign_in, fina, ana, two_offers):
    assert two_offers.code in sign_in(fina).get(f"/app/buscar/?q={two_offers.code}").content.decode()
    assert page_of(two_offers) not in sign_in(ana).get(f"/app/buscar/?q={two_offers.code}").content.decode()
