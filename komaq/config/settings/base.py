"""What holds in every profile. Values from outside come through komaq.config.environment."""

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from komaq.config import environment as env
from komaq.core.sqlite import SAFE_OPTIONS

ROOT = env.ROOT
VAR = env.folder("KOMAQ_VAR", ROOT / "var", private=True)
PROFILE = env.text("KOMAQ_PROFILE", "production")
DEBUG = False
STYLEGUIDE = False
SECRET_KEY = env.secret("KOMAQ_SECRET_KEY", VAR / "secret_key")
SITE_URL = env.text("KOMAQ_SITE_URL", "http://localhost:8000")
ALLOWED_HOSTS = env.words("KOMAQ_HOSTS", "localhost,127.0.0.1")
CSRF_TRUSTED_ORIGINS = env.words("KOMAQ_TRUSTED_ORIGINS", SITE_URL)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_htmx",
    "django_tasks",
    "komaq.core",
    "komaq.accounts",
    "komaq.comms",
    "komaq.customers",
    "komaq.fleet",
    "komaq.parts",
    "komaq.orders",
    "komaq.supply",
    "komaq.config",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "komaq.core.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "komaq.core.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "komaq.core.middleware.sound_body",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "komaq.core.middleware.audience",
    "komaq.core.middleware.private_pages",
    "komaq.core.middleware.refusals_as_answers",
]

ROOT_URLCONF = "komaq.config.urls"
WSGI_APPLICATION = "komaq.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "komaq.config.menu.frame",
            ],
        },
    },
]

DATABASE_URL = env.text("DATABASE_URL", f"sqlite:///{VAR / 'komaq.sqlite3'}")
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SAFE_OPTIONS
DURABLE = True  # the start refuses a database that does not wait for its disk
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["komaq.accounts.adapters.SignInBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "komaq.accounts.forms.sign_in.PasswordNotTooLong"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/inicio/"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("KOMAQ_BEHIND_PROXY", False) else None
SECURE_SSL_REDIRECT = SITE_URL.startswith("https://")
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # what neighbours of the host name speak is not ours to say
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

ACCOUNT_ADAPTER = "komaq.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "/cuentas/mis-datos/"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {
    "login": "komaq.accounts.forms.sign_in.LoginForm",
    "reset_password": "komaq.accounts.forms.sign_in.ResetPasswordForm",
    "reset_password_from_key": "komaq.accounts.forms.sign_in.ResetPasswordKeyForm",
    "change_password": "komaq.accounts.forms.sign_in.ChangePasswordForm",
    "set_password": "komaq.accounts.forms.sign_in.SetPasswordForm",
    "add_email": "komaq.accounts.forms.sign_in.AddEmailForm",
    "reauthenticate": "komaq.accounts.forms.sign_in.ReauthenticateForm",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE_SSL_REDIRECT else "http"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "signup": "20/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

COMPANY = {
    "name": "Komaq Service S.A.C.",
    "trade_name": "Komaq Service",
    "phone": "+51 1 205 4000",
    "email": "servicio@komaq.example",
    "address": "Av. Industrial 1580, Ate, Lima",
    "ruc": "20990000086",
}

LANGUAGE_CODE = "es-pe"
LANGUAGES = [("es-pe", _("Spanish")), ("en", _("English"))]
FORMAT_MODULE_PATH = ["komaq.config.formats"]
TIME_ZONE = "America/Lima"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("KOMAQ_STATIC", VAR / "static")
MEDIA_ROOT = env.folder("KOMAQ_MEDIA", VAR / "media", private=True)
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(MEDIA_ROOT)},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
REQUEST_MAX_BYTES = DATA_UPLOAD_MAX_NUMBER_FILES * UPLOAD_MAX_BYTES + 5 * 1024 * 1024

API_PER_MINUTE = {
    "token": env.number("KOMAQ_API_PER_TOKEN", 600),
    "address": env.number("KOMAQ_API_PER_ADDRESS", 1200),
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("KOMAQ_SMTP_HOST", "localhost")
EMAIL_PORT = env.number("KOMAQ_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("KOMAQ_SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.text("KOMAQ_SMTP_PASSWORD", "")
EMAIL_USE_TLS = env.flag("KOMAQ_SMTP_TLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("KOMAQ_MAIL_FROM", "Komaq Service <servicio@komaq.example>")

TASKS = {"default": {"BACKEND": "komaq.core.jobs.LeaseBackend", "QUEUES": []}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "komaq.core.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {"gunicorn.http.wsgi": {"level": "ERROR"}},  # it warns of each HEAD request, whose body it drops anyway
    "root": {"handlers": ["stderr"], "level": env.text("KOMAQ_LOG_LEVEL", "INFO")},
}
