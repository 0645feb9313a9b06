"""The door to the vendor: its two calls over HTTP, and what every answer means."""
