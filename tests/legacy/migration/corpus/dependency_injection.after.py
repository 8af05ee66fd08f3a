from functools import lru_cache
from typing import Annotated

from persona_system import get_pipeline, NewPersonaPipeline


def Depends(function):
    return function()


@lru_cache(maxsize=1)
def provide() -> NewPersonaPipeline:
    return get_pipeline()


def first(key: str, pipe: NewPersonaPipeline = Depends(provide)) -> str:
    return pipe.router.route(key).primary_persona


def second(key: str, pipe: Annotated[NewPersonaPipeline, Depends(provide)]) -> str:
    return pipe.router.route(key).primary_persona


RESULT = [first("calm-medium-learning"), second("calm-medium-learning", provide())]
