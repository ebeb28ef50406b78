"""A text export, however broken, parsed as one run of characters against the declarations."""
