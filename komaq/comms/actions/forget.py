from komaq.accounts.models import Person, User
from komaq.comms.models import Delivery, Message
from komaq.core import trail
from komaq.core.action import action
from komaq.core.models import OutgoingEmail

NOBODY = "borrado@komaq.invalid"


@action
def forget_person(person: Person) -> None:
    """Part of erasing a person: its name leaves the threads, its address and texts the e-mails we kept.

    What it wrote about a machine stays with the order (Código Civil, art. 2001: ten years), without its name.
    """
    authors = User.objects.filter(person=person).values("pk")
    Message.objects.filter(author_id__in=authors).update(author_name="–")
    letters = Delivery.objects.filter(person_id=person.pk, email__isnull=False)
    OutgoingEmail.objects.filter(delivery__in=letters).update(to=NOBODY, to_name="", text="", html="")
    trail.record("comms.person_forgotten", person)
