"""A group of settings, read from the environment once.

A variable that is set to nothing counts as unset. An error names the variable and never shows its value, since it may be
a secret.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ion_mentoring.errors import SettingsInvalid

MiB = 1024 * 1024
Seconds = Annotated[float, Field(gt=0, le=86_400 * 30)]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+"), AfterValidator(lambda url: url.rstrip("/"))]
Environment = Literal["local", "dev", "staging", "prod"]
STRICT: Final = ("staging", "prod")  # what is missing there refuses the start, where elsewhere a default stands in


class Settings(BaseModel):
    """A group of settings; fields are named after their variables, in lower case, or are groups themselves."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """The settings of an environment; SettingsInvalid names the first variable that is wrong."""
        return cls._read({name: value for name, value in environ.items() if value.strip()})

    @classmethod
    def _read(cls, environ: Mapping[str, str]) -> Self:
        values: dict[str, Any] = {}
        for name, field in cls.model_fields.items():
            group = field.annotation
            if isinstance(group, type) and issubclass(group, Settings):
                values[name] = group._read(environ)
            elif name.upper() in environ:
                values[name] = environ[name.upper()]
        try:
            return cls.model_validate(cls._also(values, environ))
        except ValidationError as error:
            wrong = error.errors(include_input=False, include_url=False, include_context=False)[0]
            name = str(wrong["loc"][0]).upper() if wrong["loc"] else cls.__name__
            said = wrong["msg"].removeprefix("Value error, ")
            raise SettingsInvalid(f"{name}: {said}" if wrong["loc"] else said, field=name) from None

    @classmethod
    def _also(cls, values: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
        """The values that a group takes from the environment beyond its fields' names."""
        return values
