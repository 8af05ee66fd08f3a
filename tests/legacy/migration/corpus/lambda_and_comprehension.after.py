from persona_system import get_pipeline

p = get_pipeline()
keys = ["calm-medium-learning", "urgent-medium-planning"]
of = lambda key: p.router.route(key).primary_persona
RESULT = [{key: p.router.route(key).confidence for key in keys}, [of(key) for key in keys], sorted(keys, key=lambda k: p.router.route(k).confidence)]
