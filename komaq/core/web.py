"""The few lines every page shares: a form that ends in an action, and the answer to it."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

from komaq.core.once import form_once
from komaq.core.refusals import NotAllowed, Refusal, Stale


def submit(
    http: HttpRequest, form: forms.Form, do: Callable[..., Any], *, done: Callable[[Any], HttpResponse]
) -> HttpResponse | None:
    """Run `do(**cleaned_data)` when a posted form is sound, and answer with `done(result)`.

    None means: show the page again. Then the form holds what was typed and, beside its cause, why not.
    """
    if http.method != "POST" or not form.is_valid():
        return None
    try:
        result = do(**form.cleaned_data)
    except (NotAllowed, Stale):
        raise
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        return None
    return done(result)


def redirect_to(http: HttpRequest, target: Any, *, message: str = "") -> HttpResponse:
    """See the thing (an object with get_absolute_url, or a route's name) after the deed."""
    if message:
        messages.success(http, message)
    return HttpResponseRedirect(resolve_url(target))


class OnceField(forms.UUIDField):
    """The name of one filled form, so that sending it twice counts once."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        super().__init__(initial=uuid.uuid4, **options)


def once(do: Callable[..., Any]) -> Callable[..., Any]:
    """Let a form with a `form_key` count once, however often it is sent; the second time answers None."""

    def run(*, form_key: Any, **given: Any) -> Any:
        return form_once(form_key=form_key, do=do, given=given)

    return run


class SeveralField(forms.ModelMultipleChoiceField):
    """Several rows of a list; a key that no column can hold names none of them."""

    def clean(self, value: Any) -> QuerySet:
        try:
            return super().clean(value)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid_list"], code="invalid_list") from error
