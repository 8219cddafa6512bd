"""Areas and positions: what a position grants is data, and its changes are on the trail."""

import pytest

from komaq.accounts.models import Area, Position, User
from komaq.core import trail


@pytest.fixture
def admin(sign_in, alex):
    return sign_in(alex)


def test_areas_are_added_renamed_and_closed(admin):
    admin.post("/app/areas/nueva/", {"name": "Logística", "is_open": "on"})
    area = Area.objects.get(name="Logística")
    assert "Ya existe uno" in admin.post("/app/areas/nueva/", {"name": "logística"}).content.decode()
    admin.post(f"/app/areas/{area.pk}/", {"name": "Abastecimiento"})
    area.refresh_from_db()
    assert (area.name, area.is_open) == ("Abastecimiento", False)


def test_a_positions_roles_reach_its_holders_at_once(admin, client, tito, clerk):
    session = type(client)()
    session.force_login(tito)
    post = clerk.position_changes.get().position
    assert session.get("/app/clientes/").status_code == 403
    form = {"area": post.area_id, "name": "Técnico líder", "roles": ["technician", "supervisor"], "is_open": "on"}
    admin.post(f"/app/cargos/{post.pk}/", form)
    assert session.get("/app/clientes/").status_code == 200
    told = trail.history(Position.objects.get(pk=post.pk)).last().payload.data
    assert told["before"] == ["technician"]
    assert told["roles"] == ["supervisor", "technician"]


def test_a_position_needs_a_role_and_no_clients_one(admin):
    area = Area.objects.get(name="Técnica")
    page = admin.post("/app/cargos/nuevo/", {"area": area.pk, "name": "Nada", "is_open": "on"})
    assert "Elija al menos un rol" in page.content.decode()
    page = admin.post("/app/cargos/nuevo/", {"area": area.pk, "name": "Nada", "roles": ["customer_admin"]})
    assert page.status_code == 200
    assert not Position.objects.filter(name="Nada").exists()


def test_a_new_position_can_be_given(admin):
    area = Area.objects.get(name="Técnica")
    admin.post("/app/cargos/nuevo/", {"area": area.pk, "name": "Almacenero", "roles": ["logistics"], "is_open": "on"})
    assert "Técnica: Almacenero" in admin.get("/app/personas/nueva/").content.decode()


def test_the_last_administrators_position_keeps_its_role(admin, alex):
    post = Position.objects.get(name="admin")
    form = {"area": post.area_id, "name": "admin", "roles": ["manager"], "is_open": "on"}
    assert "sin administrador" in admin.post(f"/app/cargos/{post.pk}/", form).content.decode()
    assert User.objects.get(pk=alex.pk).roles == {"admin"}


def test_the_page_shows_who_holds_what(admin, tito):
    page = admin.get("/app/areas/").content.decode()
    assert "Técnica" in page
    assert "Administrador del sistema" in page


@pytest.mark.parametrize("path", ["/app/areas/", "/app/areas/nueva/", "/app/cargos/nuevo/", "/app/accesos/"])
def test_management_does_not_change_rights(sign_in, gina, path):
    assert sign_in(gina).get(path).status_code == 403
