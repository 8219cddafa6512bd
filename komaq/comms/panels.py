"""What comms adds elsewhere: a person's messages and notices, the lamp of failed e-mails."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.comms import queries, rules
from komaq.core import registry


def failed(user: User) -> list[dict]:
    """A lamp while e-mails fail, for those who can send them again."""
    count = queries.failed_emails() if rules.can_send_email_again(user) else 0
    if not count:
        return []
    url = f"{reverse('comms:emails')}?state=failed"
    return [{"label": _("e-mails failed"), "icon": "mail", "count": count, "url": url, "tone": "late"}]


registry.lamps.append(failed)
registry.personal_data.append(queries.written_and_received_by)
