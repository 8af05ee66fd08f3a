from persona_system.models import ChatContext, PersonaResponse, Tone
from persona_system.router.resonance_router import ResonanceBasedRouter

RESULT = [ChatContext("u", "s").user_id, ResonanceBasedRouter().route("calm-medium-learning").primary_persona, Tone.CALM.value]
