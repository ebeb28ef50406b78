"""Which pages make a form, and which form it is."""
