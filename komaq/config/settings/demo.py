"""The demo: SQLite and media under var/demo, loopback only, mails kept in a folder instead of sent."""

from komaq.config.settings.base import *
from komaq.core.sqlite import SAFE_OPTIONS

VAR = env.folder("KOMAQ_DEMO_DIR", ROOT / "var" / "demo", private=True)
SECRET_KEY = env.secret("KOMAQ_DEMO_SECRET_KEY", VAR / "secret_key")
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = []
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(VAR / "komaq.sqlite3"),
        "OPTIONS": SAFE_OPTIONS,
        "CONN_MAX_AGE": 60,
    }
}
MEDIA_ROOT = env.folder("KOMAQ_DEMO_MEDIA", VAR / "media", private=True)
STORAGES["default"]["OPTIONS"]["location"] = str(MEDIA_ROOT)
STATIC_ROOT = env.folder("KOMAQ_DEMO_STATIC", VAR / "static")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(VAR / "mails")
STYLEGUIDE = True
LOGGING["root"]["level"] = "WARNING"
