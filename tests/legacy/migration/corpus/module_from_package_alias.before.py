from persona_system import legacy as L, Tone

RESULT = [L.get_legacy_pipeline().get_persona("calm-medium-learning"), Tone.CALM]
