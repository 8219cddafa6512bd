"""The sign-in library's doors under the names it knows them by, each with its audience and a Spanish address."""

from allauth.account import views as library
from django.urls import path, re_path
from django.views.generic import RedirectView

from komaq.core.access import PUBLIC, SIGNED_IN, audience

anyone, insider = audience(PUBLIC), audience(SIGNED_IN)
KEY = r"(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)"

urlpatterns = [
    path("ingresar/", anyone(library.login), name="account_login"),
    path("salir/", anyone(library.logout), name="account_logout"),
    path("sin-acceso/", anyone(library.account_inactive), name="account_inactive"),
    path("crear/", anyone(RedirectView.as_view(pattern_name="customers:register")), name="account_signup"),
    path("confirmar/", insider(library.reauthenticate), name="account_reauthenticate"),
    path("correo/", insider(library.email), name="account_email"),
    path("correo/enviado/", anyone(library.email_verification_sent), name="account_email_verification_sent"),
    re_path(r"^correo/confirmar/(?P<key>[-:\w]+)/$", anyone(library.confirm_email), name="account_confirm_email"),
    path("clave/cambiar/", insider(library.password_change), name="account_change_password"),
    path("clave/elegir/", insider(library.password_set), name="account_set_password"),
    path("clave/", anyone(library.password_reset), name="account_reset_password"),
    path("clave/enviado/", anyone(library.password_reset_done), name="account_reset_password_done"),
    path("clave/lista/", anyone(library.password_reset_from_key_done), name="account_reset_password_from_key_done"),
    re_path(rf"^clave/nueva/{KEY}/$", anyone(library.password_reset_from_key), name="account_reset_password_from_key"),
]
