"""Django's admin as a council's own developer would set it up over the portal's tables: a change list of episodes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

import django
from django.apps import AppConfig
from django.conf import settings
from django.core.management import call_command
from sqlalchemy import make_url

VERSION = version("django")
LINES = 100


@dataclass(frozen=True)
class Address:
    """Where the change list is, and what a browser that has signed in sends along."""

    path: str
    cookies: dict[str, str]


class Portal(AppConfig):
    """What the portal's tables stand under in the admin."""

    name = "tests.bench"
    label = "portal"
    verbose_name = "Portal"


@cache
def set_up(database_url: str) -> None:
    """Django with its admin and nothing else, over the portal's database, as it would be served."""
    url = make_url(database_url)
    connection = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.database,
        "USER": url.username or "",
        "PASSWORD": url.password or "",
        "HOST": url.query.get("host") or url.host or "",
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": None,
    }
    settings.configure(
        DEBUG=False,
        ALLOWED_HOSTS=["*"],
        SECRET_KEY="only for benches, and long enough for it",
        ROOT_URLCONF="tests.bench.django_urls",
        DATABASES={"default": connection},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        STATIC_URL="/static/",
        INSTALLED_APPS=[
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "tests.bench.django_admin.Portal",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
    )
    django.setup()


def prepare(database_url: str) -> Address:
    """Django's own tables beside ours, and someone who has signed in to its admin."""
    set_up(database_url)
    call_command("migrate", verbosity=0)
    from django.contrib.auth.models import User
    from django.test import Client

    from tests.bench import django_urls

    someone = User.objects.first() or User.objects.create_superuser(
        "officer", "officer@bench.invalid", "umbrella gravel saxophone"
    )
    client = Client()
    client.force_login(someone)
    path = f"/admin/{django_urls.Episode._meta.app_label}/episode/"
    from django.db import connections

    connections.close_all()
    return Address(path, {name: morsel.value for name, morsel in client.cookies.items()})


def application(database_url: str) -> Callable[..., Any]:
    """What granian serves."""
    set_up(database_url)
    from django.core.handlers.wsgi import WSGIHandler

    handler: Callable[..., Any] = WSGIHandler()
    return handler
