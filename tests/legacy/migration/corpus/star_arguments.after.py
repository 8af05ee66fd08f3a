from persona_system import get_pipeline

p = get_pipeline()
args = ("calm-medium-learning",)
RESULT = [p.router.route(*args).primary_persona, p.router.route(**{"resonance_key": "calm-medium-learning"}).confidence]
