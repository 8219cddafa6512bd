from komaq.orders.models.catalogue import Problem, ServiceType
from komaq.orders.models.order import Segment, ServiceOrder, Task
from komaq.orders.models.planned_part import PlannedPart
from komaq.orders.models.request import ServiceRequest
from komaq.orders.models.visit import Absence, Assignment, Visit

__all__ = [
    "Absence",
    "Assignment",
    "PlannedPart",
    "Problem",
    "Segment",
    "ServiceOrder",
    "ServiceRequest",
    "ServiceType",
    "Task",
    "Visit",
]
