import signal
import threading
from types import FrameType

from django.core.management.base import BaseCommand

from komaq.core import checks, jobs


class Command(BaseCommand):
    help = "Runs what pages put off: e-mails, photos, periodic work; as many as you like. Example: komaq worker"

    def handle(self, *args: object, **options: object) -> None:
        stopped = threading.Event()

        def stop(number: int, frame: FrameType | None) -> None:
            # from a thread: the signal may have interrupted the event's own wait
            threading.Thread(target=stopped.set).start()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        database = checks.gate()
        jobs.load()
        self.stdout.write(f"Worker {jobs.worker_name()} is ready on {database}.")
        jobs.work_until(stopped)
        self.stdout.write("The worker has stopped; what was waiting will run at the next start.")
