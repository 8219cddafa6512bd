"""A supplier answers a request until its deadline: prices, a better offer, a refusal, a question; or we note them."""

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from komaq.comms.models import Delivery, Message
from komaq.core import clock
from komaq.core.files import FileRefused, attachments_of
from komaq.core.refusals import NotAllowed
from komaq.parts.actions.refusals import BadQuantity
from komaq.supply import actions, queries
from komaq.supply.actions import purchase_refusals, quotation_refusals
from komaq.supply.choices import InviteState, PriceSource
from komaq.supply.models import Offer, OfferLine, PriceRecord, SupplierLink, SupplierPart


@pytest.fixture
def invite(asked, invited, ferreycorp):
    return invited(asked(), ferreycorp)


def test_an_offer_stands_line_by_line_and_is_told_to_the_buyers(invite, quote, nico):
    offer = quote(invite, "10.55", None, comment=" Stock Lima ", valid_until=clock.today())
    invite.refresh_from_db()
    assert (offer.number, offer.entered_by, offer.comment) == (1, None, "Stock Lima")
    assert (invite.state, invite.answered_at is not None) == (InviteState.ANSWERED, True)
    first, second = offer.lines.all()
    assert (first.price, first.quantity, first.lead_days) == (Decimal("10.55"), 10, 4)
    assert (second.has_it, second.price) == (False, None)
    told = Delivery.objects.get(kind="supply.offer_came", person_id=nico.person_id)
    assert "1 de 2" in told.email.text


def test_a_second_answer_is_a_new_offer_and_the_first_stays(invite, quote):
    quote(invite, "10.55", "5")
    first_answer = invite.answered_at
    second = quote(invite, "9.90", "5")
    assert second.number == 2
    assert [line.price for line in OfferLine.objects.filter(line=invite.request.lines.first())] == [
        Decimal("10.55"),
        Decimal("9.90"),
    ]
    invite.refresh_from_db()
    assert first_answer is None or invite.answered_at == first_answer


def test_prices_go_into_the_history_of_the_part(invite, quote, oil_filter, seal, ferreycorp):
    quote(invite, "10.55", None)
    known = PriceRecord.objects.get(supplier=ferreycorp)
    assert (known.part, known.price, known.source) == (oil_filter, Decimal("10.55"), PriceSource.OFFER)
    assert known.source_id == invite.request.code
    assert SupplierPart.objects.get(supplier=ferreycorp, part=oil_filter).lead_days == 4


def test_an_alternative_gets_its_price_once_it_is_a_part_of_ours(invite, quote, ferreycorp, tooth, nico, oil_filter):
    offer = quote(invite, "8", None, alternative="Baldwin B7317")
    row = offer.lines.first()
    assert row.alternative == "Baldwin B7317"
    assert not PriceRecord.objects.filter(supplier=ferreycorp).exists()
    actions.map_alternative(offer_line=row, part=tooth, by=nico)
    assert PriceRecord.objects.get(supplier=ferreycorp).part == tooth
    with pytest.raises(quotation_refusals.NoAlternative):
        actions.map_alternative(offer_line=offer.lines.last(), part=tooth, by=nico)


def test_staff_notes_what_came_by_phone(invite, quote, nico, gina):
    offer = quote(invite, "10", "5", by=nico)
    assert offer.entered_by == nico
    assert not Delivery.objects.filter(kind="supply.offer_came").exists()
    with pytest.raises(NotAllowed):
        quote(invite, "10", "5", by=gina)


@pytest.mark.parametrize("late", [0, 1])
def test_after_the_deadline_nothing_is_stored(invite, quote, nico, late):
    link = invite.links.first()
    with clock.travel(invite.request.deadline + datetime.timedelta(seconds=late)):
        with pytest.raises(quotation_refusals.DeadlinePassed):
            quote(invite, "10", "5")
        with pytest.raises(quotation_refusals.DeadlinePassed):
            quote(invite, "10", "5", by=nico)
        with pytest.raises(quotation_refusals.DeadlinePassed):
            actions.decline(reason="No hay", link=link)
        with pytest.raises(quotation_refusals.DeadlinePassed):
            actions.write_to_invite(text="¿Aún?", link=link)
    assert not Offer.objects.exists()
    assert not Message.objects.exists()
    assert not PriceRecord.objects.exists()
    invite.refresh_from_db()
    assert invite.state == InviteState.WAITING


def test_a_moment_before_the_deadline_it_still_counts(invite, quote):
    with clock.travel(invite.request.deadline - datetime.timedelta(seconds=1)):
        assert quote(invite, "10", "5").number == 1


def test_what_is_over_takes_no_answer(invite, quote, nico):
    actions.cancel_request(request=invite.request, reason="x", by=nico)
    with pytest.raises(NotAllowed):
        quote(invite, "10", "5")
    with pytest.raises(quotation_refusals.QuotationMoved):
        quote(invite, "10", "5", by=nico)
    assert not Offer.objects.exists()


def test_a_link_answers_for_its_own_supplier_alone(asked, invited, ferreycorp, tracto, sent, oil_filter):
    request = asked()
    mine, other = invited(request, ferreycorp), invited(request, tracto)
    lines = [actions.OfferLineIn(line=request.lines.first(), price=Decimal(1), lead_days=1)]
    with pytest.raises(NotAllowed):
        actions.answer(lines=lines, currency="USD", link=mine.links.get(), invite=other)
    with pytest.raises(NotAllowed):
        actions.answer(lines=lines, currency="USD", invite=other)
    order = sent((oil_filter, "1", "1"))
    with pytest.raises(NotAllowed):
        actions.answer(lines=lines, currency="USD", link=SupplierLink.objects.get(purchase=order))
    SupplierLink.objects.update(ended_at=clock.now())
    with pytest.raises(NotAllowed):
        actions.answer(lines=lines, currency="USD", link=mine.links.get())
    assert not Offer.objects.exists()


def test_lines_of_another_request_are_refused(asked, invited, ferreycorp):
    mine, other = asked(), asked()
    line = actions.OfferLineIn(line=other.lines.first(), price=Decimal(1), lead_days=1)
    own = actions.OfferLineIn(line=mine.lines.first(), price=Decimal(1), lead_days=1)
    for lines in ([line], [own, line], [own, own]):
        with pytest.raises(quotation_refusals.ForeignOfferLine):
            actions.answer(lines=lines, currency="USD", link=invited(mine, ferreycorp).links.get())


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"price": "0"}, quotation_refusals.BadOfferPrice),
        ({"price": "-1"}, quotation_refusals.BadOfferPrice),
        ({"price": "1e400"}, quotation_refusals.BadOfferPrice),
        ({"price": "NaN"}, quotation_refusals.BadOfferPrice),
        ({"price": "Infinity"}, quotation_refusals.BadOfferPrice),
        ({"price": "10000000"}, quotation_refusals.BadOfferPrice),
        ({"price": "0.00000000001"}, quotation_refusals.BadOfferPrice),
        ({"lead_days": -1}, quotation_refusals.BadLeadTime),
        ({"lead_days": 731}, quotation_refusals.BadLeadTime),
        ({"lead_days": None}, quotation_refusals.BadLeadTime),
        ({"quantity": "0"}, BadQuantity),
        ({"quantity": "-3"}, BadQuantity),
        ({"quantity": "1e30"}, BadQuantity),
        ({"quantity": "NaN"}, BadQuantity),
        ({"price": None}, quotation_refusals.NothingOffered),
    ],
)
def test_hostile_figures(invite, given, why):
    facts = {"price": "10", "lead_days": 3, **given}
    for name in ("price", "quantity"):
        facts[name] = Decimal(facts[name]) if facts.get(name) is not None else None
    lines = [actions.OfferLineIn(line=invite.request.lines.first(), **facts)]
    with pytest.raises(why):
        actions.answer(lines=lines, currency="USD", link=invite.links.get())
    assert not Offer.objects.exists()


def test_hostile_terms(invite, quote):
    for more, why in (
        ({"currency": "EUR"}, quotation_refusals.BadOfferPrice),
        ({"valid_until": clock.today() - datetime.timedelta(days=1)}, quotation_refusals.BadValidity),
        ({"valid_until": datetime.date(9999, 1, 1)}, quotation_refusals.BadValidity),
    ):
        with pytest.raises(why):
            quote(invite, "10", "5", **more)
    second = invite.request.lines.last()
    line = actions.OfferLineIn(line=second, price=Decimal(1), lead_days=1, alternative="Otra")
    with pytest.raises(quotation_refusals.OtherPart):
        actions.answer(lines=[line], currency="USD", link=invite.links.get())
    assert not Offer.objects.exists()


def test_files_come_along_or_the_whole_answer_does_not(invite, quote):
    good = SimpleUploadedFile("ficha.pdf", b"%PDF-1.4 x", "application/pdf")
    bad = SimpleUploadedFile("ficha.pdf", b"MZ\x90", "application/pdf")
    with pytest.raises(FileRefused):
        quote(invite, "10", "5", uploads=[good, bad])
    assert not Offer.objects.exists()
    assert not attachments_of(invite).exists()
    quote(invite, "10", "5", uploads=[good])
    assert [(file.name, file.visibility) for file in attachments_of(invite)] == [("ficha.pdf", "supplier")]
    with pytest.raises(purchase_refusals.NoPaper):
        quote(invite, "10", "5", uploads=[good] * 20)
    assert Offer.objects.count() == 1


def test_nobody_floods_us(invite, quote, monkeypatch):
    monkeypatch.setattr("komaq.supply.actions.answers.MOST_OFFERS", 2)
    monkeypatch.setattr("komaq.supply.actions.answers.MOST_QUESTIONS", 1)
    for _time in range(2):
        quote(invite, "10", "5")
    with pytest.raises(quotation_refusals.TooManyOffers):
        quote(invite, "10", "5")
    actions.write_to_invite(text="¿Marca?", link=invite.links.get())
    with pytest.raises(quotation_refusals.TooManyOffers):
        actions.write_to_invite(text="¿Marca?", link=invite.links.get())


def test_a_supplier_declines_and_changes_its_mind(invite, quote, nico):
    with pytest.raises(purchase_refusals.ReasonNeeded):
        actions.decline(reason=" ", link=invite.links.get())
    actions.decline(reason="Sin stock", link=invite.links.get())
    invite.refresh_from_db()
    assert (invite.state, invite.reason) == (InviteState.DECLINED, "Sin stock")
    assert Delivery.objects.filter(kind="supply.invite_declined", person_id=nico.person_id).count() == 1
    answered = invite.answered_at
    quote(invite, "10", "5")
    invite.refresh_from_db()
    assert (invite.state, invite.reason, invite.answered_at) == (InviteState.ANSWERED, "", answered)


def test_a_question_is_between_one_supplier_and_us(asked, invited, ferreycorp, tracto, nico, letters_to):
    request = asked()
    invite = invited(request, ferreycorp)
    actions.write_to_invite(text="¿Aceptan Donaldson?", link=invite.links.get())
    assert Delivery.objects.filter(kind="supply.supplier_asked", person_id=nico.person_id).count() == 1
    before = len(letters_to("john@tracto.test"))
    actions.write_to_invite(text="Sí, con ficha técnica.", invite=invite, by=nico)
    letter = letters_to("paula@ferrey.test")[-1]
    assert "Sí, con ficha técnica." in letter.text
    assert "/proveedor/" in letter.text
    assert len(letters_to("john@tracto.test")) == before
    assert [said.author_name for said in Message.objects.all()] == ["Ferrey Repuestos", nico.name]


def test_the_time_to_answer_goes_into_the_record(asked, invited, quote, ferreycorp):
    request = asked()
    with clock.travel(request.sent_at + datetime.timedelta(hours=6)):
        quote(invited(request, ferreycorp), "10", "5")
        record = queries.record_of(ferreycorp)
    assert (record.asked, record.answered, record.response_hours) == (1, 1, 6)


@pytest.mark.db
def test_what_was_offered_stands(asked, invited, quote, ferreycorp, nico, tooth):
    """Only what the buyer adds is written later: which part an alternative is, and how many were awarded."""
    offer = quote(invited(asked(), ferreycorp), "8", alternative="ESCO V61")
    for change in (
        lambda: Offer.objects.update(comment="x"),
        lambda: Offer.objects.filter(pk=offer.pk).delete(),
        lambda: OfferLine.objects.update(price=Decimal(1)),
        lambda: OfferLine.objects.update(lead_days=None),
        lambda: OfferLine.objects.update(alternative=""),
        lambda: OfferLine.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    actions.map_alternative(offer_line=offer.lines.first(), part=tooth, by=nico)
