"""visits, calls, welfare checks; the clock saying when a family is next due"""
