DOC = """
from persona_system import PersonaPipeline
PersonaPipeline().get_persona("x")
"""
# from persona_system import PersonaPipeline
RESULT = len(DOC)
