"""Settings: what a process is when nobody says anything, and what it refuses to be.

Each test reads the file anew, with an environment of its own.
"""

import os
import runpy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.functional import empty

from mypost.common.env import WrongSetting

ROOT = Path(__file__).resolve().parents[2]
DOORS = ("member_web", "sender", "operator_web", "worker", "cli")
PEOPLE = ("member_web", "sender", "operator_web")
YEAR = 31_536_000  # seconds


class Read:
    """config/settings.py under an environment that says this and nothing else."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, door: str = "cli", *, secret: str = "s", **said: str) -> dict[str, Any]:
        around = {"MYPOST_DOOR": door} | ({"SECRET_KEY": secret} if secret else {}) | said
        with self._monkeypatch.context() as machine:
            machine.setattr(os, "environ", around)
            return runpy.run_path(str(ROOT / "config/settings.py"))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    return Read(monkeypatch)


# What nobody says, is safe


@pytest.mark.parametrize("door", DOORS)
def test_a_door_is_safe_when_nobody_says_anything(read: Read, door: str) -> None:
    said = read(door)
    safe = {
        "DEVELOPMENT": False, "TEST_MODE": False, "FAILPOINT": "", "SECURE_COOKIES": True,
        "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True, "LANGUAGE_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": f"__Host-mypost_{door}_session",
        "CSRF_COOKIE_NAME": f"__Host-mypost_{door}_csrf",
        "BROWSER_COOKIE_NAME": "__Host-mypost_browser",
        "SECURE_HSTS_SECONDS": YEAR,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1"],
        "JPKI_WORLD": "production", "JPKI_REVOCATION": "none", "JPKI_TRUST_FOLDER": None,
        "CARD_CLIENT_URL": "", "AUTH_APP_URL": "", "CLAMD_ADDRESS": "",
        "WHITENOISE_USE_FINDERS": door == "cli", "WHITENOISE_AUTOREFRESH": False,
        "STORE_FOLDER": ROOT / "var/store", "STATIC_ROOT": ROOT / "var/static",
    }  # fmt: skip
    assert {name: said[name] for name in safe} == safe
    keys = [name for name in said if name.endswith("_KEY_FILE")]
    assert len(keys) == 5
    assert {said[key] for key in keys} == {None}


@pytest.mark.parametrize("door", DOORS)
def test_only_commands_do_without_a_secret(read: Read, door: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("kept in a file\n", encoding="utf-8")
    assert read(door, secret="", SECRET_KEY_FILE=str(file))["SECRET_KEY"] == "kept in a file"
    if door == "cli":
        read(door, secret="")
        return
    with pytest.raises(WrongSetting, match="SECRET_KEY is not set"):
        read(door, secret="")


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"MYPOST_DOOR": "members"}, "MYPOST_DOOR"),
        ({"MYPOST_SECURE_COOKIES": "true"}, "MYPOST_SECURE_COOKIES"),
        ({"MYPOST_JPKI_WORLD": "test"}, "MYPOST_JPKI_WORLD"),
        ({"MYPOST_JPKI_REVOCATION": "file"}, "MYPOST_JPKI_REVOCATION"),
        ({"MYPOST_CLAMD_ADDRESS": "/run/clamd.ctl"}, "MYPOST_CLAMD_ADDRESS"),
        ({"MYPOST_CLAMD_PATIENCE": "0"}, "MYPOST_CLAMD_PATIENCE"),
        ({"MYPOST_LARGEST_DOCUMENT": "0"}, "MYPOST_LARGEST_DOCUMENT"),
        ({"MYPOST_LARGEST_ITEMS_FILE": "0"}, "MYPOST_LARGEST_ITEMS_FILE"),
        ({"MYPOST_CHUNK_SIZE": "0"}, "MYPOST_CHUNK_SIZE"),
        ({"MYPOST_STALLED_AFTER": "0"}, "MYPOST_STALLED_AFTER"),
        ({"MYPOST_SMTP_PORT": "0"}, "MYPOST_SMTP_PORT"),
        ({"MYPOST_LOG_LEVEL": "warning"}, "MYPOST_LOG_LEVEL"),
        ({"DATABASE_URL": "db.example"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://mypost:secret@[db/mypost"}, "DATABASE_URL"),
        ({"FAILPOINT": "submit.before_commit:exit"}, "MYPOST_TEST_MODE"),
        ({"FAILPOINT": "a:raise", "MYPOST_DEVELOPMENT": "1"}, "MYPOST_TEST_MODE"),
    ],
)
def test_a_wrong_value_refuses_to_start_and_is_named(
    read: Read, said: dict[str, str], named: str
) -> None:
    with pytest.raises(WrongSetting, match=named) as told:
        read(**said)
    assert "secret" not in str(told.value)
    assert told.value.__suppress_context__ or told.value.__context__ is None


# What tests and one machine may loosen


@pytest.mark.parametrize(
    ("said", "secure"),
    [
        ({}, True),
        ({"MYPOST_DEVELOPMENT": "1"}, False),
        ({"MYPOST_TEST_MODE": "1"}, False),
        ({"MYPOST_SECURE_COOKIES": "0"}, False),
        ({"MYPOST_DEVELOPMENT": "1", "MYPOST_SECURE_COOKIES": "1"}, True),
    ],
)
def test_cookies_go_over_https_alone_except_on_one_machine(
    read: Read, said: dict[str, str], secure: bool
) -> None:
    settings = read("member_web", **said)
    for name in ("SESSION_COOKIE", "CSRF_COOKIE", "LANGUAGE_COOKIE"):
        assert settings[f"{name}_SECURE"] is secure
    assert settings["SESSION_COOKIE_NAME"].startswith("__Host-") is secure
    assert settings["CSRF_COOKIE_NAME"].startswith("__Host-") is secure
    assert settings["BROWSER_COOKIE_NAME"].startswith("__Host-") is secure
    assert settings["SECURE_HSTS_SECONDS"] == (YEAR if secure else 0)
    assert (settings["SECURE_PROXY_SSL_HEADER"] is not None) is secure


def test_only_tests_lift_the_limits_on_signing_in(read: Read) -> None:
    limits = {"login": "60/m/ip", "login_failed": "5/5m/key,60/m/ip"}
    for earnest in (read("member_web"), read("member_web", MYPOST_DEVELOPMENT="1")):
        assert earnest["ACCOUNT_RATE_LIMITS"] == limits
        assert earnest["MFA_RATE_LIMITS"] == {"webauthn_login": "60/m/ip"}
    test = read("member_web", MYPOST_TEST_MODE="1", FAILPOINT="a:raise")
    assert test["ACCOUNT_RATE_LIMITS"] is test["MFA_RATE_LIMITS"] is False
    assert test["FAILPOINT"] == "a:raise"


def test_collected_files_are_what_a_door_serves_in_earnest(read: Read) -> None:
    for variable in ("MYPOST_DEVELOPMENT", "MYPOST_TEST_MODE"):
        loose = read("member_web", **{variable: "1"})
        assert loose["WHITENOISE_USE_FINDERS"] is True
        assert loose["WHITENOISE_AUTOREFRESH"] is (variable == "MYPOST_TEST_MODE")


# What each door is


def test_it_keeps_its_files_where_it_is_told(read: Read) -> None:
    said = read(MYPOST_STORE_FOLDER="/srv/store", MYPOST_STATIC_FOLDER="/srv/static")
    assert (said["STORE_FOLDER"], said["STATIC_ROOT"]) == (Path("/srv/store"), Path("/srv/static"))


@pytest.mark.parametrize("door", DOORS)
def test_a_door_serves_its_own_pages(read: Read, door: str) -> None:
    settings = read(door)
    own = door if door in PEOPLE else "member_web"  # the others serve nothing, but write mails
    assert settings["ROOT_URLCONF"] == f"config.urls.{own}"
    api = "mypost.entrypoints.sender_api.limits.ApiAnswers"
    assert (api in settings["MIDDLEWARE"]) is (door in ("sender", "cli"))
    assert settings["DATABASES"]["default"]["CONN_MAX_AGE"] == (0 if door == "cli" else 600)


def test_a_door_is_its_own_role_of_its_database(read: Read) -> None:
    url = "postgresql://mypost_sender:secret@db.example:5433/post"
    database = read("sender", DATABASE_URL=url)["DATABASES"]["default"]
    assert database == {
        "ENGINE": "django.db.backends.postgresql", "NAME": "post", "USER": "mypost_sender",
        "PASSWORD": "secret", "HOST": "db.example", "PORT": "5433",
        "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True,
    }  # fmt: skip
    database = read(DATABASE_URL="postgresql://")["DATABASES"]["default"]
    assert [database[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "mypost", "mypost", "", "", ""
    ]  # fmt: skip
    database = read()["DATABASES"]["default"]
    assert (database["USER"], database["HOST"]) == ("mypost", f"{ROOT}/var/sockets")


def test_a_form_leads_to_us_and_to_where_people_use_their_card(read: Read) -> None:
    app = {"MYPOST_CARD_CLIENT_URL": "https://card.example", "MYPOST_AUTH_APP_URL": "https://app"}
    for said, allowed in (
        ({}, ["'self'"]),
        (app, ["'self'", "https://card.example", "https://app"]),
    ):
        policy = read("member_web", **said)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
        assert policy["form-action"] == allowed
        assert policy["connect-src"] == ["'self'"]


# What people were promised (README.md, docs/standards.tsv), whatever the environment says
PROMISED = {
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.ScryptPasswordHasher"],
    "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
    "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED": True,
    "ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED": True,
    "ACCOUNT_PREVENT_ENUMERATION": True,
    "ACCOUNT_SESSION_REMEMBER": False,
    "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": True,
    "ACCOUNT_EMAIL_NOTIFICATIONS": True,
    "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
    "MFA_WEBAUTHN_USER_VERIFICATION": "required",
    "SESSION_COOKIE_HTTPONLY": True,
    "CSRF_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "CSRF_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_AGE": timedelta(hours=12).total_seconds(),
    "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
    "LANGUAGE_COOKIE_AGE": YEAR,
    "SESSION_COOKIE_DOMAIN": empty,
    "DEBUG": empty,
    "LANGUAGE_CODE": "ja",
    "TIME_ZONE": "Asia/Tokyo",
    "USE_TZ": True,
    "EMAIL_TIMEOUT": 10,  # a mail server that hangs keeps no worker for ever
    "FILE_UPLOAD_HANDLERS": ["mypost.entrypoints.uploads.BoundedMemoryUpload"],
    "DATA_UPLOAD_MAX_MEMORY_SIZE": 2_500_000,
    "DATA_UPLOAD_MAX_NUMBER_FIELDS": 20_000,
}


@pytest.mark.parametrize("said", [{}, {"MYPOST_DEVELOPMENT": "1"}], ids=["earnest", "one machine"])
def test_what_was_promised_holds_whatever_is_said(read: Read, said: dict[str, str]) -> None:
    settings = read("member_web", **said)
    assert {name: settings.get(name, empty) for name in PROMISED} == PROMISED
    length = {rule["NAME"]: rule.get("OPTIONS") for rule in settings["AUTH_PASSWORD_VALIDATORS"]}
    place = "django.contrib.auth.password_validation."
    assert length == {  # NIST SP 800-63B-4 §3.1.1.2
        f"{place}MinimumLengthValidator": {"min_length": 15},
        f"{place}CommonPasswordValidator": None,
        f"{place}UserAttributeSimilarityValidator": {"user_attributes": ("email", "name")},
        "mypost.accounts.passwords.ExpectedPasswords": None,
    }


def test_every_line_of_the_log_is_written_without_content(read: Read) -> None:
    logging = read("worker")["LOGGING"]
    assert logging["root"] == {"handlers": ["stderr"], "level": "WARNING"}
    (handler,) = logging["handlers"].values()
    assert logging["formatters"][handler["formatter"]]["()"] == "config.logs.WithoutContent"
    assert read("worker", MYPOST_LOG_LEVEL="INFO")["LOGGING"]["root"]["level"] == "INFO"


def test_what_granian_serves_has_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    served = runpy.run_path(str(ROOT / "config/wsgi.py"))
    assert os.environ["DJANGO_SETTINGS_MODULE"] == "config.settings"
    assert callable(served["application"])
