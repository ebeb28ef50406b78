"""The checks of a form: parsed, evaluated, reported."""
