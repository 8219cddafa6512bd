"""The sign-in library's hook: its writes become our actions, its mails our rows, its links our address."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from komaq.accounts import actions, notices
from komaq.accounts.models import User


class SignInBackend(AuthenticationBackend):
    """Reads who is signed in and what for in one."""

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.with_roles().filter(pk=user_id, is_active=True).first()


class AccountAdapter(DefaultAccountAdapter):
    """Nothing here tells whether an address has an account, nor trusts the host a request names."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail and the password do not match."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes and try again."),
        "enter_current_password": _("That is not your present password."),
        "incorrect_password": _("The password does not match."),
        "duplicate_email": _("That is the address you already sign in with."),
        "email_taken": _("That address cannot be used."),
        "invalid_password_reset": _("The link is no longer valid."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """A stopped access answers like a wrong password."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def set_password(self, user: User, password: str) -> None:
        actions.set_password(user=user, password=password)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        before = email_address.user.email
        confirmed = actions.confirm_email(address=email_address)
        if confirmed and before != email_address.email:
            told = {"from_email": before, "to_email": email_address.email}
            self.send_notification_mail("account/email/email_changed", email_address.user, told, email=before)
        if confirmed:
            messages.success(request, _("Your address %(email)s is confirmed.") % {"email": email_address.email})
        else:
            messages.error(request, _("%(email)s cannot be confirmed.") % {"email": email_address.email})
        return confirmed

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the outbox, in the language of the person it is for."""
        user = context.get("user")
        language = user.person.language if isinstance(user, User) else translation.get_language()
        letter = notices.letter(template_prefix, language=language, email=email, **context)
        actions.queue_letter(to=email, letter=letter)

    def send_account_already_exists_mail(self, email: str) -> None:
        url = f"{settings.SITE_URL}{reverse('account_reset_password')}"
        self.send_mail("account/email/account_already_exists", email, {"password_reset_url": url})

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return f"{settings.SITE_URL}{reverse('account_confirm_email', args=[emailconfirmation.key])}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:me")

    def is_safe_url(self, url: str) -> bool:
        """Only our own paths: a whole address, even of a host we answer to, leads nowhere."""
        ours = url.startswith("/") and not url.startswith("//") and url.isprintable()
        return ours and super().is_safe_url(url)
