"""Reading text: the engines, their weights, and the lines of a page."""
