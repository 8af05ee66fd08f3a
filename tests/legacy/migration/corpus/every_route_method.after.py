from persona_system import get_pipeline

p = get_pipeline()
key = "urgent-medium-planning"
RESULT = [p.router.route(key).primary_persona, p.router.route(key).confidence, p.router.route(key).all_scores, p.router.route(key).secondary_persona]
