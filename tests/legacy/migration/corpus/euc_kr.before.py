# -*- coding: euc-kr -*-
from persona_system import PersonaPipeline
TEXT = "루아"
p = PersonaPipeline()
RESULT = [p.get_persona("calm-medium-learning"), TEXT]
