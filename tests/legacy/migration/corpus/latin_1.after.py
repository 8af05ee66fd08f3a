#!/usr/bin/env python
# vim: set fileencoding=latin-1 :
from persona_system import get_pipeline
TEXT = "é"
p = get_pipeline()
RESULT = [p.router.route("calm-medium-learning").primary_persona, TEXT]
