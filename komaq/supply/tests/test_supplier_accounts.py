"""Where a supplier is paid: whole numbers are for who pays and who buys."""

import pytest

from komaq.core.refusals import NotAllowed
from komaq.core.trail import history
from komaq.supply import actions, queries
from komaq.supply.models import SupplierAccount

ACCOUNT = {
    "bank": "BCP",
    "kind": "current",
    "currency": "USD",
    "number": "191-1234567-1-02",
    "cci": "002 191 001234567102 57",
}


def page_of(supplier):
    return f"/app/proveedores/{supplier.pk}/"


@pytest.fixture
def account(nico, ferreycorp):
    return actions.add_account(supplier=ferreycorp, **ACCOUNT, by=nico)


def test_finance_adds_an_account(sign_in, fina, ferreycorp):
    answer = sign_in(fina).post(f"{page_of(ferreycorp)}cuentas/nueva/", ACCOUNT)
    assert answer.url == page_of(ferreycorp)
    kept = SupplierAccount.objects.get()
    assert (kept.number, kept.cci) == ("1911234567102", "00219100123456710257")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": "12"}, "number"),
        ({"number": "1" * 31}, "number"),
        ({"cci": "123"}, "cci"),
        ({"bank": ""}, "bank"),
        ({"kind": "x"}, "kind"),
        ({"kind": "detraction"}, "currency"),
    ],
)
def test_what_cannot_be_an_account_is_refused(sign_in, nico, ferreycorp, change, field):
    page = sign_in(nico).post(f"{page_of(ferreycorp)}cuentas/nueva/", {**ACCOUNT, **change})
    assert list(page.context["form"].errors) == [field]
    assert not SupplierAccount.objects.exists()


def test_an_account_stands_once_until_it_ends(sign_in, nico, ferreycorp, account):
    with pytest.raises(actions.AccountKnown):
        actions.add_account(supplier=ferreycorp, **ACCOUNT, by=nico)
    assert sign_in(nico).post(f"/app/cuentas-de-proveedor/{account.pk}/terminar/").url == page_of(ferreycorp)
    assert list(queries.accounts_of(ferreycorp)) == []
    assert actions.add_account(supplier=ferreycorp, **ACCOUNT, by=nico).pk != account.pk


def test_others_see_its_end_alone(sign_in, nico, fina, lola, gina, ferreycorp, account):
    for user in (nico, fina):
        shown = sign_in(user).get(page_of(ferreycorp)).content.decode()
        assert "1911234567102" in shown
        assert "00219100123456710257" in shown
    for user in (lola, gina):
        shown = sign_in(user).get(page_of(ferreycorp)).content.decode()
        assert "•••••••••7102" in shown
        assert "1911234567102" not in shown
        assert "00219100123456710257" not in shown


def test_a_short_number_shows_no_more_than_half(ferreycorp):
    assert SupplierAccount(number="12345").masked == "•••45"
    assert SupplierAccount(number="1234", cci="").masked_cci == ""


def test_who_may_not_read_it_whole_neither_adds_nor_ends(sign_in, lola, gina, ferreycorp, account):
    for user in (lola, gina):
        client = sign_in(user)
        assert client.post(f"{page_of(ferreycorp)}cuentas/nueva/", ACCOUNT).status_code == 403
        assert client.post(f"/app/cuentas-de-proveedor/{account.pk}/terminar/").status_code == 403
        with pytest.raises(NotAllowed):
            actions.end_account(account=account, by=user)
    account.refresh_from_db()
    assert account.ended_at is None


def test_each_change_stands_in_the_history_without_the_number(nico, ferreycorp, account):
    actions.end_account(account=account, by=nico)
    actions.end_account(account=account, by=nico)
    told = [(event.kind, event.payload.data) for event in history(ferreycorp)][1:]
    assert [kind for kind, _data in told] == ["supply.account_added", "supply.account_ended"]
    assert "1911234567102" not in str(told)
    assert told[0][1]["number"].endswith("7102")
