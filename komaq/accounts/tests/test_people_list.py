"""The list of people: found, filtered, paged, exported, at a constant cost."""

import pytest

from conftest import make_staff


@pytest.fixture
def admin(sign_in, alex):
    return sign_in(alex)


def test_found_by_name_without_accents_and_filtered_by_area_and_state(admin, tito, ana):
    page = admin.get("/app/personas/?q=nunez").content.decode()
    assert "Alex Núñez" in page
    assert "Tito Ccori" not in page
    area = tito.person.employee.position_changes.get().position.area_id
    assert "Tito Ccori" in admin.get(f"/app/personas/?area={area}&state=active").content.decode()
    assert "Nadie coincide" in admin.get("/app/personas/?state=left").content.decode()


def test_a_bad_filter_or_cursor_never_breaks(admin):
    assert admin.get("/app/personas/?area=' OR 1&state=x").status_code == 200
    assert admin.get("/app/personas/?cursor=abc").status_code == 404
    assert admin.get("/app/personas/?sort=password").status_code == 404


def test_the_export_holds_the_rows_of_the_filter(admin, tito):
    text = b"".join(admin.get("/app/personas/exportar/?q=ccori").streaming_content).decode()
    assert '"Ccori","Tito","Técnica"' in text
    assert "Núñez" not in text


def test_formulas_leave_as_text(admin, tito):
    tito.person.given_names = "=HYPERLINK(1)"
    tito.person.save()
    text = b"".join(admin.get("/app/personas/exportar/").streaming_content).decode()
    assert "'=HYPERLINK(1)" in text


@pytest.mark.parametrize("path", ["/app/personas/", "/app/accesos/", "/app/areas/", "/app/auditoria/"])
def test_three_rows_cost_what_one_costs(admin, queries_of, path):
    admin.get(path)
    few = queries_of(lambda: admin.get(path))
    for number in range(3):
        make_staff(f"P{number}", "Quispe", f"p{number}@komaq.test", "technician")
    assert queries_of(lambda: admin.get(path)) == few <= 10


@pytest.mark.db
def test_the_search_finds_people_for_whom_may_read_them(admin, sign_in, tito, ana):
    assert "Tito Ccori" in admin.get("/app/buscar/?q=ccori").content.decode()
    assert "Tito Ccori" not in sign_in(ana).get("/app/buscar/?q=ccori").content.decode()
