"""The base of all that callers send: types are not guessed, unknown fields are left alone, an explicit null means absent."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, ValidationInfo, field_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticUseDefault

_ABOUT_A_FIELD: Final = ("title", "description", "default", "deprecated")


class Body(BaseModel):
    """A request's body, or a part of one."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", defer_build=True)

    @property
    def kept(self) -> bool:
        """False where nothing of it may be kept, whatever an endpoint keeps of others."""
        return True

    @field_validator("*", mode="before")
    @classmethod
    def _absent(cls, sent: Any, about: ValidationInfo) -> Any:
        if sent is None and not cls.model_fields[about.field_name or ""].is_required():
            raise PydanticUseDefault
        return sent

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core)
        own = handler.resolve_ref_schema(schema)
        required = own.get("required", ())
        own["properties"] = {
            name: field if name in required else _or_null(field) for name, field in own.get("properties", {}).items()
        }
        return schema


def _or_null(field: JsonSchemaValue) -> JsonSchemaValue:
    """A field's schema that takes null, too."""
    if {"type": "null"} in field.get("anyOf", ()):
        return field
    about: JsonSchemaValue = {name: field[name] for name in _ABOUT_A_FIELD if name in field}
    return {"anyOf": [{name: value for name, value in field.items() if name not in about}, {"type": "null"}], **about}
