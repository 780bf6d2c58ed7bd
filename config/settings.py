"""Every setting, in one typed place. Read docs/environment.md for what each variable means.

A door is a process: DOOR says which one this is, and with it which pages it serves, which
PostgreSQL role it is and which keys it may hold.
"""

from pathlib import Path

import csp.constants
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from mypost.common.env import Environment, WrongSetting

env = Environment()
ROOT = Path(__file__).resolve().parent.parent

# Which door this process is
DOORS = ("member_web", "sender", "operator_web", "worker", "cli")
DOOR = env.choice("MYPOST_DOOR", DOORS, "cli")
DEVELOPMENT = env.flag("MYPOST_DEVELOPMENT")
TEST_MODE = env.flag("MYPOST_TEST_MODE")
FAILPOINT = env.text("FAILPOINT", "")
if FAILPOINT and not TEST_MODE:
    raise WrongSetting("FAILPOINT is for tests: it needs MYPOST_TEST_MODE=1.")

# Addresses that people and programs see
MEMBER_URL = env.text("MYPOST_MEMBER_URL", "http://localhost:8000")
SENDER_URL = env.text("MYPOST_SENDER_URL", "http://localhost:8001")
OPERATOR_URL = env.text("MYPOST_OPERATOR_URL", "http://localhost:8002")
ALLOWED_HOSTS = env.names("MYPOST_ALLOWED_HOSTS", "localhost,127.0.0.1")
SECURE_COOKIES = env.flag("MYPOST_SECURE_COOKIES", default=not (DEVELOPMENT or TEST_MODE))

# Keys, by reference. A door without a file cannot do what that key does.
SECRET_KEY = env.text("SECRET_KEY", "only-for-commands" if DOOR == "cli" else None)
CUSTODIAN_KEY_FILE = env.path("MYPOST_CUSTODIAN_KEY_FILE")  # opens mailboxes
INTAKE_KEY_FILE = env.path("MYPOST_INTAKE_KEY_FILE")  # opens what is not yet delivered
LOG_KEY_FILE = env.path("MYPOST_LOG_KEY_FILE")  # signs checkpoints
LOG_NAME = env.text("MYPOST_LOG_NAME", "log.mypost.example")
LOG_VERIFIER_KEY = env.text("MYPOST_LOG_VERIFIER_KEY", "")

PERSON_KEY_FILE = env.path("MYPOST_PERSON_KEY_FILE")  # recognises one person in two accounts

# Cards: which certificates count, and who tells whether they still do
JPKI_WORLD = env.choice("MYPOST_JPKI_WORLD", ("sandbox", "production"), "production")
JPKI_TRUST_FOLDER = env.path("MYPOST_JPKI_TRUST_FOLDER")
JPKI_REVOCATION = env.choice("MYPOST_JPKI_REVOCATION", ("none", "crl", "ocsp", "platform"), "none")
JPKI_REVOCATION_URL = env.text("MYPOST_JPKI_REVOCATION_URL", "")
JPKI_PLATFORM_TOKEN = env.text("MYPOST_JPKI_PLATFORM_TOKEN", "")
CARD_CLIENT_URL = env.text("MYPOST_CARD_CLIENT_URL", "")  # where people use their card
AUTH_APP_URL = env.text("MYPOST_AUTH_APP_URL", "")  # デジタル認証アプリ
AUTH_APP_CLIENT_ID = env.text("MYPOST_AUTH_APP_CLIENT_ID", "mypost")
AUTH_APP_KEY_FILE = env.path("MYPOST_AUTH_APP_KEY_FILE")

# Paper: who prints and who carries
PRINT_SHOP_URL = env.text("MYPOST_PRINT_SHOP_URL", "")
PRINT_SHOP_TOKEN = env.text("MYPOST_PRINT_SHOP_TOKEN", "")
PRINT_SHOP_PUBLIC_KEY = env.text("MYPOST_PRINT_SHOP_PUBLIC_KEY", "")  # papers are sealed to it
CARRIER_URL = env.text("MYPOST_CARRIER_URL", "")
CARRIER_TOKEN = env.text("MYPOST_CARRIER_TOKEN", "")
RETURN_ADDRESS = env.text(
    "MYPOST_RETURN_ADDRESS", "〒979-9901　福島県みなと市港町1番2号　MyPost 返送係"
)
OFFICE_PHONE = env.text("MYPOST_OFFICE_PHONE", "0246-00-1200")

# Stores
STORE_FOLDER = env.path("MYPOST_STORE_FOLDER") or ROOT / "var" / "store"
LARGEST_DOCUMENT = env.number("MYPOST_LARGEST_DOCUMENT", 20_000_000, least=1)  # bytes
LARGEST_ITEMS_FILE = env.number("MYPOST_LARGEST_ITEMS_FILE", 100_000_000, least=1)  # bytes
CHUNK_SIZE = env.number("MYPOST_CHUNK_SIZE", 1_000, least=1)  # items in one transaction
STALLED_AFTER = env.number("MYPOST_STALLED_AFTER", 10, least=1)  # seconds without a heartbeat
CLAMD_ADDRESS = env.local_service("MYPOST_CLAMD_ADDRESS")
CLAMD_PATIENCE = env.number("MYPOST_CLAMD_PATIENCE", 30, least=1)  # seconds for one document

try:
    _database = conninfo_to_dict(
        env.text("DATABASE_URL", f"postgresql://mypost@/mypost?host={ROOT}/var/sockets")
    )
except ProgrammingError:  # its message may quote the password
    raise WrongSetting("DATABASE_URL must be postgresql://role@host:port/database.") from None
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.get("dbname", "mypost"),
        "USER": _database.get("user", "mypost"),
        "PASSWORD": _database.get("password", ""),
        "HOST": _database.get("host", ""),
        "PORT": _database.get("port", ""),
        "CONN_MAX_AGE": 0 if DOOR == "cli" else 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "mypost.evidence",
    "mypost.vault",
    "mypost.accounts",
    "mypost.verification",
    "mypost.members",
    "mypost.senders",
    "mypost.operators",
    "mypost.subscriptions",
    "mypost.notifications",
    "mypost.proofing",
    "mypost.letters",
    "mypost.intake",
    "mypost.printing",
    "mypost.entrypoints",  # template tags, signals
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mypost.entrypoints.middleware.PrivatePages",
    *(["mypost.entrypoints.sender_api.limits.ApiAnswers"] if DOOR in ("sender", "cli") else []),
]
ROOT_URLCONF = (
    f"config.urls.{DOOR}"
    if DOOR in ("member_web", "sender", "operator_web")
    else ("config.urls.member_web")
)
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "mypost.entrypoints.context.door",
            ],
        },
    }
]
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mail is unique, whatever its case: a constraint says so

# People
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [  # NIST SP 800-63B-4: length and a blocklist, no composition rules
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "mypost.accounts.passwords.ExpectedPasswords"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
ACCOUNT_ADAPTER = "mypost.entrypoints.signing_in.DoorAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "mypost.entrypoints.signing_in.NameForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True  # no mail holds a link with a token
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "MyPost: "
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 3  # the old one stays beside the new one for a while
ACCOUNT_REAUTHENTICATION_REQUIRED = True
SIGN_IN_LIMITS = {  # the address first: who is locked out uses up nothing of the neighbours'
    "login": "60/m/ip",
    "login_failed": "5/5m/key,60/m/ip",
}
ACCOUNT_RATE_LIMITS = False if TEST_MODE else SIGN_IN_LIMITS
MFA_ADAPTER = "mypost.entrypoints.passkeys.PasskeyAdapter"
MFA_FORMS = {
    "add_webauthn": "mypost.entrypoints.passkeys.AddPasskey",
    "edit_webauthn": "mypost.entrypoints.passkeys.RenamePasskey",
    "authenticate_webauthn": "mypost.entrypoints.passkeys.SecondStep",
    "login_webauthn": "mypost.entrypoints.passkeys.SignIn",
    "reauthenticate_webauthn": "mypost.entrypoints.passkeys.ConfirmAgain",
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # finger, face or PIN: then it counts as two factors
MFA_RATE_LIMITS = False if TEST_MODE else {"webauthn_login": "60/m/ip"}
MFA_TOTP_ISSUER = "MyPost"
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
EMAIL_HOST = env.text("MYPOST_SMTP_HOST", "localhost")
EMAIL_PORT = env.number("MYPOST_SMTP_PORT", 25, least=1)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("MYPOST_MAIL_FROM", "MyPost <no-reply@mypost.example>")

# Languages
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = sorted(path for path in (ROOT / "locale").glob("*") if path.is_dir())
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

# Cookies: localhost shares them between ports, so each door names its own
SESSION_COOKIE_NAME = f"{'__Host-' if SECURE_COOKIES else ''}mypost_{DOOR}_session"
CSRF_COOKIE_NAME = f"{'__Host-' if SECURE_COOKIES else ''}mypost_{DOOR}_csrf"
BROWSER_COOKIE_NAME = f"{'__Host-' if SECURE_COOKIES else ''}mypost_browser"  # known again
LANGUAGE_COOKIE_NAME = "mypost_language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "mypost.entrypoints.problems.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# What a browser may do with our pages
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [csp.constants.NONE],
        "script-src": [csp.constants.SELF],
        "style-src": [csp.constants.SELF],
        "img-src": [csp.constants.SELF, "data:"],
        "font-src": [csp.constants.SELF],
        "connect-src": [csp.constants.SELF],
        "frame-src": [csp.constants.SELF],
        # Browsers hold redirects of a form to this list too: the card's reader and the app.
        "form-action": [csp.constants.SELF, *filter(None, (CARD_CLIENT_URL, AUTH_APP_URL))],
        "base-uri": [csp.constants.NONE],
        "frame-ancestors": [csp.constants.NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE_COOKIES else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_COOKIES else None

# Uploads stay in memory: a temporary file would hold a letter in the clear
FILE_UPLOAD_HANDLERS = ["mypost.entrypoints.uploads.BoundedMemoryUpload"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# Files for browsers
STATIC_URL = "/static/"
STATIC_ROOT = env.path("MYPOST_STATIC_FOLDER") or ROOT / "var" / "static"
STATICFILES_DIRS = [ROOT / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "mypost.entrypoints.fonts.OwnFonts",
]
WHITENOISE_USE_FINDERS = DEVELOPMENT or TEST_MODE or DOOR == "cli"
WHITENOISE_AUTOREFRESH = TEST_MODE  # else every test client lists all files anew

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Limits on signing in lie here: whoever fills it up must not push them out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
PROCRASTINATE_ON_APP_READY = None

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.logs.WithoutContent",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.choice("MYPOST_LOG_LEVEL", LEVELS, "WARNING")},
}
