"""Durable jobs behind Django's Tasks API: rows written with their cause, leased while they run.

A killed worker's lease runs out and its job runs again; a failed one waits longer each time and is given up at
last. So a job runs at least once, and its effects must bear a repetition.
"""

import datetime
import logging
import os
import socket
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core import checks
from django.db import Error, connection, models, transaction
from django.db.models import F
from django.utils.module_loading import autodiscover_modules
from django_tasks import TaskResult, task
from django_tasks.backends.base import BaseTaskBackend

from komaq.core import clock
from komaq.core.models import Job, JobState

log = logging.getLogger(__name__)
LEASE = datetime.timedelta(seconds=30)
FIRST_DELAY = 2.0
LONGEST_DELAY = 3600.0


@dataclass(frozen=True)
class Every:
    """A job that comes back by itself: `name` each `minutes`, once however many workers there are."""

    name: str
    minutes: int


registered: dict[str, Any] = {}
periodic: list[Every] = []
wanted: set[str] = set()


def job(name: str, *, every_minutes: int | None = None, max_attempts: int = 8) -> Callable:
    """Declare a function of ids as the job `name` ("orders.render_pdf")."""

    def declare(function: Callable) -> Callable:
        function.max_attempts = max_attempts
        registered[name] = task()(function)
        if every_minutes:
            periodic.append(Every(name, every_minutes))
        return function

    return declare


def enqueue(name: str, *args: object, after: datetime.timedelta | None = None, dedupe: str | None = None) -> None:
    """Ask for a job in the caller's transaction. With `dedupe`, once for that key."""
    started = clock.now() + after if after else clock.now()
    values = {"name": name, "args": list(args), "run_after": started, "created_at": clock.now()}
    if name in registered:
        values["max_attempts"] = registered[name].func.max_attempts
    if dedupe:
        Job.objects.get_or_create(dedupe=dedupe, defaults=values)
    else:
        Job.objects.create(**values)


class LeaseBackend(BaseTaskBackend):
    """Django's Tasks API on the job table: `task.enqueue()` writes a row."""

    supports_defer = True
    supports_async_task = False
    supports_get_result = False

    def enqueue(self, task: Any, args: tuple, kwargs: dict) -> TaskResult | None:
        self.validate_task(task)
        name = next(name for name, known in registered.items() if known.func is task.func)
        after = task.run_after - clock.now() if task.run_after else None
        enqueue(name, *args, after=after)
        return None


def load() -> None:
    """Import every room's jobs.py, so that names are known."""
    autodiscover_modules("jobs")


def claim(worker: str) -> Job | None:
    """Lease the next due job, or one whose worker died."""
    moment = clock.now()
    due = models.Q(state=JobState.READY, run_after__lte=moment)
    lost = models.Q(state=JobState.RUNNING, lease_until__lt=moment, attempts__lt=F("max_attempts"))
    with transaction.atomic():
        rows = Job.objects.filter(due | lost).order_by("-priority", "run_after", "id")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        found = rows.first()
        if found is None:
            return None
        found.state, found.worker = JobState.RUNNING, worker
        found.attempts += 1
        found.lease_until = moment + LEASE
        found.save(update_fields=["state", "worker", "attempts", "lease_until"])
    return found


def give_up_killers() -> int:
    """Give up the jobs at which every worker died: they would take down the next one too. How many they were."""
    lost = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=clock.now(), attempts__gte=F("max_attempts"))
    given_up = lost.update(state=JobState.DEAD, finished_at=clock.now(), error="Each worker that ran it was killed.")
    if given_up:
        log.error("jobs given up: no worker survived them", extra={"jobs": given_up})
    return given_up


def run(claimed: Job) -> bool:
    """Run a claimed job and write how it ended. True when it is done."""
    beat = Heartbeat(claimed)
    beat.start()
    try:
        registered[claimed.name].func(*claimed.args)
    except Exception:  # noqa: BLE001  whatever a job raises is written down and tried again
        _failed(claimed, traceback.format_exc(limit=20))
        return False
    finally:
        beat.stop()
    _finish(claimed, state=JobState.DONE, finished_at=clock.now(), error="")
    return True


def _failed(claimed: Job, error: str) -> None:
    log.error("job failed", extra={"job": claimed.pk, "job_name": claimed.name, "error": error})
    if claimed.attempts >= claimed.max_attempts:
        _finish(claimed, state=JobState.DEAD, finished_at=clock.now(), error=error)
        return
    delay = min(FIRST_DELAY * 2 ** (claimed.attempts - 1), LONGEST_DELAY)
    again = clock.now() + datetime.timedelta(seconds=delay)
    _finish(claimed, state=JobState.READY, run_after=again, lease_until=None, error=error)


def _finish(claimed: Job, **values: object) -> None:
    """Only the holder of the lease writes the end: a worker thought dead cannot overwrite its heir."""
    Job.objects.filter(pk=claimed.pk, state=JobState.RUNNING, attempts=claimed.attempts).update(**values)


class Heartbeat(threading.Thread):
    """Prolongs the lease while a job runs; holds a connection of its own."""

    def __init__(self, claimed: Job) -> None:
        super().__init__(daemon=True)
        self.claimed = claimed
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(LEASE.total_seconds() / 3):
            try:
                Job.objects.filter(pk=self.claimed.pk, attempts=self.claimed.attempts).update(
                    lease_until=clock.now() + LEASE
                )
            except Error as error:
                log.warning("a lease could not be prolonged: %s", error, extra={"job": self.claimed.pk})
            finally:
                connection.close()

    def stop(self) -> None:
        self.ended.set()
        self.join()


def plan_periodic() -> None:
    """Enqueue each periodic job once for its present interval."""
    for each in periodic:
        slot = int(clock.now().timestamp() // (each.minutes * 60))
        enqueue(each.name, dedupe=f"{each.name}@{slot}")


def work_off(worker: str | None = None, *, limit: int = 10_000) -> int:
    """Run what is due until nothing is left; the number of jobs run."""
    name = worker or worker_name()
    count = 0
    while count < limit and (claimed := claim(name)):
        run(claimed)
        count += 1
    return count


def work_until(stopped: threading.Event) -> None:
    """Be a worker: plan, run what is due, rest a second, until somebody sets `stopped`."""
    name = worker_name()
    while not stopped.is_set():
        try:
            plan_periodic()
            give_up_killers()
            while not stopped.is_set() and work_off(name, limit=1):
                pass
        except Error as error:
            log.warning("the database does not take work now: %s", error)
            connection.close()
        stopped.wait(1)


def oldest_due() -> datetime.datetime | None:
    """Since when the longest waiting job is due; None when none waits."""
    due = Job.objects.filter(state=JobState.READY, run_after__lte=clock.now()).order_by("run_after")
    return due.values_list("run_after", flat=True).first()


def seen_since(moment: datetime.datetime) -> bool:
    """Whether a worker ended a job after `moment`, or holds one now."""
    ended = models.Q(finished_at__gte=moment)
    held = models.Q(state=JobState.RUNNING, lease_until__gte=clock.now())
    return Job.objects.filter(ended | held).exists()


def worker_name() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


@checks.register
def check_names(app_configs: object, **kwargs: object) -> list[checks.Error]:
    """Every name that code enqueues by `expects()` has its job."""
    load()
    return [
        checks.Error(f"No job is called {name}.", hint="Declare it with @job in a jobs.py.", id="core.E002")
        for name in sorted(wanted - registered.keys())
    ]


def expects(name: str) -> str:
    """Name a job that this module enqueues, so that the system check can find a missing one."""
    wanted.add(name)
    return name
