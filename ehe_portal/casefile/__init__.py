"""one child's whole story; an officer's day; a family's own page; search"""
