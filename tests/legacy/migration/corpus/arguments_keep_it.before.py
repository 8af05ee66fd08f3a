from persona_system import PersonaPipeline

pipeline = PersonaPipeline(config={"cache": True})
persona = pipeline.get_persona("calm-medium-learning")
