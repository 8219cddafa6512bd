from komaq.accounts.choices import Permission
from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import require
from komaq.orders import rules
from komaq.orders.actions.refusals import OrderIsFinal, TitleNeeded
from komaq.orders.models import Segment, ServiceOrder, Task
from komaq.orders.queries.scope import works_on


@action
def add_segment(*, order: ServiceOrder, title: str, system: str, payer: str, by: User) -> Segment:
    """Part an order by machine system and payer. Raises NotAllowed, OrderIsFinal, TitleNeeded."""
    require(rules.can_open_order(by))
    order = lock(order)
    require(not order.is_final, else_=OrderIsFinal(order))
    require(bool(title.strip()), else_=TitleNeeded())
    segment = Segment.objects.create(order=order, title=title.strip()[:120], system=system, payer=payer)
    trail.record("orders.segment_added", order, by=by, title=segment.title, system=system, payer=payer)
    return segment


@action
def add_task(*, segment: Segment, title: str, by: User, minutes: int | None = None) -> Task:
    """Plan a step of the work. Raises NotAllowed, OrderIsFinal, TitleNeeded."""
    order = lock(segment.order)
    require(rules.can_open_order(by) or works_on(by, order))
    require(not order.is_final, else_=OrderIsFinal(order))
    require(bool(title.strip()), else_=TitleNeeded())
    task = Task.objects.create(segment=segment, title=title.strip()[:160], minutes=minutes, created_at=clock.now())
    trail.record("orders.task_added", order, by=by, title=task.title)
    return task


@action
def tick_task(*, task: Task, done: bool, by: User) -> Task:
    """Tick a step off, or take the tick away; saying it twice changes nothing. Raises NotAllowed, OrderIsFinal."""
    order = lock(task.segment.order)
    require(by.has(Permission.PLAN_WORK) or works_on(by, order))
    require(not order.is_final, else_=OrderIsFinal(order))
    task = lock(task)
    if done == (task.done_at is not None):
        return task
    task.done_at, task.done_by = (clock.now(), by) if done else (None, None)
    task.save()
    trail.record("orders.task_ticked", order, by=by, title=task.title, done=done)
    return task
