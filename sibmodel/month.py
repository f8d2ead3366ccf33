"""A calendar month: the grain of every date in a deal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from sibmodel.quantities import fault, shown

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
_WRITTEN_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})(?:-([0-9]{1,2}))?(?:[T ]00:00(?::00(?:\.0+)?)?)?")


@dataclass(frozen=True, order=True)
class Month:
    """A year and a month, in order of time; `str` gives `2027-04`."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and EARLIEST_YEAR <= self.year <= LATEST_YEAR):
            raise ValueError(f"There is no month {self.year}-{self.month:02d} here.")

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def plus(self, months: int) -> Month:
        """The month that many months later; earlier when negative."""
        years, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(years, month + 1)

    def months_until(self, other: Month) -> int:
        """How many months later `other` is; negative when it is earlier."""
        return (other.year - self.year) * 12 + other.month - self.month

    @classmethod
    def read(cls, value: Any) -> Month:
        """The month that `value` means: `2027-04`, any real date in it, or a date of Python's."""
        if isinstance(value, cls):
            return value
        if isinstance(value, date):
            value = value.strftime("%Y-%m-%d")
        match = _WRITTEN_MONTH.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None:
            raise fault(f"{shown(value)} is not a month.", "Write year and month, like 2027-04.")
        year, month, day = int(match[1]), int(match[2]), int(match[3] or 1)
        if not EARLIEST_YEAR <= year <= LATEST_YEAR:
            raise fault(
                f"{shown(value)} is outside {EARLIEST_YEAR} to {LATEST_YEAR}.",
                "Check the year: write year and month, like 2027-04.",
            )
        if not 1 <= month <= 12:
            raise fault(f"{shown(value)} is not a month: there is no month {month}.", "Write 01 to 12.")
        try:
            date(year, month, day)
        except ValueError:
            raise fault(
                f"{shown(value)} is not a real date: {year}-{month:02d} has no day {day}.",
                f"Write the month alone: {year}-{month:02d}.",
            ) from None
        return cls(year, month)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.read, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$", "examples": ["2027-04"]}
