"""The shapes of what programs send and get: strict in, plain out."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Generic, Self, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from komaq.core.peru import clean_phone

MOST = 200
USUAL = 50
LARGEST_KEY = 2**63 - 1
ABSENT: Any = None
"""The default of a field that may be left out but not be null."""


def as_words(value: Any) -> Any:
    """Only text stands for a moment or a day: a bare number could be seconds, milliseconds or a mistake."""
    if not isinstance(value, str | datetime.date):
        raise PydanticCustomError("text_expected", "Give it as ISO 8601 text.")
    return value


def within_database(value: datetime.datetime) -> datetime.datetime:
    if not 1900 <= value.year <= 2200:
        raise PydanticCustomError("year", "Give a year between 1900 and 2200.")
    return value


def key_of(value: str) -> str:
    if int(value) > LARGEST_KEY:
        raise PydanticCustomError("id", "No such id.")
    return value


Key = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,18}$"), AfterValidator(key_of)]
"""An id as the API gives it: digits in a string."""
Id = Annotated[str, BeforeValidator(str)]
"""An id going out."""
Word = Annotated[str, StringConstraints(max_length=40, strip_whitespace=True, strict=True)]
Line = Annotated[str, StringConstraints(max_length=300, strip_whitespace=True, strict=True)]
Text = Annotated[str, StringConstraints(max_length=10_000, strip_whitespace=True, strict=True)]


def Words(longest: int, shortest: int = 0) -> Any:  # noqa: N802  reads as a type
    """A text of `shortest` to `longest` characters, blanks around it aside."""
    form = StringConstraints(min_length=shortest, max_length=longest, strip_whitespace=True, strict=True)
    return Annotated[str, form]


def cleaned_by(clean: Callable[[str], str | None]) -> AfterValidator:
    """Clean a text that is not empty as a form would; the complaint is the form's."""

    def check(value: str) -> str:
        try:
            return (clean(value) or value) if value else value
        except ValidationError as error:
            raise PydanticCustomError("unsound", "{complaint}", {"complaint": error.messages[0]}) from error

    return AfterValidator(check)


Email = Annotated[Words(200), cleaned_by(validate_email)]
"""An e-mail address, or nothing."""
NeededEmail = Annotated[Words(200, 1), cleaned_by(validate_email)]
Phone = Annotated[Words(30), cleaned_by(clean_phone)]
"""A phone as people write it, or nothing; kept in E.164, without a prefix read as Peruvian."""
Moment = Annotated[AwareDatetime, BeforeValidator(as_words), AfterValidator(within_database)]
"""ISO 8601 with offset."""
Day = Annotated[
    datetime.date, BeforeValidator(as_words), Field(ge=datetime.date(1900, 1, 1), le=datetime.date(2200, 1, 1))
]
Whole = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]
Flag = Annotated[bool, Field(strict=True)]


def decimal_text(value: Any) -> Any:
    """Decimals travel as text or whole numbers: a float has lost digits before it comes."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise PydanticCustomError("decimal", 'Give the number as text, for example "1234.5".')
    return value


def Number(digits: int, places: int, low: str = "0", high: str | None = None) -> Any:  # noqa: N802  reads as a type
    """A decimal of at most `digits` digits, `places` of them behind the point, from `low` to `high`."""
    return Annotated[
        Decimal,
        BeforeValidator(decimal_text),
        Field(
            max_digits=digits,
            decimal_places=places,
            ge=Decimal(low),
            le=Decimal(high) if high else None,
            allow_inf_nan=False,
        ),
    ]


def example(**values: Any) -> ConfigDict:
    """An example for the description; every shape has one."""
    return ConfigDict(json_schema_extra={"examples": [values]})


class In(BaseModel):
    """What a program sends. A field we do not know is refused, never dropped."""

    model_config = ConfigDict(extra="forbid")

    def given(self) -> dict[str, Any]:
        """The fields that were sent, by name."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Out(BaseModel):
    """What a program gets."""

    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        """The thing as this user may see it."""
        return cls.model_validate(thing)


class Query(BaseModel):
    """What any list can be asked for; rooms add their filters."""

    limit: int = Field(USUAL, ge=1, le=MOST, description="How many rows at most.")
    cursor: str = Field(ABSENT, max_length=1000, description="Where to go on: `next` of the page before.")

    def filters(self) -> dict[str, Any]:
        """The filters that were given, without what pages and sorts."""
        apart = {"limit", "cursor", "sort"}
        return {name: getattr(self, name) for name in self.model_fields_set - apart}


T = TypeVar("T")


class Listed(BaseModel, Generic[T]):
    """A page of a list; `next` is the cursor of the following one, null at the end."""

    items: list[T]
    next: str | None = Field(description="The cursor of the next page.")


class Fault(BaseModel):
    """An input at fault and why."""

    field: str
    message: str


class Problem(BaseModel):
    """Why not (RFC 9457)."""

    model_config = example(
        type="about:blank",
        title="Unprocessable Content",
        status=422,
        detail="Revise los datos enviados.",
        errors=[{"field": "priority", "message": "Elija uno de los valores de la lista."}],
    )

    type: str = Field(description="What kind of problem it is.")
    title: str
    status: int
    detail: str
    errors: list[Fault]


class StaleProblem(Problem):
    """Somebody changed it meanwhile: `current` is the thing as it stands now."""

    current: dict[str, Any]
