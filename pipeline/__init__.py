"""storyreel."""
