from persona_system import PersonaPipeline

p = PersonaPipeline()
RESULT = [(p.get_persona("calm-medium-learning")), (
    p.get_router()
).route("calm-medium-learning").primary_persona]
