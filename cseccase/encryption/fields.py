"""Model fields that reach the database only sealed.

A value is sealed when its row is saved and opened when its attribute is first read, each time for the row's own place
(table, column, object id), so reading a list costs only what it shows. History rows share the place of their record.
What PostgreSQL would have to do with the plain value is refused with a sentence: `filter`, `order_by`, `values`,
`update`. Searching goes through blind tokens (`cseccase.encryption.tokens`), sorting through what is not sealed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, NoReturn

from django.apps import apps
from django.core import checks
from django.core.exceptions import FieldError, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import lookups
from django.db.models.expressions import Col
from django.db.models.query_utils import DeferredAttribute

from cseccase.encryption.seal import Place, SealBroken, seal, unseal

OBJECT_ID = "id"


class SealedFieldRefused(FieldError):
    """A query asked the database to look into a sealed column."""


class Sealed:
    """Bytes as they stand in the database, not opened yet. They say nothing when printed."""

    __slots__ = ("content",)

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __repr__(self) -> str:
        return "<sealed>"

    def __str__(self) -> NoReturn:
        raise SealedFieldRefused("A sealed value came out of a query by itself; read the record instead.")


class SealedCol(Col):
    """A sealed column in a query: it may be fetched with its record, nothing else."""

    def resolve_expression(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise _refusal(self.target, "sort by or compute with")


class OfTheColumn:
    """A lookup that asks the column as it stands, without looking into it."""

    lhs: Any

    def process_lhs(self, compiler: Any, connection: Any, lhs: Any = None) -> Any:
        return compiler.compile(lhs or self.lhs)


class IsNull(OfTheColumn, lookups.IsNull):  # type: ignore[misc]
    """`field__isnull`: whether there is a value."""


class Blank(OfTheColumn, models.Lookup):  # type: ignore[type-arg,misc]
    """`field__blank=True`: whether anything is written there; that much the database may know."""

    lookup_name = "blank"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if isinstance(self.lhs, models.Value):  # a constraint asked of a record in hand
            return ("TRUE" if (self.lhs.value in ("", {}, None)) == self.rhs else "FALSE"), []
        column, params = self.process_lhs(compiler, connection)
        return f"octet_length({column}) {'=' if self.rhs else '>'} 0", params


class OpenedAttribute(DeferredAttribute):
    """Opens the value when it is first read, and keeps it."""

    field: SealedField

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = instance.__dict__[self.field.attname] = self.field.opened(value, instance)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(models.Field):  # type: ignore[type-arg]
    """What every sealed field does; subclasses say how a value becomes bytes and back."""

    descriptor_class = OpenedAttribute

    def to_bytes(self, value: Any) -> bytes:
        raise NotImplementedError

    def of_bytes(self, plain: bytes) -> Any:
        raise NotImplementedError

    def get_internal_type(self) -> str:
        return "BinaryField"

    def place_in(self, instance: models.Model) -> Place:
        """Where this field's value of this row stands. A history row stands where its record does."""
        record = getattr(type(instance), "instance_type", type(instance))
        return Place(record._meta.db_table, str(self.column), getattr(instance, OBJECT_ID))

    def opened(self, value: Sealed, instance: models.Model) -> Any:
        return self.of_bytes(unseal(value.content, self.place_in(instance)))

    def sealed(self, value: Any, place: Place) -> Sealed | None:
        return None if value is None else Sealed(seal(self.to_bytes(value), place))

    # --- out of the database and into it ---------------------------------------------------------------------------
    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if hasattr(value, "resolve_expression"):
            raise _refusal(self, "compute")
        if getattr(model_instance, OBJECT_ID) is None:
            raise SealBroken(f"{self.model.__name__} has no id yet; a sealed value belongs to one.")
        return self.sealed(value, self.place_in(model_instance))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise _refusal(self, "write without its record")
        return connection.Database.Binary(value.content)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return self.get_db_prep_value(value, connection)

    def get_prep_value(self, value: Any) -> Any:
        return value

    # --- what the database may not do ------------------------------------------------------------------------------
    def get_lookup(self, lookup_name: str) -> Any:
        known = {"isnull": IsNull, "blank": Blank}.get(lookup_name)
        if known is None:
            raise _refusal(self, "filter by")
        return known

    def get_transform(self, lookup_name: str) -> NoReturn:
        raise _refusal(self, "filter by")

    def get_col(self, alias: str, output_field: Any = None) -> Any:
        return SealedCol(alias, self, output_field or self)

    @property
    def cached_col(self) -> Any:  # type: ignore[override]
        return SealedCol(self.model._meta.db_table, self)

    def select_format(self, compiler: Any, sql: str, params: Any) -> Any:
        if not compiler.query.default_cols:
            raise _refusal(self, "read with values() or compute with")
        return sql, params

    def check(self, **kwargs: Any) -> list[Any]:
        problems = super().check(**kwargs)
        if self.unique or getattr(self, "db_index", False) or self.primary_key or self.choices:
            problems.append(
                checks.Error(
                    "A sealed field has no key, no index and no choices.", obj=self, id="encryption.E001"
                )
            )
        return problems


def _refusal(field: Any, verb: str) -> SealedFieldRefused:
    return SealedFieldRefused(
        f"{field.model.__name__}.{field.name} is encrypted: the database cannot {verb} it. Read and save records; "
        "search by blind tokens."
    )


class EncryptedTextField(SealedField, models.TextField):  # type: ignore[type-arg]
    """Words of people. `max_length` counts characters and holds on every way into the table."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators = [*self.validators, MaxLengthValidator(self.max_length)]

    def to_bytes(self, value: Any) -> bytes:
        text = str(value)
        if self.max_length is not None and len(text) > self.max_length:
            raise ValidationError(f"At most {self.max_length} characters.", code="max_length")
        return text.encode()

    def of_bytes(self, plain: bytes) -> str:
        return plain.decode()


class EncryptedDateField(SealedField, models.DateField):  # type: ignore[type-arg]
    """A day that identifies somebody."""

    def to_bytes(self, value: Any) -> bytes:
        day: date | None = self.to_python(value)
        return b"" if day is None else day.isoformat().encode()

    def of_bytes(self, plain: bytes) -> date | None:
        return date.fromisoformat(plain.decode()) if plain else None


class EncryptedJSONField(SealedField, models.JSONField):  # type: ignore[type-arg]
    """Facts and words together. The empty object is stored as nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("encoder", DjangoJSONEncoder)
        super().__init__(*args, **kwargs)

    def to_bytes(self, value: Any) -> bytes:
        return b"" if value == {} else json.dumps(value, cls=self.encoder, separators=(",", ":")).encode()

    def of_bytes(self, plain: bytes) -> Any:
        return json.loads(plain, cls=self.decoder) if plain else {}


def sealed_fields(model: type[models.Model]) -> list[SealedField]:
    """The sealed fields of one model, or of its history."""
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedField)]


def sealed_models() -> Iterator[type[models.Model]]:
    """Every table that holds something sealed, histories included."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and sealed_fields(model):
            yield model
