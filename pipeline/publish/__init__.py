"""Doors through which pictures get public addresses; each keeps the promises of `ports.Publisher`."""
