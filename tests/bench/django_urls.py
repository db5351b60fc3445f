"""The portal's tables as Django's models, and the admin's list of them: the columns, filters and order of ours."""

from datetime import date
from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.urls import path

from ehe_portal.core.codes import Arrangement, Destination, Tier

LABEL = "portal"


class Account(models.Model):
    """An officer."""

    name = models.TextField()

    class Meta:
        """The portal's own table."""

        app_label = LABEL
        db_table = "account"
        managed = False

    def __str__(self) -> str:
        return str(self.name)


class Child(models.Model):
    """A child."""

    reference = models.TextField()
    legal_forename = models.TextField()
    legal_surname = models.TextField()
    preferred_name = models.TextField(null=True)
    sort_name = models.TextField()
    date_of_birth = models.DateField()

    class Meta:
        """The portal's own table."""

        app_label = LABEL
        db_table = "child"
        managed = False

    def __str__(self) -> str:
        return f"{self.legal_surname}, {self.legal_forename}"


class Episode(models.Model):
    """A child's time of education at home: what the list has a line of."""

    child = models.ForeignKey(Child, models.DO_NOTHING)
    authority_id = models.BigIntegerField()
    adviser = models.ForeignKey(Account, models.DO_NOTHING, null=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    accepted_at = models.DateTimeField(null=True)
    tier = models.TextField(choices=[(code.value, code.label) for code in Tier])
    arrangement = models.TextField(choices=[(code.value, code.label) for code in Arrangement])
    destination = models.TextField(null=True, choices=[(code.value, code.label) for code in Destination])

    class Meta:
        """The portal's own table."""

        app_label = LABEL
        db_table = "episode"
        managed = False


class ContactClock(models.Model):
    """An episode's contact clock."""

    episode = models.OneToOneField(Episode, models.DO_NOTHING, related_name="clock")
    due_on = models.DateField()
    lapsed_on = models.DateField(null=True)

    class Meta:
        """The portal's own table."""

        app_label = LABEL
        db_table = "contact_clock"
        managed = False


@admin.register(Episode)
class EpisodeAdmin(admin.ModelAdmin):
    """The list: open episodes by the child's name, each row read with one join."""

    list_display = ("child", "born", "opened_on", "tier", "adviser", "due", "status")
    list_filter = ("tier", "adviser")
    list_select_related = ("child", "adviser", "clock")
    list_per_page = 100
    ordering: ClassVar[list[str]] = ["child__sort_name", "child_id"]

    def get_queryset(self, request: Any) -> Any:
        """Those that are open."""
        return super().get_queryset(request).filter(closed_on=None)

    @admin.display(description="Date of birth")
    def born(self, episode: Any) -> date:
        """Of the child."""
        found: date = episode.child.date_of_birth
        return found

    @admin.display(description="Next contact due")
    def due(self, episode: Any) -> date:
        """By the clock."""
        found: date = episode.clock.due_on
        return found

    @admin.display(description="Status")
    def status(self, episode: Any) -> str:
        """As the register says it."""
        if episode.accepted_at is None:
            return "Waiting to be checked"
        return "Contact lapsed" if episode.clock.lapsed_on else str(episode.get_arrangement_display())


urlpatterns = [path("admin/", admin.site.urls)]
