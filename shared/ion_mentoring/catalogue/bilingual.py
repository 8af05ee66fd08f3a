"""A text in both languages of the product, as data files hold it."""

from pydantic import BaseModel, ConfigDict, Field


class Frozen(BaseModel):
    """A value read from a data file: no field too many, none changed later."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Bilingual(Frozen):
    """One text in Korean and English; readers of other languages get the English one."""

    ko: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_(self, language: str) -> str:
        """The text for a language code."""
        return self.ko if language == "ko" else self.en
