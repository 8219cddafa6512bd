"""Whatever the API's description allows, and much that it does not, gets a declared answer: never a failure of ours.

A property-based client reads the description, makes requests for every operation as each role and checks status, kind
of content and shape of each answer. Half of its requests are about things that exist.
"""

import zlib

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from komaq.accounts.actions import make_key
from komaq.config.wsgi import application
from komaq.core import clock
from komaq.core.api import limits
from komaq.core.models import Sequence
from tests.architecture.conftest import CAST, world
from tests.architecture.test_api_matrix import OPERATIONS

__all__ = ["world"]
load_all_checks()
HOLDS = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
REFUSES = [*HOLDS, *CHECKS.get_by_names(["negative_data_rejection"])]
EVERY = {each.operation_id for each in OPERATIONS}
THINGS = {
    "machine": "machine_id",
    "contact": "contact_id",
    "customer": "customer_id",
    "site": "site_id",
    "order": "order_id",
    "employee": "employee_id",
    "position": "position_id",
    "area": "area_id",
    "lead": "employee_id",
}


@pytest.fixture(autouse=True)
def without_limits(settings):
    settings.API_PER_MINUTE = {"token": 1_000_000, "address": 1_000_000}
    limits.forget()


@pytest.fixture(autouse=True)
def one_connection():
    """The requests of a test run in its transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def numbers_go_on(world):
    """The cast's machines have codes that no sequence gave."""
    Sequence.objects.create(prefix="MAQ", year=clock.today().year, last=100)


@pytest.fixture
def token_of(world):
    """The header that lets somebody in; none for a stranger."""

    def header(name):
        if name == "anonymous":
            return {}
        user = world.people[name]
        _key, secret = make_key(user=user, purpose="api", name="x", can_write=True, by=user)
        return {"Authorization": f"Bearer {secret}"}

    return header


def on_loopback(environ, start_response):
    """The product, asked from this machine."""
    return application({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)


def about_real_things(case, things):
    """The case with the keys of things that exist, so that it reaches behind the door."""
    for name in case.path_parameters:
        case.path_parameters[name] = str(things.get(name, case.path_parameters[name]))
    if isinstance(case.body, dict):
        case.body.update({name: str(things[key]) for name, key in THINGS.items() if name in case.body})
    case.query.pop("cursor", None)
    if "If-Match" in case.headers:
        case.headers["If-Match"] = '"1"'
    return case


def operations_for(name, world):
    """What somebody may enter, by operation id; a stranger tries everything."""
    if name == "anonymous":
        return {each.operation_id for each in OPERATIONS}
    return {each.operation_id for each in OPERATIONS if each.view_func.audience.admits(world.people[name])}


def share_of(name, world):
    """One role for each operation that somebody may enter: whom it falls to is the same in each run."""
    shares = {each: sorted(who for who in CAST if each in operations_for(who, world)) for each in EVERY}
    return {each for each, who in shares.items() if who and who[zlib.crc32(each.encode()) % len(who)] == name}


@pytest.mark.parametrize("name", [*CAST, "anonymous"])
def test_what_is_allowed_gets_a_declared_answer(world, token_of, name, request):
    """Every role at every door it may enter."""
    header, asked, mine = token_of(name), [], operations_for(name, world)

    def ask(case, real):
        case = about_real_things(case, world.own) if real else case
        answer = case.call(headers=header)
        case.validate_response(answer, checks=HOLDS)
        asked.append(answer.status_code)

    for operation in described_operations(mine):
        explore(operation.as_strategy(generation_mode=GenerationMode.POSITIVE), ask, request.config.option.rounds)
    assert len(asked) >= len(mine)


@pytest.mark.parametrize("name", CAST)
def test_what_is_not_allowed_is_refused(world, token_of, name, request):
    """Every door once, by a role that may enter it: nothing the description forbids is taken."""
    header, mine = token_of(name), share_of(name, world)

    def ask(case, _real):
        case.validate_response(case.call(headers=header), checks=REFUSES)

    for operation in described_operations(mine):
        if operation.body or operation.query:
            explore(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), ask, request.config.option.rounds)


def test_every_door_falls_to_somebody(world):
    assert set().union(*(share_of(name, world) for name in CAST)) == EVERY


def described_operations(wanted):
    description = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", on_loopback)
    for found in description.get_all_operations():
        operation = found.ok()
        if operation.definition.raw["operationId"] in wanted:
            yield operation


def explore(cases, ask, most):
    """Ask a bounded number of cases; what fails is made small."""

    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(cases, st.booleans())
    def run(case, real):
        ask(case, real)

    run()
