"""The shape of the house, as tests. Change a rule here only together with an ADR."""

import ast
import subprocess
from pathlib import Path

import grimp
import pytest
from django.apps import apps

ROOT = Path(__file__).parents[2]
CODE = ROOT / "komaq"
ROOMS = sorted(path.parent.name for path in CODE.glob("*/apps.py"))
FILES = [path for path in CODE.rglob("*.py") if not {"migrations", "tests"} & set(path.parts)]
PUBLIC = {"actions", "queries", "rules", "choices", "events", "fields", "models", "notices"}


def test_rooms_enter_other_rooms_only_by_public_shelves():
    """Core is the ground all stand on: its modules are open. A Notice is a value that rooms hand to comms."""
    graph = grimp.build_graph("komaq", cache_dir=None)
    trespass = []
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            source, target = ([*name.split("."), "", ""] for name in (importer, imported))
            crosses = {source[1], target[1]} <= set(ROOMS) and source[1] != target[1]
            inside = source[1] != "config" and target[1] != "core" and "tests" not in source
            if crosses and inside and target[2] not in PUBLIC:
                trespass.append(f"{importer} -> {imported}")
    assert trespass == []


def test_import_law():
    command = [ROOT / ".venv/bin/lint-imports", "--no-cache"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  a tool of ours
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CODE)))
def test_a_file_fits_on_a_few_screens(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_owns(room):
    assert ast.get_docstring(ast.parse((CODE / room / "__init__.py").read_text(encoding="utf-8")))


def test_rooms_are_installed():
    assert {config.name for config in apps.get_app_configs()} >= {f"komaq.{room}" for room in ROOMS}


def actions_in(room):
    for path in [*(CODE / room).glob("actions.py"), *(CODE / room / "actions").glob("*.py")]:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            marks = {mark.id for mark in getattr(node, "decorator_list", []) if isinstance(mark, ast.Name)}
            if "action" in marks and not node.name.startswith("_"):
                yield f"{room}: {node.name}", node.args


@pytest.mark.parametrize("room", [room for room in ROOMS if room not in {"core", "config"}])
def test_actions_are_called_by_name(room):
    """One thing may come first when the verb already says it: post(notice)."""
    found = dict(actions_in(room))
    assert [name for name, args in found.items() if len(args.args) > 1] == []
    assert found or not (CODE / room / "actions").exists()


def test_only_demo_and_tests_travel_in_time():
    travellers = {
        str(path.relative_to(CODE))
        for path in FILES
        if "clock.travel(" in path.read_text(encoding="utf-8") and "demo" not in path.parts
    }
    assert travellers == set()
