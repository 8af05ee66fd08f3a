from functools import lru_cache
from typing import Annotated

from persona_system import PersonaPipeline


def Depends(function):
    return function()


@lru_cache(maxsize=1)
def provide() -> PersonaPipeline:
    return PersonaPipeline()


def first(key: str, pipe: PersonaPipeline = Depends(provide)) -> str:
    return pipe.get_persona(key)


def second(key: str, pipe: Annotated[PersonaPipeline, Depends(provide)]) -> str:
    return pipe.get_persona(key)


RESULT = [first("calm-medium-learning"), second("calm-medium-learning", provide())]
