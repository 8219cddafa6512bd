from komaq.core.models.attachment import Attachment, AttachmentKind, AttachmentState
from komaq.core.models.event import Event, EventPayload
from komaq.core.models.installation import Installation
from komaq.core.models.job import Job, JobState
from komaq.core.models.kept_answer import KeptAnswer
from komaq.core.models.mail import MailState, OutgoingEmail
from komaq.core.models.rate import ExchangeRate
from komaq.core.models.sequence import Sequence

__all__ = [
    "Attachment",
    "AttachmentKind",
    "AttachmentState",
    "Event",
    "EventPayload",
    "ExchangeRate",
    "Installation",
    "Job",
    "JobState",
    "KeptAnswer",
    "MailState",
    "OutgoingEmail",
    "Sequence",
]
