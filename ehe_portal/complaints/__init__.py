"""what a parent is not content with, answered by somebody whom it is not about, on a clock of its own"""
