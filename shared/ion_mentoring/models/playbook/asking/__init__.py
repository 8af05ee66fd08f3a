"""Direct questions of a turn, and the answers that a reply to them begins with."""
