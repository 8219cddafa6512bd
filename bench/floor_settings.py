"""The floor: production's settings without middleware, and a few views that are as thin as a Django view can be."""

from komaq.config.settings.production import *  # noqa: F403  the same settings but for what stands here

INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.staticfiles", "django_tasks", "komaq.core"]
MIDDLEWARE = []
ROOT_URLCONF = "bench.floor"
WSGI_APPLICATION = None
