from persona_system import pipeline as L, Tone

RESULT = [L.get_pipeline().router.route("calm-medium-learning").primary_persona, Tone.CALM]
