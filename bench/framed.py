"""The floor's views behind the product's own door: session, person, language, headers; nothing else.

What a page costs above this is its own doing: what it reads, decides and draws.
"""

from django.urls import path

from bench import floor
from komaq.core.access import PUBLIC, SIGNED_IN, audience

urlpatterns = [
    path(each.pattern._route, audience(PUBLIC if each.callback is floor.sign_in else SIGNED_IN)(each.callback))
    for each in floor.urlpatterns
]
