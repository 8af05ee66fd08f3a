from persona_system import get_pipeline
TEXT = "루아 é"
p = get_pipeline()
RESULT = [p.router.route("calm-medium-learning").primary_persona, TEXT]
