"""Opening an account."""

import re

import pytest

from komaq.accounts.models import Consent, Grant, Person, User
from komaq.customers import actions, queries
from komaq.customers.choices import ContactStatus
from komaq.customers.models import Contact, Customer

URL = "/cuentas/registro/"
SENT = "/cuentas/correo/enviado/"
pytestmark = pytest.mark.usefixtures("cache_table")


def test_the_page_is_open_to_anyone_and_asks_unticked_consents(client, db):
    page = client.get(URL)
    assert page.status_code == 200
    boxes = re.findall(r'<input type="checkbox"[^>]*>', page.content.decode())
    assert len(boxes) == 3
    assert not any("checked" in box for box in boxes)


def test_somebody_signed_in_is_sent_on(sign_in, carla):
    assert sign_in(carla).get(URL).url == "/inicio/"


@pytest.mark.db
def test_a_company_registers_confirms_and_administers_itself(client, fill, letters):
    answer = client.post(URL, fill())
    assert answer.url == SENT
    customer = Customer.objects.get(tax_id="20990000035")
    assert (customer.kind, customer.tax_id_type, customer.name) == ("company", "6", "Agregados del Sur S.A.C.")
    user = User.objects.get(email="rita@agregados.test")
    assert user.check_password("una frase bien larga")
    assert user.person.phone == "+51958204116"
    assert Contact.objects.get(customer=customer).status == ContactStatus.ACTIVE
    grant = Grant.objects.get(user=user)
    assert (grant.role, grant.scope_kind, grant.scope_id) == ("customer_admin", "customer", customer.pk)
    (letter,) = letters()
    assert letter.to == "rita@agregados.test"
    link = re.search(r"http://testserver(/cuentas/correo/confirmar/\S+)", letter.text)[1]
    assert not user.emailaddress_set.get().verified
    client.post(link)
    assert user.emailaddress_set.get().verified


def test_consents_keep_version_moment_and_address(client, fill):
    client.post(URL, fill(), REMOTE_ADDR="190.12.34.56")
    given = Consent.objects.order_by("kind")
    assert [each.kind for each in given] == ["privacy", "terms"]
    assert {each.version for each in given} == {"2026-10-01"}
    assert {each.address for each in given} == {"190.12.34.56"}
    assert all(each.given_at for each in given)


def test_news_are_a_consent_of_their_own(client, fill):
    client.post(URL, fill(news="on"))
    assert Consent.objects.filter(kind="news").count() == 1


def test_a_person_registers_with_its_dni(client, fill):
    client.post(URL, fill(kind="person", ruc="", company_name="", document_number="45678912"))
    customer = Customer.objects.get()
    assert (customer.kind, customer.tax_id_type, customer.tax_id) == ("person", "1", "45678912")
    assert customer.name == "Rita Condori Apaza"
    assert Person.objects.get().document_number == "45678912"


def test_a_person_registers_with_a_foreigners_card(client, fill):
    client.post(URL, fill(kind="person", ruc="", company_name="", document_type="4", document_number="001234567"))
    assert Customer.objects.get().tax_id == "001234567"


@pytest.mark.parametrize(
    ("name", "value"),
    [("document_type", "6"), ("document_number", "1234567"), ("document_number", ""), ("document_number", "1\x00")],
)
def test_a_bad_document_is_told_beside_its_field(client, fill, name, value):
    own = {"kind": "person", "ruc": "nonsense", "company_name": "x" * 999, "document_number": "45678912"}
    page = client.post(URL, fill(**{**own, name: value}))
    assert list(page.context["form"].errors) == [name]
    assert not Person.objects.exists()


def test_what_the_other_kind_is_asked_counts_for_nothing(client, fill):
    client.post(URL, fill(document_type="hostile", document_number="x" * 999))
    assert Customer.objects.get().tax_id == "20990000035"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ruc", "20990000036"),
        ("ruc", "2099000003"),
        ("ruc", ""),
        ("company_name", ""),
        ("company_name", "x" * 161),
        ("given_names", ""),
        ("given_names", "Rita\x00"),
        ("surnames", ""),
        ("email", "not an address"),
        ("email", "a" * 250 + "@x.pe"),
        ("phone", "12"),
        ("password1", "short"),
        ("password1", "1234567890"),
        ("password1", "x" * 129),
        ("privacy", None),
        ("terms", None),
        ("kind", "mine"),
    ],
)
def test_a_bad_answer_is_told_beside_its_field_and_changes_nothing(client, fill, name, value):
    page = client.post(URL, fill(**{name: value}))
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [name]
    assert f'id="id_{name}_error"' in page.content.decode()
    assert not Person.objects.exists()
    assert not Customer.objects.exists()


def test_hostile_text_is_kept_and_shown_harmless(client, fill):
    text = "<script>alert(1)</script>"
    page = client.post(URL, fill(company_name=text, ruc="1"))
    shown = page.content.decode()
    assert text not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "una frase bien larga" not in shown


def test_a_known_address_gets_the_same_page_and_its_owner_a_letter(client, fill, carla, letters):
    fresh = client.post(URL, fill())
    client.cookies.clear()
    known = client.post(URL, fill(email="Carla@Andinos.test", ruc="20990000043"))
    assert (known.status_code, known.url) == (fresh.status_code, fresh.url)
    assert [letter.to for letter in letters()] == ["rita@agregados.test", "carla@andinos.test"]
    assert not Customer.objects.filter(tax_id="20990000043").exists()
    assert User.objects.filter(email="carla@andinos.test").count() == 1
    assert client.get(known.url).status_code == 200


def test_the_page_after_reads_alike_for_known_and_unknown(client, fill, carla):
    def page_after(answers):
        client.cookies.clear()
        text = client.post(URL, answers, follow=True).content.decode()
        return re.sub(r'(csrfmiddlewaretoken" value=|csrf-token" content=)"\w+"', "", text).replace(
            answers["email"], ""
        )

    assert page_after(fill()) == page_after(fill(email="carla@andinos.test"))


def test_a_known_ruc_gets_the_same_page_and_waits(client, fill, carla, andinos, letters):
    answer = client.post(URL, fill(ruc=andinos.tax_id))
    assert answer.url == SENT
    user = User.objects.get(email="rita@agregados.test")
    assert Contact.objects.get(person=user.person).status == ContactStatus.WAITING
    assert not Grant.objects.filter(user=user).exists()
    assert user.roles == frozenset()
    andinos.refresh_from_db()
    assert andinos.name == "Contratistas Andinos del Sur S.A.C."
    assert [letter.to for letter in letters()] == ["rita@agregados.test"]


def test_the_company_hears_of_who_waits_only_after_the_address_is_confirmed(client, fill, carla, ana, andinos, letters):
    client.post(URL, fill(ruc=andinos.tax_id))
    assert not queries.waiting_contacts(ana).exists()
    link = re.search(r"http://testserver(/cuentas/correo/confirmar/\S+)", letters()[0].text)[1]
    client.post(link)
    client.post(link)
    assert [letter.to for letter in letters()] == ["rita@agregados.test", "carla@andinos.test"]
    assert [contact.name for contact in queries.waiting_contacts(ana)] == ["Rita Condori Apaza"]


def test_a_double_press_opens_one_account_and_sends_one_letter(client, fill, letters):
    answers = fill(form_key="0123456789abcdef")
    first, second = client.post(URL, answers), client.post(URL, answers)
    assert first.url == second.url == SENT
    assert User.objects.count() == Customer.objects.count() == 1
    assert len(letters()) == 1


def test_a_form_that_failed_can_be_sent_again(client, fill):
    client.post(URL, fill(form_key="0123456789abcdef", ruc="1"))
    client.post(URL, fill(form_key="0123456789abcdef"))
    assert Customer.objects.count() == 1


def test_the_address_is_checked_again_inside_the_action(carla):
    registration = actions.Registration(
        kind="company",
        tax_id_type="6",
        tax_id="20990000043",
        company_name="X",
        given_names="R",
        surnames="C",
        email="carla@andinos.test",
        phone="",
        password="una frase bien larga",
    )
    with pytest.raises(actions.AlreadyRegistered):
        actions.register(registration=registration, consents=[], address=None)
    assert not Customer.objects.filter(tax_id="20990000043").exists()
    assert "una frase" not in repr(registration)


def test_the_librarys_own_sign_up_leads_here(client, db):
    assert client.get("/cuentas/crear/").url == URL


def test_who_waits_sees_that_it_waits_and_nothing_else(sign_in, rita, andinos):
    client = sign_in(rita)
    assert client.get("/inicio/").url == "/cuentas/espera/"
    page = client.get("/cuentas/espera/")
    assert andinos.name in page.content.decode()
    for path in ("/portal/empresa/", "/portal/empresa/personas/", "/portal/maquinas/", "/app/clientes/"):
        assert client.get(path).status_code == 404


def test_waiting_page_is_for_signed_in_people(client, db):
    assert client.get("/cuentas/espera/").status_code == 302
