"""Jobs: written with their cause, run at least once, never lost, given up visibly."""

import datetime
import os
import subprocess
import sys
import textwrap
import threading

import pytest

from komaq.core import clock, jobs
from komaq.core.action import action
from komaq.core.models import Job, JobState
from komaq.core.refusals import Refusal

pytestmark = pytest.mark.db

LATER = datetime.timedelta(seconds=31)
SEEN = []
STOPPED = threading.Event()


def note(word="ran"):
    SEEN.append(word)


def fail():
    raise RuntimeError("no hay red")


def stop_soon():
    SEEN.append("stopped")
    STOPPED.set()


@pytest.fixture
def declared():
    """`declared(name, function)` makes a job of these tests; all go away afterwards."""
    before, every = dict(jobs.registered), list(jobs.periodic)
    SEEN.clear()
    STOPPED.clear()

    def declare(name, function, **options):
        return jobs.job(name, **options)(function)

    yield declare
    jobs.registered.clear()
    jobs.registered.update(before)
    jobs.periodic[:] = every


@pytest.fixture
def done(declared):
    """A job "tests.note" that notes what it was given."""
    declared("tests.note", note)
    return SEEN


def test_a_job_runs_once_with_its_arguments(db, done):
    jobs.enqueue("tests.note", "hola")
    assert jobs.work_off() == 1
    assert jobs.work_off() == 0
    assert done == ["hola"]
    assert Job.objects.get().state == JobState.DONE


def test_it_is_wanted_only_if_its_cause_commits(db, done):
    @action
    def ask_and_refuse():
        jobs.enqueue("tests.note", "nunca")
        raise Refusal

    with pytest.raises(Refusal):
        ask_and_refuse()
    jobs.work_off()
    assert done == []


def test_a_key_makes_it_one(db, done):
    for _ in range(3):
        jobs.enqueue("tests.note", "una vez", dedupe="clave")
    jobs.work_off()
    jobs.enqueue("tests.note", "una vez", dedupe="clave")
    jobs.work_off()
    assert done == ["una vez"]


def test_it_waits_for_its_time(db, done):
    jobs.enqueue("tests.note", "mañana", after=datetime.timedelta(days=1))
    assert jobs.work_off() == 0
    with clock.travel(clock.now() + datetime.timedelta(days=1, seconds=1)):
        assert jobs.work_off() == 1


def test_a_failure_waits_longer_each_time_and_is_given_up_at_last(db, declared):
    declared("tests.fail", fail, max_attempts=4)
    jobs.enqueue("tests.fail")
    moment, waits = clock.now(), []
    for _ in range(4):
        with clock.travel(moment):
            assert jobs.work_off() == 1
            assert jobs.work_off() == 0
        found = Job.objects.get()
        waits.append((found.run_after - moment).total_seconds())
        moment = found.run_after
    assert waits[:3] == [2, 4, 8]
    assert found.state == JobState.DEAD
    assert "no hay red" in found.error
    with clock.travel(moment + datetime.timedelta(days=30)):
        assert jobs.work_off() == 0


def test_the_wait_has_a_limit(db, declared):
    declared("tests.fail", fail, max_attempts=40)
    jobs.enqueue("tests.fail")
    Job.objects.update(attempts=30)
    moment = clock.now()
    with clock.travel(moment):
        jobs.work_off()
    assert (Job.objects.get().run_after - moment).total_seconds() == jobs.LONGEST_DELAY


def test_a_job_that_runs_is_nobody_else_s(db, done):
    jobs.enqueue("tests.note", "a")
    held = jobs.claim("one")
    assert jobs.claim("two") is None
    with clock.travel(clock.now() + LATER):
        assert jobs.claim("two").pk == held.pk


def test_a_worker_thought_dead_does_not_overwrite_its_heir(db, done):
    jobs.enqueue("tests.note", "a")
    late = jobs.claim("one")
    with clock.travel(clock.now() + LATER):
        heir = jobs.claim("two")
    jobs.run(late)
    assert Job.objects.get().state == JobState.RUNNING
    jobs.run(heir)
    assert Job.objects.get().state == JobState.DONE


def test_a_job_that_kills_its_workers_is_given_up(db, declared):
    declared("tests.note", note, max_attempts=3)
    jobs.enqueue("tests.note", "mortal")
    moment = clock.now()
    for _ in range(3):
        with clock.travel(moment):
            assert jobs.claim("doomed")
            assert jobs.give_up_killers() == 0
        moment += LATER
    with clock.travel(moment):
        assert jobs.claim("next") is None
        assert jobs.give_up_killers() == 1
    assert Job.objects.get().state == JobState.DEAD


def test_urgent_ones_go_first(db, done):
    for word, priority in (("later", 0), ("first", 9)):
        jobs.enqueue("tests.note", word)
        Job.objects.filter(args=[word]).update(priority=priority)
    jobs.work_off()
    assert done == ["first", "later"]


def test_a_periodic_job_comes_once_per_interval(db, declared):
    declared("tests.tick", note, every_minutes=60)
    jobs.periodic[:] = [each for each in jobs.periodic if each.name == "tests.tick"]
    hour = datetime.datetime(2026, 11, 24, 15, 10, tzinfo=datetime.UTC)
    for moment in (hour, hour + datetime.timedelta(minutes=20), hour + datetime.timedelta(minutes=60)):
        with clock.travel(moment):
            jobs.plan_periodic()
            jobs.plan_periodic()
            jobs.work_off()
    assert len(SEEN) == 2


def test_the_tasks_api_writes_the_same_row(db, done):
    jobs.registered["tests.note"].enqueue("por la API")
    jobs.registered["tests.note"].using(run_after=clock.now() + datetime.timedelta(hours=1)).enqueue("luego")
    assert jobs.work_off() == 1
    assert done == ["por la API"]
    assert Job.objects.filter(state=JobState.READY, args=["luego"]).exists()


def test_a_name_without_a_job_fails_the_system_check():
    jobs.expects("tests.nowhere")
    try:
        assert [error.msg for error in jobs.check_names(None)] == ["No job is called tests.nowhere."]
    finally:
        jobs.wanted.discard("tests.nowhere")
    assert jobs.check_names(None) == []


def test_the_longest_waiting_job_is_known(db, done):
    assert jobs.oldest_due() is None
    jobs.enqueue("tests.note", "a")
    jobs.enqueue("tests.note", "b", after=datetime.timedelta(hours=1))
    assert jobs.oldest_due() == Job.objects.get(args=["a"]).run_after


@pytest.mark.django_db(transaction=True)
def test_a_worker_works_until_it_is_told_to_stop(declared):
    declared("tests.stop", stop_soon)
    jobs.periodic[:] = []
    jobs.enqueue("tests.stop")
    jobs.enqueue("tests.stop")
    jobs.work_until(STOPPED)
    assert SEEN == ["stopped"]
    assert Job.objects.filter(state=JobState.READY).count() == 1


WORKER = textwrap.dedent("""
    import django, signal
    django.setup()
    from komaq.core import jobs

    @jobs.job("tests.endless")
    def endless():
        print("started", flush=True)
        signal.pause()

    jobs.work_off("doomed")
""")


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_loses_nothing(declared, database_url):
    """kill -9 while a job runs: it is still held, and runs again once the lease is out."""
    declared("tests.endless", note)
    jobs.enqueue("tests.endless")
    settings = "komaq.config.settings.test"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings, "DATABASE_URL": database_url}
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603  ours
    with worker:
        assert worker.stdout.readline() == "started\n"
        worker.kill()
    assert Job.objects.get().state == JobState.RUNNING
    assert jobs.work_off() == 0, "its lease still holds"
    with clock.travel(clock.now() + LATER):
        assert jobs.work_off() == 1
    found = Job.objects.get()
    assert (SEEN, found.state, found.attempts) == (["ran"], JobState.DONE, 2)
