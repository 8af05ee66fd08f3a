"""The endpoints of v2 about what was learnt of a person; what they do is imported with the first call of one."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.access.permissions import KEEPS, OPERATES
from ion_mentoring.handlers.api.whose import WHOSE
from ion_mentoring.handlers.web.bodies import Body
from ion_mentoring.handlers.web.call import Call, Deferred, Endpoint, Run
from ion_mentoring.handlers.web.query import optional
from ion_mentoring.understanding.resonance.key import Tone

if TYPE_CHECKING:
    from ion_mentoring.handlers.api.advice_calls import AdviceCalls

ROOT: Final = "/api/v2/users/{id}"
ADMINS: Final = {name: WHOSE[name] for name in ("caller", "tenant")}
TONES: Final[Mapping[str, Any]] = {
    **ADMINS,
    "tone": optional("string", "The tone to recommend for; else the one most rated.", enum=[tone.value for tone in Tone]),
}


class PreferencesRequest(Body):
    """A person's choices: whether ratings change who answers, and whether they take part in experiments; absent: as before."""

    personalise: bool | None = None
    experiments: bool | None = None


def _views(name: str) -> Deferred:
    def get() -> Any:
        from ion_mentoring.handlers.contract import advice

        return getattr(advice, name)

    return Deferred(get)


class AdviceEndpoints(Struct, frozen=True):
    """The table of the endpoints; `calls` makes what they do, once."""

    calls: "Callable[[], AdviceCalls]"

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table. `me` in place of an id means the caller's own person."""
        recommendations = f"{ROOT}/recommendations"
        return (
            Endpoint(
                "GET",
                recommendations,
                self._run("recommend"),
                "Who is likely to help this person, and what comes next, with reasons",
                gives=_views("RecommendationsView"),
                allows=KEEPS,
                query=TONES,
            ),
            Endpoint(
                "DELETE",
                recommendations,
                self._run("forget"),
                "Forget what was concluded from ratings so far",
                gives=_views("ForgottenView"),
                allows=KEEPS,
                query=ADMINS,
            ),
            Endpoint(
                "GET",
                f"{ROOT}/preferences",
                self._run("preferences"),
                "A person's choices",
                gives=_views("PreferencesView"),
                allows=KEEPS,
                query=ADMINS,
            ),
            Endpoint(
                "PUT",
                f"{ROOT}/preferences",
                self._run("prefer"),
                "Choose whether ratings change who answers, and whether to take part in experiments",
                PreferencesRequest,
                _views("PreferencesView"),
                KEEPS,
                query=ADMINS,
            ),
            Endpoint(
                "POST",
                "/api/v2/feedback/population",
                self._run("count"),
                "Count what everybody's ratings say, in groups of 20 people and more",
                gives=_views("PopulationView"),
                allows=OPERATES,
            ),
        )

    def _run(self, name: str) -> Run:
        async def run(call: Call) -> Response:
            response: Response = await getattr(self.calls(), name)(call)
            return response

        return run
