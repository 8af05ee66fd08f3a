from persona_system import PersonaPipeline
try:
    p = PersonaPipeline()
except Exception, e:
    raise
