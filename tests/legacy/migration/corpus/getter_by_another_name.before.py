from persona_system import get_legacy_pipeline

make = get_legacy_pipeline
RESULT = make().get_persona("calm-medium-learning")
