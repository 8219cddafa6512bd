"""The client's administrator looks after its people."""

import re

import pytest

from komaq.accounts.models import Grant, User
from komaq.core.refusals import NotAllowed
from komaq.customers import actions, queries
from komaq.customers.choices import ContactStatus
from komaq.customers.models import Contact

PEOPLE = "/portal/empresa/personas/"
INVITE = f"{PEOPLE}invitar/"


def guest(**changes):
    answers = {
        "given_names": "Julio",
        "surnames": "Flores",
        "email": "julio@andinos.test",
        "phone": "987654321",
        "title": "Jefe de equipos",
        "role": "customer_member",
        "site": "",
    }
    return {**answers, **changes}


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_an_invitation_makes_person_contact_power_and_letter(sign_in, carla, andinos, letters):
    assert sign_in(carla).post(INVITE, guest()).url == PEOPLE
    user = User.objects.get(email="julio@andinos.test")
    assert user.roles == {"customer_member"}
    assert not user.has_usable_password()
    contact = Contact.objects.get(person=user.person)
    assert (contact.customer, contact.title, contact.status) == (andinos, "Jefe de equipos", ContactStatus.ACTIVE)
    (letter,) = letters()
    assert letter.to == "julio@andinos.test"
    assert "/cuentas/clave/nueva/" in letter.text


@pytest.mark.usefixtures("cache_table")
def test_the_letters_link_chooses_a_password(client, sign_in, carla, letters):
    sign_in(carla).post(INVITE, guest())
    client.logout()
    path = re.search(r"http://testserver(/cuentas/clave/nueva/\S+)", letters()[0].text)[1]
    form = client.get(path, follow=True)
    secret = {"password1": "una frase bien larga", "password2": "una frase bien larga"}
    client.post(form.redirect_chain[-1][0], secret)
    user = User.objects.get(email="julio@andinos.test")
    assert user.check_password("una frase bien larga")
    assert user.emailaddress_set.get().verified


def test_an_invitation_may_be_held_to_one_site(sign_in, carla, andinos, tajo_sur):
    sign_in(carla).post(INVITE, guest(site=tajo_sur.pk))
    assert User.objects.get(email="julio@andinos.test").site_ids(andinos.pk) == {tajo_sur.pk}


def test_an_administrator_is_never_held_to_a_site(sign_in, carla, tajo_sur):
    page = sign_in(carla).post(INVITE, guest(role="customer_admin", site=tajo_sur.pk))
    assert list(page.context["form"].errors) == ["site"]
    assert not User.objects.filter(email="julio@andinos.test").exists()


def test_somebody_of_another_company_gets_one_more(sign_in, carla, omar, andinos, illapa, letters):
    sign_in(carla).post(INVITE, guest(email="OMAR@illapa.test"))
    assert fresh(omar).customer_ids == {andinos.pk, illapa.pk}
    assert User.objects.filter(email__iexact="omar@illapa.test").count() == 1
    assert "/cuentas/clave/" not in letters()[0].text


def test_a_colleague_is_not_invited_twice(sign_in, carla, beto):
    page = sign_in(carla).post(INVITE, guest(email="beto@andinos.test"))
    assert list(page.context["form"].errors) == ["email"]
    assert page.context["form"]["given_names"].value() == "Julio"
    assert Grant.objects.filter(user=beto).count() == 1


def test_staff_and_closed_accounts_are_not_invited(carla, andinos, tito, omar):
    User.objects.filter(pk=omar.pk).update(is_active=False)
    for email in (tito.email, omar.email):
        with pytest.raises(actions.CannotInvite):
            actions.invite_person(customer=andinos, given_names="X", surnames="Y", email=email, by=carla)
    assert not Contact.objects.filter(customer=andinos, person__in=[tito.person, omar.person]).exists()


def test_another_companys_site_is_no_choice(sign_in, omar, carla, tajo_sur):
    page = sign_in(omar).post(INVITE, guest(site=tajo_sur.pk))
    assert list(page.context["form"].errors) == ["site"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "nobody"),
        ("email", ""),
        ("given_names", "\x00"),
        ("role", "manager"),
        ("phone", "call me"),
        ("site", "x"),
    ],
)
def test_a_bad_answer_keeps_what_was_typed(sign_in, carla, name, value):
    page = sign_in(carla).post(INVITE, guest(**{name: value}))
    assert list(page.context["form"].errors) == [name]
    assert "Jefe de equipos" in page.content.decode()
    assert Contact.objects.count() == 1


def test_role_and_scope_change_at_once(sign_in, carla, beto, tie, andinos, tajo_sur):
    path = f"{PEOPLE}{tie(beto).pk}/"
    sign_in(carla).post(path, {"role": "customer_member", "site": tajo_sur.pk})
    assert fresh(beto).site_ids(andinos.pk) == {tajo_sur.pk}
    sign_in(carla).post(path, {"role": "customer_admin", "site": ""})
    assert fresh(beto).roles == {"customer_admin"}
    assert fresh(beto).site_ids(andinos.pk) is None
    assert Grant.objects.filter(user=beto, ended_at=None).count() == 1


def test_an_unchanged_access_keeps_its_power(carla, beto, tie):
    actions.change_access(contact=tie(beto), role="customer_member", by=carla)
    assert Grant.objects.get(user=beto).ended_at is None


def test_access_ends_at_once(client, sign_in, carla, beto, tie):
    sign_in(carla).post(f"{PEOPLE}{tie(beto).pk}/terminar/")
    assert tie(beto).status == ContactStatus.ENDED
    assert not fresh(beto).roles
    client.force_login(beto)
    assert client.get(PEOPLE).status_code == 404
    actions.end_contact(contact=tie(beto), by=carla)


def test_the_last_administrator_neither_leaves_nor_steps_down(sign_in, carla, beto, tie):
    sign_in(carla).post(f"{PEOPLE}{tie(carla).pk}/terminar/")
    assert tie(carla).status == ContactStatus.ACTIVE
    page = sign_in(carla).post(f"{PEOPLE}{tie(carla).pk}/", {"role": "customer_member", "site": ""})
    assert page.context["form"].non_field_errors()
    assert fresh(carla).roles == {"customer_admin"}


def test_with_a_second_administrator_the_first_may_go(carla, beto, tie):
    actions.change_access(contact=tie(beto), role="customer_admin", by=carla)
    actions.end_contact(contact=tie(carla), by=fresh(beto))
    assert not fresh(carla).roles


def test_a_contact_without_sign_in_has_no_access_to_change(carla, andinos):
    contact = actions.add_contact(customer=andinos, given_names="Pía", surnames="Rey", by=carla)
    with pytest.raises(actions.NoAccess):
        actions.change_access(contact=contact, role="customer_member", by=carla)


@pytest.mark.parametrize("path", ["invitar/", "{}/", "{}/terminar/"])
def test_a_plain_user_only_reads(sign_in, beto, carla, tie, path):
    client = sign_in(beto)
    assert client.get(PEOPLE).status_code == 200
    assert client.post(PEOPLE + path.format(tie(carla).pk), guest()).status_code == 403


@pytest.mark.parametrize("path", ["{}/", "{}/terminar/"])
def test_another_company_meets_nothing(sign_in, omar, beto, tie, path):
    assert sign_in(omar).post(PEOPLE + path.format(tie(beto).pk), guest()).status_code == 404
    assert fresh(beto).roles


def test_an_administrator_elsewhere_may_not_invite_here(both, andinos, tie, beto):
    with pytest.raises(NotAllowed):
        actions.invite_person(customer=andinos, given_names="X", surnames="Y", email="x@y.pe", by=both)
    with pytest.raises(NotAllowed):
        actions.end_contact(contact=tie(beto), by=both)


def test_ended_people_are_not_found(sign_in, carla, beto, tie):
    actions.end_contact(contact=tie(beto), by=carla)
    assert sign_in(carla).get(f"{PEOPLE}{tie(beto).pk}/").status_code == 404


def test_staff_invites_too(sign_in, lola, andinos):
    sign_in(lola).post(f"/app/clientes/{andinos.pk}/contactos/invitar/", guest(role="customer_admin"))
    assert User.objects.get(email="julio@andinos.test").roles == {"customer_admin"}


def test_people_cost_the_same_however_many(queries_of, sign_in, carla, andinos, tajo_sur):
    client = sign_in(carla)
    few = queries_of(lambda: client.get(PEOPLE))
    for number in range(3):
        actions.invite_person(
            customer=andinos, given_names="P", surnames="Q", email=f"p{number}@x.pe", site=tajo_sur, by=carla
        )
    many = queries_of(lambda: client.get(PEOPLE))
    assert few == many <= 10
    assert len(queries.people_of(carla, andinos)) == 4
