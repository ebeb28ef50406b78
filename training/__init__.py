"""How the product's own networks are made: not part of the installed package."""
