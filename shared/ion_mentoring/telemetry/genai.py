"""The names of OpenTelemetry's conventions for generative models, as of version 1.37, in one place since they still move.

Source: https://opentelemetry.io/docs/specs/semconv/gen-ai/ (status "Development"). Never `gen_ai.input.messages` or
`gen_ai.output.messages`: those are people's words.
"""

from typing import Any, Final

VERSION: Final = "1.37.0"
SCHEMA_URL: Final = f"https://opentelemetry.io/schemas/{VERSION}"
PROVIDERS: Final = {"gemini": "gcp.vertex_ai", "openai": "openai", "playbook": "ion.playbook"}


def asked(model: str) -> dict[str, Any]:
    """The attributes of a call to a model, named as the settings name it (`gemini:gemini-2.5-flash`)."""
    vendor, _, name = model.partition(":")
    provider = PROVIDERS.get(vendor, vendor)
    return {"gen_ai.operation.name": "chat", "gen_ai.provider.name": provider, "gen_ai.request.model": name or vendor}


def answered(input_tokens: int, output_tokens: int, *, cut_short: bool) -> dict[str, Any]:
    """The attributes of its answer."""
    return {
        "gen_ai.usage.input_tokens": input_tokens,
        "gen_ai.usage.output_tokens": output_tokens,
        "gen_ai.response.finish_reasons": ["length" if cut_short else "stop"],
    }
