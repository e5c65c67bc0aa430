"""People who sign in, what they are designated to do, and what they are trained in."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models

from agencies.choices import Course, Duty
from agencies.models.county import Agency


class PersonManager(BaseUserManager["Person"]):
    def create_user(
        self, *, email: str, full_name: str, agency: Agency, password: str | None = None
    ) -> Person:
        """A person of one agency; without a password, one that cannot sign in until they set it themselves."""
        person = self.model(email=self.normalize_email(email), full_name=full_name, agency=agency)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who works for an agency of the county. There is no superuser: the database refuses one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=128)
    job_title = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="people")
    mandated_reporter = models.CharField(
        max_length=80, blank=True, help_text="Category under Penal Code 11165.7, as words."
    )
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(condition=models.Q(is_superuser=False), name="nobody_is_superuser"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Asked of a record, the section answers; there is no permission on a whole table for anybody."""
        if obj is None or not self.is_active:
            return False
        from django.contrib.auth import get_backends

        return any(
            backend.has_perm(self, perm, obj) for backend in get_backends() if hasattr(backend, "has_perm")
        )

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Designation(models.Model):
    """A director's written word that a person may act for the agency in one duty (WIC 18961.5(c))."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="designations")
    duty = models.CharField(max_length=20, choices=Duty.choices)
    designated_by = models.CharField(max_length=128, help_text="The director or designee who signed.")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "duty", "starts_on"], name="designation_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="designation_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(duty__in=Duty.values), name="designation_duty_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.duty}"


class Training(models.Model):
    """A course that a person has completed, with its proof (MOU Template VI.B, VII)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="trainings")
    course = models.CharField(max_length=20, choices=Course.choices)
    completed_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "course", "completed_on"], name="training_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(expires_on__isnull=True)
                | models.Q(expires_on__gte=models.F("completed_on")),
                name="training_expires_after_completion",
            ),
            models.CheckConstraint(
                condition=models.Q(course__in=Course.values), name="training_course_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.course}"
