from persona_system import get_pipeline

p = get_pipeline()
RESULT = f"{p.router.route('calm-medium-learning').primary_persona!r:>10} {p.router.route('calm-medium-learning').confidence:.2f} {{p.get_persona}}"
