"""what families show us, and what officers find in it"""
