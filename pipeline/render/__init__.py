"""Timeline to Film."""
