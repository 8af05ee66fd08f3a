from persona_system import PersonaPipeline

p = PersonaPipeline()
RESULT = f"{p.get_persona('calm-medium-learning')!r:>10} {p.get_confidence('calm-medium-learning'):.2f} {{p.get_persona}}"
