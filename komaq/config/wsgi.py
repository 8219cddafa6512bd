import os

from django.core.wsgi import get_wsgi_application

from komaq.config.cli import settings_module
from komaq.core.bodies import whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_module())
application = whole_bodies(get_wsgi_application())
