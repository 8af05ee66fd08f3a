#!/usr/bin/env python
# vim: set fileencoding=latin-1 :
from persona_system import PersonaPipeline
TEXT = "é"
p = PersonaPipeline()
RESULT = [p.get_persona("calm-medium-learning"), TEXT]
