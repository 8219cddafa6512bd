"""The suite: fast password hashes, mails in memory, a guard that refuses writes outside actions."""

import os

from komaq.config.settings.base import *
from komaq.core.sqlite import SAFE_OPTIONS

SECRET_KEY = "only-for-tests"
SITE_URL = "http://testserver"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = []
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
DATABASES["default"]["CONN_MAX_AGE"] = 0
DURABLE = False
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / f"test-{os.getpid()}.sqlite3")}
    DATABASES["default"]["OPTIONS"] = {
        **SAFE_OPTIONS,
        "init_command": f"{SAFE_OPTIONS['init_command']};PRAGMA synchronous=OFF",
    }
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MIDDLEWARE = ["komaq.core.middleware.writes_only_in_actions", *MIDDLEWARE]
STYLEGUIDE = True
LOGGING["root"]["level"] = "ERROR"
