"""What is read of a line, character by character."""
