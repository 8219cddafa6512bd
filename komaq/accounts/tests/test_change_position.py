"""From post to post: on its day, open sessions included; recorded, never overwritten, withdrawn before its day."""

import datetime

import pytest

from komaq.accounts import actions, queries
from komaq.accounts.models import Employee, PositionChange, User
from komaq.core import clock
from komaq.core.models import Event


def move(client, employee, post, day, reason="Cubre la vacante"):
    form = {"position": post.pk, "effective_on": day.isoformat(), "reason": reason}
    return client.post(f"/app/personas/{employee.pk}/cambio/", form)


@pytest.fixture
def admin(sign_in, alex):
    return sign_in(alex)


def test_rights_follow_on_the_day_in_an_open_session(admin, client, tito, clerk, sales_post, tomorrow):
    session = type(client)()
    session.force_login(tito)
    move(admin, clerk, sales_post, tomorrow)
    assert session.get("/campo/").status_code == 200
    assert session.get("/app/clientes/").status_code == 403
    with clock.travel(clock.lima(tomorrow, 0, 1)):
        assert session.get("/campo/").status_code == 403
        assert session.get("/app/clientes/").status_code == 200


def test_today_works_with_the_next_request(admin, client, tito, clerk, sales_post):
    session = type(client)()
    session.force_login(tito)
    move(admin, clerk, sales_post, clock.today())
    assert session.get("/app/clientes/").status_code == 200


def test_author_reason_and_day_stay_and_nothing_is_overwritten(admin, alex, clerk, sales_post):
    move(admin, clerk, sales_post, clock.today(), reason="Conoce las flotas")
    first, second = clerk.position_changes.order_by("id")
    assert first.position.name == "technician"
    assert (second.position, second.decided_by, second.reason) == (sales_post, alex, "Conoce las flotas")
    day = clock.today() - datetime.timedelta(days=1)
    assert queries.position_on(clerk, day).position.name == "technician"
    page = admin.get(f"/app/personas/{clerk.pk}/").content.decode()
    assert "Conoce las flotas" in page
    assert "<b>Alex Núñez</b> cambió el cargo: Asesora comercial" in page


def test_a_plan_shows_what_changes_and_can_be_withdrawn(admin, clerk, sales_post, tomorrow):
    move(admin, clerk, sales_post, tomorrow)
    page = admin.get(f"/app/personas/{clerk.pk}/").content.decode()
    assert "Cotizar y vender" in page
    assert "por venir" in page
    admin.post(f"/app/personas/{clerk.pk}/cambio/retirar/")
    assert queries.planned_change(clerk) is None
    assert PositionChange.with_withdrawn.filter(employee=clerk).count() == 2
    with clock.travel(clock.lima(tomorrow, 9)):
        assert User.objects.get(person=clerk.person).roles == {"technician"}
    assert Event.objects.filter(kind="accounts.position_change_withdrawn").count() == 1


def test_what_has_come_cannot_be_withdrawn(admin, clerk, sales_post, tomorrow):
    move(admin, clerk, sales_post, tomorrow)
    with clock.travel(clock.lima(tomorrow, 9)):
        admin.post(f"/app/personas/{clerk.pk}/cambio/retirar/")
    assert PositionChange.objects.filter(employee=clerk).count() == 2


def test_one_plan_at_a_time(admin, clerk, sales_post, tomorrow):
    move(admin, clerk, sales_post, tomorrow)
    assert "Ya hay un cambio previsto" in move(admin, clerk, sales_post, tomorrow).content.decode()
    assert clerk.position_changes.count() == 2


def test_a_past_day_is_taken_while_it_rewrites_nothing(admin, clerk, sales_post):
    assert move(admin, clerk, sales_post, datetime.date(2026, 1, 5)).status_code == 302
    back = clerk.position_changes.order_by("id").first().position
    page = move(admin, clerk, back, datetime.date(2026, 1, 4)).content.decode()
    assert "ya regía otro cargo" in page
    assert "2026-01-04" in page
    assert clerk.position_changes.count() == 2


@pytest.mark.parametrize(("field", "value"), [("reason", ""), ("effective_on", "31/31/2026"), ("position", "999")])
def test_bad_input_changes_nothing_and_says_so(admin, clerk, sales_post, field, value):
    form = {"position": sales_post.pk, "effective_on": "2026-12-01", "reason": "Vacante", field: value}
    page = admin.post(f"/app/personas/{clerk.pk}/cambio/", form)
    assert page.status_code == 200
    assert "field__error" in page.content.decode()
    assert clerk.position_changes.count() == 1


def test_the_same_post_is_no_change(admin, clerk):
    same = clerk.position_changes.get().position
    assert "ya tiene ese cargo" in move(admin, clerk, same, clock.today()).content.decode()


def test_who_left_holds_no_post(admin, alex, clerk, sales_post):
    actions.end_employment(employee=clerk, left_on=clock.today(), reason="Renuncia", by=alex)
    assert "ya no trabaja aquí" in move(admin, clerk, sales_post, clock.today()).content.decode()


def test_the_last_administrator_keeps_the_post(admin, alex, sales_post, tomorrow):
    own = Employee.objects.get(person=alex.person)
    for day in (clock.today(), tomorrow):
        assert "sin administrador" in move(admin, own, sales_post, day).content.decode()
    assert own.position_changes.count() == 1


def test_a_plan_that_would_leave_nobody_on_its_day_is_refused(alex, ana, second_admin, sales_post, tomorrow):
    """Ana leaves the post tomorrow; so Alex may not be stopped today."""
    second_admin(ana)
    leaver = Employee.objects.get(person=ana.person)
    actions.change_position(employee=leaver, position=sales_post, effective_on=tomorrow, reason="Plan", by=alex)
    with pytest.raises(actions.LastAdmin):
        actions.disable_user(user=alex, reason="Baja", by=User.objects.get(pk=ana.pk))


def test_with_a_second_administrator_the_first_may_go(alex, ana, second_admin, sales_post):
    second_admin(ana)
    own = Employee.objects.get(person=alex.person)
    actions.change_position(employee=own, position=sales_post, effective_on=clock.today(), reason="Pase", by=alex)
    assert queries.active_admins(clock.today()) == {ana.pk}
