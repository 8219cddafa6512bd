"""What a meter shows, and what cannot be true."""

import datetime
from decimal import Decimal

import pytest

from komaq.core.refusals import NotAllowed
from komaq.core.trail import history
from komaq.customers.models import Site
from komaq.fleet import actions
from komaq.fleet.models import MeterReading


def form(value="120.5", when="2026-11-24T07:00", **more):
    return {"value": value, "read_at": when, "note": "", **more}


def test_a_reading_becomes_the_machines_meter(read, cat336, morning, ana):
    read(cat336, "12486.5")
    cat336.refresh_from_db()
    assert (cat336.meter, cat336.meter_at) == (Decimal("12486.5"), morning)
    reading = MeterReading.objects.get()
    assert (reading.source, reading.recorded_by_id) == ("office", ana.pk)
    assert [event.kind for event in history(cat336)] == ["fleet.meter_read"]


def test_the_same_reading_twice_is_one(read, cat336):
    assert read(cat336, "100").pk == read(cat336, "100").pk
    assert MeterReading.objects.count() == 1


def test_a_meter_never_runs_backwards(read, cat336):
    read(cat336, "100", days_ago=1)
    with pytest.raises(actions.BelowLast) as refused:
        read(cat336, "99.9")
    assert refused.value.field == "value"
    assert "100.0" in str(refused.value.message)


def test_a_machine_works_at_most_24_hours_a_day(read, cat336):
    read(cat336, "100", days_ago=2)
    with pytest.raises(actions.TooFast):
        read(cat336, "148.1")
    assert read(cat336, "148").value == 148


def test_an_odometer_has_a_pace_of_its_own(read, cat336):
    cat336.meter_unit = "km"
    cat336.save()
    read(cat336, "1000", days_ago=1)
    assert read(cat336, "1400").value == 1400


def test_nobody_has_read_the_future(read, cat336):
    with pytest.raises(actions.InFuture) as refused:
        read(cat336, "100", days_ago=-1)
    assert refused.value.field == "read_at"


def test_a_new_meter_starts_again_with_its_reason(read, cat336):
    read(cat336, "12486.5", days_ago=3)
    with pytest.raises(actions.ReasonNeeded) as refused:
        read(cat336, "2", replaced=True, note="  ")
    assert refused.value.field == "note"
    read(cat336, "2", days_ago=1, replaced=True, note="Tablero cambiado")
    read(cat336, "10")
    cat336.refresh_from_db()
    assert cat336.meter == 10


def test_a_late_note_fits_between_its_neighbours_and_is_not_the_meter(read, cat336):
    read(cat336, "100", days_ago=10)
    read(cat336, "200")
    with pytest.raises(actions.AboveNext):
        read(cat336, "201", days_ago=5)
    read(cat336, "150", days_ago=5)
    cat336.refresh_from_db()
    assert cat336.meter == 200


def test_a_late_note_before_a_new_meter_may_be_higher_than_it(read, cat336):
    read(cat336, "5000", days_ago=10)
    read(cat336, "1", replaced=True, note="Cambio")
    assert read(cat336, "5040", days_ago=5).value == 5040


@pytest.mark.parametrize("value", ["-1", "10000000", "NaN", "Infinity"])
def test_a_meter_shows_a_plain_number(read, cat336, value):
    with pytest.raises(actions.NoSuchReading):
        read(cat336, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("value", ""),
        ("value", "-1"),
        ("value", "many"),
        ("value", "1e99"),
        ("value", "1.234"),
        ("value", "50"),
        ("value", "999"),
        ("read_at", ""),
        ("read_at", "yesterday"),
        ("read_at", "2027-01-01T00:00"),
        ("read_at", "0001-01-01T00:00"),
        ("note", "x" * 201),
        ("note", "\x00"),
    ],
)
@pytest.mark.parametrize("door", ["/app/maquinas/{}/horometro/", "/portal/maquinas/{}/horometro/"])
def test_what_is_wrong_is_told_beside_its_field(sign_in, carla, ana, read, cat336, name, value, door):
    read(cat336, "100", days_ago=1)
    user = ana if door.startswith("/app") else carla
    page = sign_in(user).post(door.format(cat336.pk), {**form(note="Lectura de turno"), name: value})
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [name]
    assert f'id="id_{name}_error"' in page.content.decode()
    assert name == "note" or "Lectura de turno" in page.content.decode()
    assert MeterReading.objects.count() == 1


def test_the_reason_is_asked_beside_the_note(sign_in, ana, read, cat336):
    page = sign_in(ana).post(f"/app/maquinas/{cat336.pk}/horometro/", form(replaced="on"))
    assert list(page.context["form"].errors) == ["note"]


def test_office_and_owner_record(sign_in, nico, beto, cat336, morning):
    assert sign_in(nico).post(f"/app/maquinas/{cat336.pk}/horometro/", form()).url == f"/app/maquinas/{cat336.pk}/"
    answer = sign_in(beto).post(f"/portal/maquinas/{cat336.pk}/horometro/", form("121", "2026-11-24T07:30"))
    assert answer.url == f"/portal/maquinas/{cat336.pk}/"
    assert [each.source for each in MeterReading.objects.order_by("read_at")] == ["office", "customer"]


def test_a_technician_records_at_work(read, tito, cat336):
    assert read(cat336, "100", by=tito, source="technician").source == "technician"


def test_another_company_meets_nothing(sign_in, omar, cat336, read):
    path = f"/portal/maquinas/{cat336.pk}/horometro/"
    assert sign_in(omar).get(path).status_code == 404
    assert sign_in(omar).post(path, form()).status_code == 404
    with pytest.raises(NotAllowed):
        read(cat336, "100", by=omar)


def test_outside_ones_sites_there_is_nothing(sign_in, held, cat336, andinos, read):
    cat336.site = Site.objects.create(customer=andinos, name="Botadero 3", kind="mine")
    cat336.save()
    assert sign_in(held).post(f"/portal/maquinas/{cat336.pk}/horometro/", form()).status_code == 404
    with pytest.raises(NotAllowed):
        read(cat336, "100", by=held)


def test_a_system_administrator_records_nothing(read, alex, cat336):
    with pytest.raises(NotAllowed):
        read(cat336, "100", by=alex)


def test_the_page_draws_the_curve(sign_in, carla, read, cat336):
    client, path = sign_in(carla), f"/portal/maquinas/{cat336.pk}/"
    read(cat336, "100", days_ago=30)
    assert 'class="chart"' not in client.get(path).content.decode()
    read(cat336, "150.5")
    shown = client.get(path).content.decode()
    assert 'class="chart"' in shown
    assert "150.5" in shown


def test_the_moment_is_read_by_the_clock_in_lima(sign_in, ana, cat336, morning):
    sign_in(ana).post(f"/app/maquinas/{cat336.pk}/horometro/", form())
    assert MeterReading.objects.get().read_at == datetime.datetime(2026, 11, 24, 12, 0, tzinfo=datetime.UTC)
