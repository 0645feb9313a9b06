"""Plan → landed Takes: what may happen to a take, when, and the runner that lets it happen."""
