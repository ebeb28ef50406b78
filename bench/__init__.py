"""What the product reaches on simulated scans whose truth is known."""
