"""The values of data files, and a text in both languages of the product, as they hold it."""

from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import asdict
from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Datum(Struct, frozen=True, forbid_unknown_fields=True):
    """A value read from a data file of the product's own: no field too many, none changed later."""


class Frozen(BaseModel):
    """The same for files that others write, such as persona cards: what is wrong in one is told field by field."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Bilingual(Datum, frozen=True, kw_only=True):
    """One text in Korean and English; readers of other languages get the English one."""

    ko: Annotated[str, Meta(min_length=1)]
    en: Annotated[str, Meta(min_length=1)]

    def in_(self, language: str) -> str:
        """The text for a language code."""
        return self.ko if language == "ko" else self.en

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """The schema by which it stands in a card."""
        text = core_schema.typed_dict_field(core_schema.str_schema(min_length=1))
        table = core_schema.typed_dict_schema({"ko": text, "en": text}, extra_behavior="forbid")
        made = core_schema.no_info_after_validator_function(lambda both: cls(**both), table)
        return core_schema.no_info_wrap_validator_function(
            lambda value, make: value if isinstance(value, cls) else make(value),
            made,
            serialization=core_schema.plain_serializer_function_ser_schema(asdict),
        )


class Several(Datum, frozen=True, kw_only=True):
    """Texts in both languages, of which one is chosen."""

    ko: Annotated[tuple[str, ...], Meta(min_length=1)]
    en: Annotated[tuple[str, ...], Meta(min_length=1)]

    def in_(self, language: str) -> tuple[str, ...]:
        """The texts for a language code."""
        return self.ko if language == "ko" else self.en
