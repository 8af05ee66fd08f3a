from persona_system import PersonaPipeline

pipeline = PersonaPipeline()
RESULT = [pipeline.get_persona("frustrated-burst-seek_advice"), pipeline.get_confidence("frustrated-burst-seek_advice")]
