"""A machine becomes known, by the office or by its owner."""

import re

import pytest

from komaq.core.refusals import NotAllowed
from komaq.core.trail import history
from komaq.customers.models import Site
from komaq.fleet import actions
from komaq.fleet.models import Machine, MachineModel

NEW = "/app/maquinas/nueva/"
OWN = "/portal/maquinas/nueva/"
SOUND = {
    "model": "",
    "brand": "Komatsu",
    "name": "PC450LC-8",
    "type": "excavator",
    "serial": "kmt 87 412",
    "year": "2019",
    "engine": "SAA6D125E-5",
    "fleet_number": "EX-07",
    "plate": "",
    "meter_unit": "h",
    "site": "",
}


def test_the_office_chooses_the_owner_first(sign_in, lola, andinos, illapa):
    client = sign_in(lola)
    assert f"?customer={andinos.pk}" in client.get(NEW).content.decode()
    assert f"?customer={andinos.pk}" not in client.get(f"{NEW}?q=illapa").content.decode()


def test_a_machine_of_a_new_model_is_added(sign_in, lola, andinos, tajo_sur):
    answer = sign_in(lola).post(f"{NEW}?customer={andinos.pk}", {**SOUND, "site": tajo_sur.pk})
    machine = Machine.objects.get()
    assert answer.url == f"/app/maquinas/{machine.pk}/"
    assert re.fullmatch(r"MAQ-\d{4}-000003", machine.code)
    assert (str(machine.model), machine.serial, machine.site) == ("Komatsu PC450LC-8", "KMT87412", tajo_sur)
    assert (machine.customer, machine.year, machine.fleet_number) == (andinos, 2019, "EX-07")
    assert [event.kind for event in history(machine)] == ["fleet.machine_added"]


def test_a_model_of_the_catalogue_is_used_again(lola, cat336, illapa):
    chosen = actions.add_machine(customer=illapa, model=cat336.model, serial="DKS09999", by=lola)
    written = actions.add_machine(customer=illapa, brand="cat", name=" 336 ", type="excavator", serial="X2", by=lola)
    assert chosen.model == written.model == cat336.model
    assert MachineModel.objects.count() == 1


def test_codes_follow_each_other(lola, andinos):
    facts = {"customer": andinos, "brand": "CAT", "name": "D8T", "type": "dozer", "by": lola}
    codes = [actions.add_machine(serial=serial, **facts).code[-6:] for serial in ("A", "B", "C")]
    assert codes == ["000003", "000004", "000005"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("brand", ""),
        ("name", ""),
        ("type", ""),
        ("type", "boat"),
        ("serial", ""),
        ("serial", "x" * 41),
        ("serial", "\x00"),
        ("year", "1949"),
        ("year", "2999"),
        ("year", "9" * 30),
        ("meter_unit", "miles"),
        ("model", "999"),
        ("site", "999"),
    ],
)
@pytest.mark.parametrize("door", ["office", "portal"])
def test_a_bad_answer_keeps_what_was_typed(sign_in, lola, carla, andinos, name, value, door):
    user, path = (lola, f"{NEW}?customer={andinos.pk}") if door == "office" else (carla, OWN)
    page = sign_in(user).post(path, {**SOUND, name: value})
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [name]
    assert "SAA6D125E-5" in page.content.decode()
    assert not Machine.objects.exists()


def test_a_serial_is_taken_once_and_says_nothing_of_its_owner(sign_in, omar, cat336):
    page = sign_in(omar).post(OWN, {**SOUND, "model": cat336.model_id, "serial": "dks01874"})
    assert list(page.context["form"].errors) == ["serial"]
    assert "Andinos" not in page.content.decode()
    assert Machine.objects.count() == 1


def test_a_client_adds_to_its_active_company(sign_in, carla, andinos, illapa):
    answer = sign_in(carla).post(OWN, {**SOUND, "customer": illapa.pk})
    machine = Machine.objects.get()
    assert machine.customer == andinos
    assert answer.url == f"/portal/maquinas/{machine.pk}/"


def test_who_is_held_to_a_site_adds_there_only(sign_in, held, andinos, tajo_sur):
    other = Site.objects.create(customer=andinos, name="Botadero 3", kind="mine")
    for site in ("", other.pk):
        page = sign_in(held).post(OWN, {**SOUND, "site": site})
        assert list(page.context["form"].errors) == ["site"]
    assert sign_in(held).post(OWN, {**SOUND, "site": tajo_sur.pk}).status_code == 302
    with pytest.raises(NotAllowed):
        actions.add_machine(customer=andinos, brand="A", name="B", type="dozer", serial="C", by=held)


def test_another_companys_site_is_no_choice(sign_in, omar, illapa, tajo_sur, lola):
    page = sign_in(omar).post(OWN, {**SOUND, "site": tajo_sur.pk})
    assert list(page.context["form"].errors) == ["site"]
    facts = {"customer": illapa, "brand": "A", "name": "B", "type": "dozer", "serial": "C"}
    with pytest.raises(actions.SiteOfAnother):
        actions.add_machine(**facts, site=tajo_sur, by=lola)


def test_a_model_is_needed(lola, andinos):
    with pytest.raises(actions.ModelNeeded):
        actions.add_machine(customer=andinos, brand="CAT", serial="X", by=lola)


def test_the_action_checks_the_company(omar, nico, tito, andinos):
    facts = {"customer": andinos, "brand": "A", "name": "B", "type": "dozer", "serial": "C"}
    for user in (omar, nico, tito):
        with pytest.raises(NotAllowed):
            actions.add_machine(**facts, by=user)


def test_logistics_is_refused_and_an_unknown_owner_not_found(sign_in, nico, lola, andinos):
    assert sign_in(nico).post(f"{NEW}?customer={andinos.pk}", SOUND).status_code == 403
    assert sign_in(lola).get(f"{NEW}?customer=999").status_code == 404
    assert sign_in(lola).get(f"{NEW}?customer=x").status_code == 200
