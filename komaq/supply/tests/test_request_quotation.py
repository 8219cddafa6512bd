"""Asking suppliers for prices: written, sent, extended, reminded, cancelled; each hears of its own request alone."""

import datetime
import re
from decimal import Decimal

import pytest

from komaq.core import clock
from komaq.core.models import OutgoingEmail
from komaq.core.refusals import NotAllowed, Stale
from komaq.supply import actions, jobs
from komaq.supply.actions import invitations, purchase_refusals, quotation_refusals
from komaq.supply.choices import NeedState, QuotationState
from komaq.supply.models import Invite, PartsNeed, QuotationRequest, SupplierLink


def soon(hours):
    return clock.now() + datetime.timedelta(hours=hours)


def test_a_draft_asks_nobody(ask, need_of, oil_filter):
    need = need_of(quantity="4")
    line = actions.QuotationLineIn(part=oil_filter, quantity=Decimal(4), needs=(need,))
    request = ask(lines=[line])
    assert re.fullmatch(r"SC-\d{4}-000001", request.code)
    need.refresh_from_db()
    assert (need.state, need.quotation_line) == (NeedState.OPEN, request.lines.get())
    assert not OutgoingEmail.objects.exists()
    assert not SupplierLink.objects.exists()


def test_each_supplier_gets_a_letter_in_its_language_with_its_own_link(ask, nico, letters_to, need_of, oil_filter):
    need = need_of(quantity="10")
    line = actions.QuotationLineIn(part=oil_filter, quantity=Decimal(10), needs=(need,))
    request = actions.send_request(request=ask(lines=[line], is_urgent=True, note="Con certificado"), by=nico)
    assert (request.state, request.sent_at is not None) == (QuotationState.SENT, True)
    here, abroad = letters_to("paula@ferrey.test")[0], letters_to("john@tracto.test")[0]
    assert f"Solicitud de cotización {request.code}" in here.subject
    assert f"Request for quotation {request.code}" in abroad.subject
    assert "máquina" in here.text
    assert "a machine stands still" in abroad.text
    for each in (here, abroad):
        assert "1R-0750" in each.text
        assert "Con certificado" in each.html
        assert each.reply_to == nico.email
    secrets = [re.search(r"/proveedor/([\w-]+)/", each.text)[1] for each in (here, abroad)]
    assert len(set(secrets)) == 2
    assert min(map(len, secrets)) >= 43
    assert not SupplierLink.objects.filter(digest__in=secrets).exists()
    need.refresh_from_db()
    assert need.state == NeedState.ASKED


def test_letters_name_neither_client_nor_order_nor_the_other_supplier(asked, need_of, oil_filter, letters_to, andinos):
    need = need_of(about="OS-2026-000777")
    asked(lines=[actions.QuotationLineIn(part=oil_filter, quantity=Decimal(4), needs=(need,))], is_urgent=True)
    here, abroad = letters_to("paula@ferrey.test")[0], letters_to("john@tracto.test")[0]
    for letter, other in ((here, "Tracto"), (abroad, "Ferrey")):
        for hidden in (other, andinos.name, "OS-2026-000777", "CAT 336"):
            assert hidden not in letter.text + letter.html + letter.subject


def test_every_address_of_a_supplier_gets_a_link_of_its_own(ask, ferreycorp, nico, letters_to):
    actions.add_supplier_contact(
        supplier=ferreycorp, given_names="Raúl", surnames="Paz", email="raul@ferrey.test", by=nico
    )
    request = actions.send_request(request=ask(suppliers=[ferreycorp]), by=nico)
    links = SupplierLink.objects.filter(invite__request=request)
    assert {link.email for link in links} == {"paula@ferrey.test", "raul@ferrey.test"}
    assert {link.expires_at for link in links} == {request.deadline + datetime.timedelta(days=3)}
    assert len(letters_to("raul@ferrey.test")) == 1


def test_who_may_not_buy_asks_nobody(ask, asked, gina, lola, tito, ana):
    for other in (gina, lola, tito, ana):
        with pytest.raises(NotAllowed):
            ask(by=other)
    request = ask()
    for other in (gina, tito):
        for do in (
            lambda by: actions.send_request(request=request, by=by),
            lambda by: actions.cancel_request(request=request, reason="x", by=by),
            lambda by: actions.extend_deadline(request=request, deadline=soon(99), by=by),
            lambda by: actions.remind(request=request, by=by),
        ):
            with pytest.raises(NotAllowed):
                do(other)
    assert not OutgoingEmail.objects.exists()


def test_what_cannot_be_asked(ask, oil_filter, ferreycorp, store, nico, seal, tracto):
    line = actions.QuotationLineIn(part=oil_filter, quantity=Decimal(1))
    for wrong in ({"hours": -1}, {"hours": 24 * 400}):
        with pytest.raises(quotation_refusals.BadDeadline):
            ask(**wrong)
    with pytest.raises(quotation_refusals.AskedTwice):
        ask(lines=[line, line])
    common = {"deadline": soon(9), "deliver_to": store, "by": nico}
    with pytest.raises(quotation_refusals.NothingAsked):
        actions.make_request(lines=[], suppliers=[ferreycorp], **common)
    with pytest.raises(quotation_refusals.NobodyInvited):
        actions.make_request(lines=[line], suppliers=[], **common)
    type(ferreycorp).objects.filter(pk=ferreycorp.pk).update(is_open=False)
    ferreycorp.refresh_from_db()
    with pytest.raises(purchase_refusals.SupplierClosed):
        ask(suppliers=[ferreycorp])
    assert not QuotationRequest.objects.exists()
    taken = PartsNeed(pk=999_999)
    with pytest.raises(purchase_refusals.NeedTaken):
        ask(lines=[actions.QuotationLineIn(part=seal, quantity=Decimal(1), needs=(taken,))], suppliers=[tracto])


def test_a_draft_changes_as_a_whole_and_two_who_change_it_lose_nothing(ask, nico, tracto, seal, store, need_of):
    need = need_of(part=seal)
    request = ask()
    line = actions.QuotationLineIn(part=seal, quantity=Decimal(3), needs=(need,))
    facts = {"lines": [line], "suppliers": [tracto], "deadline": soon(50), "deliver_to": store, "by": nico}
    changed = actions.change_request(request=request, version=request.version, **facts)
    assert [each.quantity for each in changed.lines.all()] == [3]
    assert [each.supplier for each in changed.invites.all()] == [tracto]
    with pytest.raises(Stale):
        actions.change_request(request=request, version=request.version, **facts)
    actions.send_request(request=changed, by=nico)
    with pytest.raises(quotation_refusals.QuotationMoved):
        actions.change_request(request=request, version=changed.version + 1, **facts)


def test_a_request_is_sent_once(ask, nico, letters_to):
    request = ask()
    actions.send_request(request=request, by=nico)
    with pytest.raises(quotation_refusals.QuotationMoved):
        actions.send_request(request=request, by=nico)
    assert len(letters_to("paula@ferrey.test")) == 1


def test_a_supplier_without_address_stops_all_letters(ask, nico, ferreparts, ferreycorp):
    type(ferreparts).objects.filter(pk=ferreparts.pk).update(email="")
    request = ask(suppliers=[ferreycorp, ferreparts])
    with pytest.raises(quotation_refusals.NoAddress) as refused:
        actions.send_request(request=request, by=nico)
    assert "Ferreparts" in str(refused.value.message)
    request.refresh_from_db()
    assert request.state == QuotationState.DRAFT
    assert not OutgoingEmail.objects.exists()


def test_one_more_supplier_is_asked_later(asked, ferreparts, nico, letters_to):
    request = asked()
    invite = actions.invite_supplier(request=request, supplier=ferreparts, by=nico)
    assert letters_to("ventas@ferreparts.test")[0].subject.endswith(f"{request.code} de Komaq Service")
    assert invite.sent_at is not None
    with pytest.raises(quotation_refusals.AlreadyInvited):
        actions.invite_supplier(request=request, supplier=ferreparts, by=nico)
    assert Invite.objects.filter(request=request).count() == 3


def test_nobody_is_invited_after_the_deadline(asked, ferreparts, nico):
    request = asked(hours=2)
    with clock.travel(soon(3)), pytest.raises(quotation_refusals.DeadlinePassed):
        actions.invite_supplier(request=request, supplier=ferreparts, by=nico)


def test_only_who_has_not_answered_is_reminded(asked, quote, invited, ferreycorp, nico, letters_to):
    request = asked()
    quote(invited(request, ferreycorp), "10", "5")
    assert actions.remind(request=request, by=nico) == 1
    assert len(letters_to("paula@ferrey.test")) == 1
    reminder = letters_to("john@tracto.test")[1]
    assert reminder.subject.startswith("Reminder")
    with pytest.raises(quotation_refusals.NobodyToRemind):
        actions.remind(request=request, by=nico)
    assert len(letters_to("john@tracto.test")) == 2


def test_the_day_before_the_deadline_each_is_reminded_once(asked, letters_to, nico):
    request = asked(hours=72)
    assert actions.remind_waiting() == 0
    with clock.travel(request.deadline - datetime.timedelta(hours=20)):
        assert actions.remind_waiting() == 2
        assert actions.remind_waiting() == 0
    assert len(letters_to("john@tracto.test")) == 2
    with clock.travel(request.deadline - datetime.timedelta(hours=10)):
        actions.extend_deadline(request=request, deadline=request.deadline + datetime.timedelta(days=4), by=nico)
        assert actions.remind_waiting() == 0
    with clock.travel(request.deadline + datetime.timedelta(days=3, hours=8)):
        assert actions.remind_waiting() == 2


def test_whoever_was_asked_just_now_is_left_in_peace(asked, letters_to):
    asked(hours=8)
    assert actions.remind_waiting() == 0
    assert len(letters_to("john@tracto.test")) == 1


def test_more_time_is_told_and_lengthens_the_links(asked, nico, letters_to, invited, ferreycorp, quote):
    request = asked(hours=2)
    later = soon(48)
    with clock.travel(soon(3)):
        with pytest.raises(quotation_refusals.DeadlinePassed):
            quote(invited(request, ferreycorp), "10", "5")
        with pytest.raises(quotation_refusals.DeadlineNotLater):
            actions.extend_deadline(request=request, deadline=request.deadline, by=nico)
        request = actions.extend_deadline(request=request, deadline=later, by=nico)
        assert "Más plazo" in letters_to("paula@ferrey.test")[1].subject
        assert {link.expires_at for link in SupplierLink.objects.all()} == {later + datetime.timedelta(days=3)}
        assert quote(invited(request, ferreycorp), "10", "5").number == 1


def test_cancelling_tells_all_ends_the_links_and_opens_the_needs(asked, need_of, oil_filter, nico, letters_to):
    need = need_of(quantity="10")
    request = asked(lines=[actions.QuotationLineIn(part=oil_filter, quantity=Decimal(10), needs=(need,))])
    with pytest.raises(purchase_refusals.ReasonNeeded):
        actions.cancel_request(request=request, reason=" ", by=nico)
    request = actions.cancel_request(request=request, reason="El cliente desistió", by=nico)
    assert request.state == QuotationState.CANCELLED
    need.refresh_from_db()
    assert (need.state, need.quotation_line) == (NeedState.OPEN, None)
    assert not SupplierLink.objects.filter(ended_at=None).exists()
    for address in ("paula@ferrey.test", "john@tracto.test"):
        letter = letters_to(address)[1]
        assert request.code in letter.subject
        assert "desistió" not in letter.text + letter.html
        assert "/proveedor/" not in letter.text
    with pytest.raises(quotation_refusals.QuotationMoved):
        actions.cancel_request(request=request, reason="x", by=nico)


def test_a_draft_is_dropped_without_a_word(ask, nico):
    actions.cancel_request(request=ask(), reason="Duplicada", by=nico)
    assert not OutgoingEmail.objects.exists()


def test_a_request_that_ended_meanwhile_is_not_reminded(asked, letters_to, nico, monkeypatch):
    first, second = asked(), asked()
    remind = invitations._remind

    def remind_and_cancel(request, by):
        if request == first:
            actions.cancel_request(request=second, reason="Ya no", by=nico)
        return remind(request, by)

    monkeypatch.setattr(invitations, "_remind", remind_and_cancel)
    with clock.travel(first.deadline - datetime.timedelta(hours=20)):
        assert actions.remind_waiting() == 2
    reminded = [each.subject for each in letters_to("john@tracto.test") if each.subject.startswith("Reminder")]
    assert len(reminded) == 1
    assert first.code in reminded[0]


def test_a_need_stands_in_one_draft(ask, need_of, oil_filter, nico):
    need = need_of()
    line = actions.QuotationLineIn(part=oil_filter, quantity=Decimal(4), needs=(need,))
    first = ask(lines=[line])
    with pytest.raises(purchase_refusals.NeedTaken):
        ask(lines=[line])
    need.refresh_from_db()
    assert need.quotation_line.request == first
    facts = {"deadline": first.deadline, "deliver_to": first.deliver_to}
    suppliers = [each.supplier for each in first.invites.all()]
    actions.change_request(request=first, lines=[line], suppliers=suppliers, version=first.version, by=nico, **facts)
    need.refresh_from_db()
    assert need.quotation_line.request == first
    actions.cancel_request(request=first, reason="x", by=nico)
    assert ask(lines=[line]).lines.get().needs.get() == need


def test_the_worker_reminds(asked, run_jobs):
    request = asked(hours=72)
    before = OutgoingEmail.objects.count()
    with clock.travel(request.deadline - datetime.timedelta(hours=20)):
        jobs.remind_suppliers()
    assert OutgoingEmail.objects.count() == before + 2
