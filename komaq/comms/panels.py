"""What comms adds elsewhere: a person's messages and notices, the lamp of failed e-mails."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.comms import queries, rules
from komaq.comms.actions import forget_person
from komaq.core import registry


def failed(user: User) -> Iterator[registry.Lamp]:
    """A lamp while e-mails fail, for those who can send them again."""
    if rules.can_send_email_again(user):
        url = f"{reverse('comms:emails')}?state=failed"
        rows = queries.failed_emails()
        yield registry.Lamp(_("e-mails failed"), "mail", url, "late", rows, dark_at_zero=True)


registry.lamps.append(failed)
registry.personal_data.append(queries.written_and_received_by)
registry.erasures.append(forget_person)
