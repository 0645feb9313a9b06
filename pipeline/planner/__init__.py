"""Storyboard and the takes on hand → Plan: what to shoot, what is reused and why, and what it costs. Pure."""
