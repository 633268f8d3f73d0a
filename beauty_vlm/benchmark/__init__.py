"""How fast the models run here: against plain transformers, and against what the machine could do at all."""
