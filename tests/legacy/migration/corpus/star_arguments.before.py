from persona_system import PersonaPipeline

p = PersonaPipeline()
args = ("calm-medium-learning",)
RESULT = [p.get_persona(*args), p.get_confidence(**{"resonance_key": "calm-medium-learning"})]
