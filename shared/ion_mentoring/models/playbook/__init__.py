"""The embedded model: a bilingual playbook of mentoring situations."""
