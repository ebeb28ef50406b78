"""What a person looks at after a run: issues, explanations, overlays, the HTML report."""
