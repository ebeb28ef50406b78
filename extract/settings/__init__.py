"""Settings of every stage, their ranges, and the layers that change them."""
