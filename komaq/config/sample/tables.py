"""The tables of a life of an order, and codes without gaps."""

from collections import defaultdict

from komaq.comms.models import Conversation, Delivery, Message
from komaq.config.sample import moments
from komaq.config.sample.store import Store
from komaq.core.models import OutgoingEmail, Sequence
from komaq.orders.models import Assignment, Segment, ServiceOrder, ServiceRequest, Task, Visit


class Tables:
    """Every table that orders write to, parents first."""

    def __init__(self, store: Store) -> None:
        self.orders = store.table(
            ServiceOrder,
            "code customer_id machine_id site_id contact_id service_type_id title description priority status "
            "status_since outcome approval_ground pause_reason wished_on respond_by due_at created_by_id created_at "
            "completed_at verified_at closed_at version search",
        )
        self.requests = store.table(
            ServiceRequest,
            "code customer_id machine_id site_id contact_id service_type_id description priority wished_on status "
            "reason order_id respond_by asked_by_id created_at decided_at search",
        )
        self.order_problems = store.table(ServiceOrder.problems.through, "serviceorder_id problem_id")
        self.request_problems = store.table(ServiceRequest.problems.through, "servicerequest_id problem_id")
        self.segments = store.table(Segment, "order_id title is_default")
        self.tasks = store.table(Task, "segment_id title minutes done_at done_by_id created_at")
        self.visits = store.table(
            Visit, "order_id kind state starts_at ends_at created_by_id created_at started_at ended_at version"
        )
        self.assignments = store.table(Assignment, "visit_id technician_id is_lead starts_at ends_at is_busy")
        self.conversations = store.table(Conversation, "subject_kind subject_id scope_customer_id opened_at")
        self.messages = store.table(Message, "conversation_id visibility author_id author_name text written_at")
        self.emails = store.table(OutgoingEmail, "message_id to to_name subject text state attempts created_at sent_at")
        self.deliveries = store.table(
            Delivery, "key kind channel person_id subject_kind subject_id scope_customer_id email_id created_at"
        )


class Codes:
    """Numbers as the product gives them: by prefix and year, without gaps."""

    def __init__(self) -> None:
        self.last: dict[tuple[str, int], int] = defaultdict(int)

    def take(self, prefix: str, day: int) -> str:
        year = moments.date_of(day).year
        self.last[prefix, year] += 1
        return f"{prefix}-{year}-{self.last[prefix, year]:06d}"

    def hand_over(self) -> None:
        """Let the product count on from here."""
        for (prefix, year), last in self.last.items():
            Sequence.objects.update_or_create(prefix=prefix, year=year, defaults={"last": last})
