"""What the sign-in library does to our tables, as actions of ours."""

from allauth.account.models import EmailAddress

from komaq.accounts import notices, queries
from komaq.accounts.actions.users import end_sessions
from komaq.accounts.events import address_confirmed
from komaq.accounts.models import User
from komaq.core import clock, jobs, mail, trail
from komaq.core.action import action

RESET = jobs.expects("accounts.send_password_reset")


@action
def note_sign_in(*, user: User) -> None:
    """Somebody came in."""
    moment = clock.now()
    User.objects.filter(pk=user.pk).update(last_login=moment)
    user.last_login = moment
    trail.record("accounts.signed_in", user, by=user)


@action
def set_password(*, user: User, password: str) -> None:
    """Replace a password: every session ends but the one that the caller keeps."""
    user.set_password(password)
    User.objects.filter(pk=user.pk).update(password=user.password)
    end_sessions(user)
    user.refresh_from_db(fields=["session_round"])
    trail.record("accounts.password_changed", user, by=user)


@action
def choose_password(*, user: User, password: str) -> None:
    """Set a password by the link of a letter, which also confirms the address the letter went to."""
    set_password(user=user, password=password)
    address = EmailAddress.objects.filter(user=user, email=user.email, verified=False).first()
    if address and address.can_set_verified():
        EmailAddress.objects.filter(pk=address.pk).update(verified=True, primary=True)


@action
def confirm_email(*, address: EmailAddress) -> bool:
    """Make a confirmed address the one its user signs in with, alone. False when somebody else holds it."""
    taken = User.objects.filter(email=address.email).exclude(pk=address.user_id).exists()
    if taken or not address.can_set_verified():
        return False
    user = address.user
    before = user.email
    EmailAddress.objects.filter(user=user).exclude(pk=address.pk).delete()
    address.verified = address.primary = True
    address.save()
    User.objects.filter(pk=user.pk).update(email=address.email)
    user.email = address.email
    trail.record("accounts.email_confirmed", user, by=user, email=address.email, before=before)
    address_confirmed.send(sender=User, user=user)
    return True


@action
def ask_password_reset(*, email: str) -> None:
    """Ask for a link to choose a password. The request does the same whoever the address belongs to, if to anyone."""
    jobs.enqueue(RESET, email.strip().lower())


@action
def send_password_reset(*, email: str) -> None:
    """Send the link to whoever signs in with the address; to nobody otherwise."""
    user = queries.user_to_reset(email)
    if user is None:
        return
    letter = notices.password_reset(user)
    mail.queue(to=user.email, to_name=user.name, subject=letter.subject, text=letter.text, html=letter.html)
    trail.record("accounts.password_reset_sent", user)


@action
def queue_letter(*, to: str, letter: notices.Letter) -> None:
    """Write a letter of the sign-in library into the outbox."""
    mail.queue(to=to, subject=letter.subject, text=letter.text, html=letter.html)
