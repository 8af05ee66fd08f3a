from persona_system import PersonaPipeline

pipeline = PersonaPipeline()
response = pipeline.process("회의가 너무 많아요", "frustrated-burst-seek_advice", metadata={"a": 1})
RESULT = [response.persona_used, response.confidence, response.content]
