"""What must hold before the product can be trusted with work."""

import datetime

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from komaq.core import checks, clock, jobs, search, triggers

LONGEST_WAIT = datetime.timedelta(minutes=15)


def faults() -> list[str]:
    """Why this installation cannot work now; nothing when it can. Raises DatabaseError when it has no database."""
    if found := checks.faults():
        return found
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return ["migrations are not applied: run komaq migrate"]
    found = []
    if missing := triggers.missing():
        found.append(f"guards are missing in the database: {', '.join(missing)}")
    if missing := search.missing():
        found.append(f"search indexes are missing in the database: {', '.join(missing)}; run komaq migrate")
    oldest = jobs.oldest_due()
    if oldest and clock.now() - oldest > LONGEST_WAIT:
        found.append(f"a job waits since {oldest.isoformat()}: is a worker running?")
    return found
