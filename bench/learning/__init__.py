"""How well what is learnt of people serves them: on simulated mentees whose tastes are known, and on ratings that were kept."""
