"""The API's access matrix: every operation x everybody x own, foreign and missing things, and nothing written.

What must come out is computed from what each door declares and from who owns what, as for the pages.
"""

import json

import pytest

from komaq.accounts.actions import make_key
from komaq.config.api import api
from komaq.config.docs import described
from komaq.core.access import Audience
from komaq.core.api import limits
from tests.architecture.test_access_matrix import ANDINOS, EVERYBODY, ILLAPA, SEES, fingerprint

STRANGER = "anonymous"
PREFIX = "/api/v1"
OPERATIONS = [
    operation
    for bound in api._get_bound_routers()
    for path_view in bound.path_operations.values()
    for operation in path_view.operations
]
# Taking one's data along is a deed: it stands in the trail.
WRITTEN_DOWN = {"export_me"}
EVERY_OPERATION = pytest.mark.parametrize("operation", OPERATIONS, ids=[each.operation_id for each in OPERATIONS])


@pytest.fixture(autouse=True)
def without_limits(settings):
    settings.API_PER_MINUTE = {"token": 1_000_000, "address": 1_000_000}
    limits.forget()


def names_of(operation):
    return operation.signature.path_params_names


def path_of(operation, things):
    return PREFIX + operation.path.format(**{name: things[name] for name in names_of(operation)})


def may_enter(operation, world, name):
    """200 when the audience admits, else what the gate says: 401 to strangers, 404 outside one's world, 403 within."""
    if name == STRANGER:
        return 401
    audience, user = operation.view_func.audience, world.people[name]
    if audience.admits(user):
        return 200
    return 403 if audience.knows(user) else 404


def sees(operation, name, side):
    return all(name in SEES[thing].get(side, ()) for thing in names_of(operation))


def required_query(operation):
    """The parameters an operation cannot do without, from their examples."""
    told = next(
        each
        for methods in described()["paths"].values()
        for each in methods.values()
        if each["operationId"] == operation.operation_id
    )
    wanted = [each for each in told["parameters"] if each["in"] == "query" and each["required"]]
    return {each["name"]: each["schema"]["examples"][0] for each in wanted}, told


def sent_by(operation):
    """The body and headers of a well-formed request that names nothing of ours."""
    _query, told = required_query(operation)
    content = told.get("requestBody", {}).get("content", {})
    headers = {"If-Match": '"1"'} if operation.view_func.versioned else {}
    if "multipart/form-data" in content:
        return {"data": {}}, headers
    example = content.get("application/json", {}).get("example", {})
    return {"data": json.dumps(example), "content_type": "application/json"}, headers


@EVERY_OPERATION
def test_every_operation_says_whom_it_is_for_and_names_known_things(operation):
    assert isinstance(operation.view_func.audience, Audience)
    assert set(names_of(operation)) <= set(SEES)
    assert operation.summary


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if "GET" in each.methods], ids=lambda each: each.operation_id
)
def test_reading(operation, world, record_property):
    """Each answers as computed, a foreign thing exactly as a missing one, and nothing is written."""
    before, cells = fingerprint(), 0
    query, _told = required_query(operation)
    for name in [*world.people, STRANGER]:
        missing = None
        for side in ("nowhere", "own", "foreign") if names_of(operation) else ("own",):
            path = path_of(operation, getattr(world, side))
            answer = world.clients[name].get(path, query)
            door_says = may_enter(operation, world, name)
            expected = door_says if door_says != 200 else 200 if sees(operation, name, side) else 404
            assert answer.status_code == expected, f"{name} GET {path} ({side}): {answer.content[:300]}"
            if expected == 404:
                missing = missing or answer.content
                assert answer.content == missing, f"{name} can tell {path} from what does not exist"
            cells += 1
    assert operation.operation_id in WRITTEN_DOWN or fingerprint() == before, f"GET {operation.path} wrote"
    record_property("cells", cells)


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if "GET" not in each.methods], ids=lambda each: each.operation_id
)
def test_writing_outside_ones_scope(operation, world, record_property):
    """Changes nothing, and what is somebody else's answers as what does not exist."""
    before, cells = fingerprint(), 0
    content, headers = sent_by(operation)
    (method,) = operation.methods
    for name in [*world.people, STRANGER]:
        for side in ("own", "foreign"):
            door_says = may_enter(operation, world, name)
            if door_says == 200 and sees(operation, name, side):
                continue
            client = world.clients[name]
            send = getattr(client, method.lower())
            answer = send(path_of(operation, getattr(world, side)), headers=headers, **content)
            lost = send(path_of(operation, world.nowhere), headers=headers, **content)
            expected = {404, 422} if door_says == 200 else {door_says}
            assert answer.status_code in expected, f"{name} {method} {operation.path} ({side}): {answer.content[:300]}"
            assert answer.content == lost.content, f"{name} can tell {operation.path} from what does not exist"
            cells += 1
    assert fingerprint() == before, f"{method} {operation.path} wrote"
    record_property("cells", cells)


def test_a_token_that_only_reads_writes_nothing(world):
    carla = world.people["carla"]
    _key, secret = make_key(user=carla, purpose="api", name="x", by=carla)
    before, tried = fingerprint(), 0
    for operation in OPERATIONS:
        if "GET" in operation.methods:
            continue
        content, headers = sent_by(operation)
        send = getattr(world.clients[STRANGER], operation.methods[0].lower())
        sent = {**headers, "Authorization": f"Bearer {secret}"}
        answer = send(path_of(operation, world.own), headers=sent, **content)
        assert answer.status_code == 403, operation.path
        tried += 1
    assert tried > 20
    assert fingerprint() == before


def rows_at(world, name):
    """Everything somebody can read by GET, with the searches and filters that could reach foreign rows."""
    for operation in OPERATIONS:
        if "GET" not in operation.methods:
            continue
        query, _told = required_query(operation)
        known = {n for m in operation.models if m.__ninja_param_source__ == "query" for n in m.__ninja_flatten_map__}
        for side in ("own", "foreign") if names_of(operation) else ("own",):
            path = path_of(operation, getattr(world, side))
            yield path, world.clients[name].get(path, query)
        if names_of(operation):
            continue
        filters = {"q": ["QUETZAL", "OS-", "Lazo"], "customer": [world.foreign["customer_id"]]}
        filters |= {"machine": [world.foreign["machine_id"]], "order": [world.foreign["order_id"]]}
        for parameter, values in filters.items():
            for value in values if parameter in known else ():
                yield path, world.clients[name].get(path, {**query, parameter: value})


@pytest.mark.parametrize("name", sorted(ANDINOS | ILLAPA | {"tito"}))
def test_nobody_meets_another_companys_rows(world, name):
    words = ["ZORZAL", "Carla", "Huamán"] if name in ILLAPA else ["QUETZAL", "Omar", "Lazo", "20990000027"]
    opened = 0
    for path, answer in rows_at(world, name):
        opened += answer.status_code == 200
        found = [word for word in words if word in answer.content.decode()]
        assert not found, f"{name} reads {found} at {path}"
    assert opened > 5


def test_the_matrix_knows_everybody(world):
    assert set(world.people) == EVERYBODY
