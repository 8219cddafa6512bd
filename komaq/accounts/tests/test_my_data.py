"""My data: seen, corrected, consented, taken along."""

import io
import json
import zipfile

import pytest

from komaq.accounts import actions
from komaq.accounts.choices import TEXTS_VERSION
from komaq.core.models import Event

FORM = {
    "given_names": "Carla",
    "surnames": "Quispe Mendoza",
    "email": "carla.q@andinos.test",
    "phone": "958204116",
    "document_type": "1",
    "document_number": "41234567",
    "language": "es-pe",
}


@pytest.mark.parametrize("who", ["carla", "tito", "alex", "ana"])
def test_everybody_sees_the_own_data_in_the_own_frame(sign_in, request, who):
    user = request.getfixturevalue(who)
    page = sign_in(user).get("/cuentas/mis-datos/").content.decode()
    assert user.email in page
    assert ('class="rail"' in page) == user.is_staff_member


@pytest.mark.db
def test_corrected_and_found_by_the_new_name(sign_in, carla):
    response = sign_in(carla).post("/cuentas/mis-datos/", FORM)
    assert response.status_code == 302
    carla.person.refresh_from_db()
    assert carla.person.name == "Carla Quispe Mendoza"
    assert carla.person.phone == "+51958204116"
    assert "mendoza" in carla.person.search
    assert Event.objects.filter(kind="accounts.own_data_changed").count() == 1


def test_the_language_is_remembered(sign_in, client, carla):
    response = sign_in(carla).post("/cuentas/mis-datos/", {**FORM, "language": "en"})
    assert response.cookies["language"].value == "en"
    assert "My data" in client.get("/cuentas/mis-datos/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "99"), ("document_number", "1"), ("email", "no"), ("language", "xx"), ("given_names", "")],
)
def test_bad_input_changes_nothing(sign_in, carla, field, value):
    page = sign_in(carla).post("/cuentas/mis-datos/", {**FORM, field: value})
    assert page.status_code == 200
    assert "Quispe Mendoza" in page.content.decode()
    carla.person.refresh_from_db()
    assert carla.person.surnames == "Quispe"


def test_what_is_not_on_the_form_is_not_written(sign_in, carla, omar):
    more = {"is_active": "", "roles": "admin", "person_id": omar.person_id, "erased_at": "2026-01-01"}
    sign_in(carla).post("/cuentas/mis-datos/", {**FORM, **more})
    carla.refresh_from_db()
    assert carla.is_active
    assert carla.roles == {"customer_admin"}
    assert carla.person.erased_at is None


def test_a_consent_is_given_with_version_moment_and_address_and_taken_back(sign_in, carla):
    client = sign_in(carla)
    client.post("/cuentas/mis-datos/permiso/", {"kind": "news", "deed": "give"}, REMOTE_ADDR="203.0.113.9")
    consent = carla.person.consents.get(kind="news")
    assert (consent.version, consent.address) == (TEXTS_VERSION, "203.0.113.9")
    assert "203.0.113.9" in client.get("/cuentas/mis-datos/").content.decode()
    client.post("/cuentas/mis-datos/permiso/", {"kind": "news", "deed": "give"})
    assert carla.person.consents.count() == 1
    client.post("/cuentas/mis-datos/permiso/", {"kind": "news", "deed": "withdraw"})
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None
    kinds = Event.objects.filter(subject_kind="accounts.person", subject_id=str(carla.person_id))
    assert [e.kind for e in kinds.order_by("id")] == ["accounts.consent_given", "accounts.consent_withdrawn"]


def test_an_unknown_consent_is_refused(sign_in, carla):
    assert sign_in(carla).post("/cuentas/mis-datos/permiso/", {"kind": "x", "deed": "give"}).status_code == 400


def test_the_copy_holds_everything_as_json_and_csv(sign_in, carla, omar):
    carla.person.given_names = "=Carla"
    carla.person.save()
    actions.give_consent(person=carla.person, kind="terms", version="2026-10-01", address="203.0.113.9")
    response = sign_in(carla).post("/cuentas/mis-datos/copia/")
    assert response["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    data = json.loads(archive.read("data.json"))
    assert data["person"][0]["surnames"] == "Quispe"
    assert data["consents"][0]["address"] == "203.0.113.9"
    assert data["access"][0]["email"] == "carla@andinos.test"
    assert data["access"][1]["role"] == "Administrador del cliente"
    assert {"person.csv", "access.csv", "consents.csv", "activity.csv", "messages.csv"} <= set(archive.namelist())
    assert "'=Carla" in archive.read("person.csv").decode()
    assert "omar" not in archive.read("data.json").decode().lower()
    assert Event.objects.filter(kind="accounts.data_exported", actor_id=carla.pk).exists()


def test_an_employees_copy_tells_posts_and_certifications(sign_in, tito, clerk):
    clerk.certifications.create(name="Trabajo en altura", issued_on="2025-01-01")
    archive = zipfile.ZipFile(io.BytesIO(sign_in(tito).post("/cuentas/mis-datos/copia/").content))
    told = archive.read("employment.csv").decode()
    assert "technician" in told
    assert "Trabajo en altura" in told


def test_the_copy_is_no_link_to_follow(sign_in, carla):
    assert sign_in(carla).get("/cuentas/mis-datos/copia/").status_code == 405


@pytest.mark.parametrize("path", ["", "permiso/", "copia/", "borrar/", "sesiones/"])
def test_strangers_sign_in_first(client, db, path):
    assert client.post(f"/cuentas/mis-datos/{path}").url.startswith("/cuentas/ingresar/")
