"""The access matrix: every address x everybody x own, foreign and missing things x page, fragment and form.

What must come out is computed here from what each view declares and from who owns what, never from the answer.
"""

import hashlib
import re
from itertools import product

from django.db import connection

from komaq.accounts.choices import Permission
from komaq.core.access import Audience
from tests.architecture.conftest import doors

OFFICE = {"ana", "lola", "nico", "fina", "gina"}
ANDINOS, ILLAPA = {"carla", "beto"}, {"omar"}
EVERYBODY = {"carla", "beto", "tito", "ana", "lola", "nico", "fina", "gina", "alex", "omar"}
STRANGER = "anonymous"

# Who sees a thing of Andinos and one of Illapa, by the name it has in addresses.
# Tito is sent to Andinos, Rosa to Illapa.
WORK = {"own": OFFICE | ANDINOS | {"tito"}, "foreign": OFFICE | ILLAPA}
COMPANY = {"own": OFFICE | ANDINOS, "foreign": OFFICE | ILLAPA}
INTERNAL = {"own": EVERYBODY - ANDINOS - ILLAPA, "foreign": EVERYBODY - ANDINOS - ILLAPA}
CATALOGUE = dict.fromkeys(("own", "foreign"), OFFICE | {"tito"})
SUPPLY = dict.fromkeys(("own", "foreign"), OFFICE - {"ana"})
SEES = {
    "order_id": WORK,
    "segment_id": WORK,
    "planned_id": WORK,
    "task_id": WORK,
    "visit_id": WORK,
    "attachment_id": WORK,
    "request_id": COMPANY,
    "machine_id": WORK,
    "customer_id": COMPANY,
    "site_id": COMPANY,
    "contact_id": COMPANY,
    "user_id": {"own": ANDINOS | {"alex"}, "foreign": ILLAPA | {"alex"}},
    "absence_id": {"own": {"ana", "gina"}, "foreign": {"ana", "gina"}},
    "employee_id": INTERNAL,
    "position_id": INTERNAL,
    "area_id": INTERNAL,
    "change_id": INTERNAL,
    "certification_id": INTERNAL,
    # a key is its holder's alone; whoever knows a feed's address reads it, signed in or not
    "key_id": {"own": {"beto"}, "foreign": {"omar"}},
    "token": dict.fromkeys(("own", "foreign"), EVERYBODY | {STRANGER}),
    # the catalogue has no owner: whoever works with parts sees all of it
    "part_id": CATALOGUE,
    "link_id": CATALOGUE,
    "warehouse_id": CATALOGUE,
    "reservation_id": CATALOGUE,
    "email_id": {"own": {"alex", "ana", "gina"}, "foreign": {"alex", "ana", "gina"}},
    "supplier_id": SUPPLY,
    "supplier_contact_id": SUPPLY,
    "account_id": SUPPLY,
    "need_id": SUPPLY,
    "purchase_id": SUPPLY,
    "line_id": SUPPLY,
    "receipt_id": SUPPLY,
    "receipt_line_id": SUPPLY,
    "claim_id": SUPPLY,
    "quotation_id": SUPPLY,
    "invite_id": SUPPLY,
    "offer_line_id": SUPPLY,
    # whoever knows a supplier's link opens what it opens, signed in or not
    "secret": dict.fromkeys(("own", "foreign"), EVERYBODY | {STRANGER}),
    # keys of links in mails: a wrong one shows a page that says so
    "key": dict.fromkeys(("own", "foreign", "nowhere"), EVERYBODY | {"anonymous"}),
    "uidb36": dict.fromkeys(("own", "foreign", "nowhere"), EVERYBODY | {"anonymous"}),
}
LOGIN = "/cuentas/ingresar/?next="

# Doors that keep a deed to a permission narrower than their audience: who lacks it gets 403.
DEMANDS = {
    "customers:new": Permission.MANAGE_CUSTOMERS,
    "customers:edit": Permission.MANAGE_CUSTOMERS,
    "customers:contact-new": Permission.MANAGE_CUSTOMERS,
    "customers:contact-invite": Permission.MANAGE_CUSTOMERS,
    "customers:contact-edit": Permission.MANAGE_CUSTOMERS,
    "customers:site-new": Permission.MANAGE_CUSTOMERS,
    "customers:site-edit": Permission.MANAGE_CUSTOMERS,
    "fleet:new": Permission.MANAGE_CUSTOMERS,
    "fleet:edit": Permission.MANAGE_CUSTOMERS,
    "fleet:move": Permission.MANAGE_CUSTOMERS,
    "supply:supplier-new": Permission.MANAGE_PARTS,
    "supply:supplier-edit": Permission.MANAGE_PARTS,
    "supply:supplier-contact-new": Permission.MANAGE_PARTS,
    "supply:supplier-contact": Permission.MANAGE_PARTS,
    "supply:account-new": (Permission.MANAGE_PARTS, Permission.MANAGE_MONEY),
    "supply:paper-new": Permission.MANAGE_PARTS,
    "supply:price-new": Permission.MANAGE_PARTS,
    "parts:warehouse-new": Permission.MANAGE_PARTS,
    "parts:warehouse-edit": Permission.MANAGE_PARTS,
    "parts:receive": Permission.MANAGE_PARTS,
    "parts:transfer": Permission.MANAGE_PARTS,
    "parts:adjust": Permission.MANAGE_PARTS,
    "parts:count-where": Permission.MANAGE_PARTS,
    "parts:count": Permission.MANAGE_PARTS,
    "parts:set-aside": Permission.MANAGE_PARTS,
    "parts:reservation-free": Permission.MANAGE_PARTS,
    "parts:new": Permission.MANAGE_PARTS,
    "parts:edit": Permission.MANAGE_PARTS,
    "parts:link": Permission.MANAGE_PARTS,
    "parts:photo": Permission.MANAGE_PARTS,
}
# Pages behind a supplier's link: without the cookie of its exchange there is one same page for everybody.
BEHIND_LINK = re.compile(r"^supply:(order|answer)(-|$)")
# Pages that ask for the words of one step; without its name they are nobody's.
QUERIES = {"orders:field-visit-step": "?to=failed", "orders:field-move": "?to=paused"}
# A page is asked for on each side; a fragment of what is missing and of what is foreign, or of the page without names.
PAGE, FRAGMENT = {}, {"HX-Request": "true"}
FORM = {"reason": "x", "text": "x", "version": "1", "to": "cancelled"}

# Tables that answers may write: sessions, the sign-in library, the cache, the log of who read personal records, the
# day on which a key was last used.
MAY_WRITE = re.compile(r"^(django_session|account_|mfa_|core_cache|sqlite_|accounts_(accessentry|accesskey|session))")


def fingerprint():
    """A digest of every row, but for sessions and the library's tables."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if not MAY_WRITE.match(table):
                cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  a name the database gave
                digest.update(repr((table, sorted(map(repr, cursor.fetchall())))).encode())
    return digest.hexdigest()


def read(answer):
    """The whole of an answer; files and exports come as streams, which reading ends."""
    return answer.getvalue()


def anonymised(answer, path):
    """An answer without what may differ between two missing things."""
    text = read(answer).decode(errors="replace").replace(path, "PATH")
    return re.sub(r'"\w{64}"|[0-9a-f]{16,}', "", text)


def may_open(door, world, name):
    """200 when the audience admits, else what its refusal is: 302 to sign in, 404 for strangers, 403 for colleagues."""
    audience = door.view.audience
    if audience.public:
        return 200
    if name == STRANGER:
        return 302
    user = world.people[name]
    if audience.admits(user):
        return 200
    return 403 if audience.knows(user) else 404


def sees(door, name, side):
    return all(name in SEES[thing].get(side, ()) for thing in door.names)


def is_a_page(door, world):
    """Whether the address can be read, not only be sent a form."""
    for name in [*world.people, STRANGER]:
        if may_open(door, world, name) == 200:
            return world.clients[name].get(door.path(world.own)).status_code != 405
    raise AssertionError(f"Nobody may open {door.name}.")


def expected_of(door, world, name, side, *, page):
    """The status that opening must give; 200 also stands for a page of ours that sends on."""
    door_says = may_open(door, world, name)
    if door_says != 200:
        return door_says
    if BEHIND_LINK.match(door.name):
        return 404
    if not page:
        return 405
    demanded = DEMANDS.get(door.name, ())
    demanded = demanded if isinstance(demanded, tuple) else (demanded,)
    if demanded and not any(world.people[name].has(each) for each in demanded):
        return 403
    return 200 if sees(door, name, side) else 404


def is_as_expected(answer, expected):
    to_login = answer.status_code == 302 and answer.url.startswith(LOGIN)
    if expected == 302:
        return to_login
    return answer.status_code == expected or (expected == 200 and answer.status_code == 302 and not to_login)


def test_every_address_has_a_name():
    assert [door for door in doors() if door.name.endswith("None")] == []


def test_every_address_says_whom_it_is_for(door):
    assert isinstance(getattr(door.view, "audience", None), Audience), f"{door.name} declares no @audience"
    assert set(door.names) <= set(SEES), f"{door.name} names a thing that the matrix does not know"


def test_reading(some_doors, world, record_property):
    """Every cell answers as computed, a foreign thing exactly as a missing one, and nothing is written."""
    record_property("cells", sum(cells_read(door, world) for door in some_doors))


def cells_read(door, world):
    page, before, cells = is_a_page(door, world), fingerprint(), 0
    sides = ("nowhere", "own", "foreign") if door.names else ("own",)
    for name, (headers, asked) in product([*world.people, STRANGER], ((PAGE, sides), (FRAGMENT, sides[::2]))):
        missing = None
        for side in asked:
            path = door.path(getattr(world, side)) + QUERIES.get(door.name, "")
            answer = world.clients[name].get(path, headers=headers)
            expected = expected_of(door, world, name, side, page=page)
            assert is_as_expected(answer, expected), f"{name} GET {path} ({side}, {headers}): {answer.status_code}"
            text = anonymised(answer, path)
            missing = missing or text
            assert expected != 404 or text == missing, f"{name} can tell {path} from what does not exist"
            cells += 1
    assert fingerprint() == before, f"GET {door.name} wrote"
    return cells


def test_sending_a_form_outside_ones_scope(some_doors, world, record_property):
    """Changes nothing, and what is somebody else's answers as what does not exist."""
    record_property("cells", sum(cells_sent(door, world) for door in some_doors))


def cells_sent(door, world):
    before, cells = fingerprint(), 0
    for name, side in product([*world.people, STRANGER], ("own", "foreign")):
        door_says = may_open(door, world, name)
        if door_says == 200 and sees(door, name, side):
            continue
        path, lost = door.path(getattr(world, side)), door.path(world.nowhere)
        answer = world.clients[name].post(path, FORM)
        expected = {405, 404} if door_says == 200 else {door_says}
        assert answer.status_code in expected, f"{name} POST {path} ({side}): {answer.status_code}, not {expected}"
        if answer.status_code == 404:
            assert anonymised(answer, path) == anonymised(world.clients[name].post(lost, FORM), lost)
        cells += 1
    assert fingerprint() == before, f"POST {door.name} wrote"
    return cells
