"""The command: the only place that knows every other part and wires them together."""
