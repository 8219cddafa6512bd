"""One action, one transaction: the only lawful way to write."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, models, transaction

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)

RETRIES = 3
PATIENCE_S = 10
"""Seconds after which a locked database is not asked again: who waits for the answer has waited long enough."""
_lawful: ContextVar[bool] = ContextVar("lawful", default=False)
_undo: ContextVar[list[Callable[[], object]] | None] = ContextVar("undo", default=None)


def in_action() -> bool:
    """Whether an action is running here."""
    return _lawful.get()


@contextmanager
def lawful() -> Iterator[None]:
    token = _lawful.set(True)
    try:
        yield
    finally:
        _lawful.reset(token)


@contextmanager
def undoing() -> Iterator[None]:
    """Take back, when what runs inside fails, what no rollback takes back."""
    outer, steps = _undo.get(), []
    token = _undo.set(steps)
    try:
        yield
    except BaseException:
        for step in reversed(steps):
            step()
        raise
    else:
        if outer is not None:
            outer.extend(steps)
    finally:
        _undo.reset(token)


def undo_on_failure(step: Callable[[], object]) -> None:
    """Have `step` run if the surrounding `undoing` block fails; without one it is forgotten. It must not raise."""
    steps = _undo.get()
    if steps is not None:
        steps.append(step)


def is_lock_conflict(error: OperationalError) -> bool:
    text = str(error).lower()
    return any(word in text for word in ("locked", "deadlock detected", "could not serialize"))


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run a write in its transaction; nested in another action it becomes a savepoint.

    The outermost tries a locked database again, three times with jitter.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if in_action():
            with undoing(), transaction.atomic():
                return function(*args, **kwargs)
        return _outermost(function, *args, **kwargs)

    return run


def _outermost(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    retriable = not transaction.get_connection().in_atomic_block
    deadline = time.monotonic() + PATIENCE_S
    for attempt in range(RETRIES + 1):
        try:
            with lawful(), undoing(), transaction.atomic():
                return function(*args, **kwargs)
        except OperationalError as error:
            spent = attempt == RETRIES or time.monotonic() > deadline
            if spent or not retriable or not is_lock_conflict(error):
                raise
            time.sleep(random.uniform(0.02, 0.2) * (attempt + 1))  # noqa: S311  jitter, not a secret
    raise AssertionError("unreachable")


def lock(thing: M) -> M:
    """The row as it stands now, locked until the action ends (SQLite: the whole database already is)."""
    return thing._meta.model._base_manager.select_for_update(of=("self",)).get(pk=thing.pk)
