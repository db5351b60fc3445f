"""concern, in steps, with named people answering"""
