"""The composition root: the only room that picks implementations and wires them together.

What a command does stands here once, as a function that takes values and returns values; `cli` parses and prints.
`doors` picks what stands behind the ports, the other modules are named after what they do.
"""
