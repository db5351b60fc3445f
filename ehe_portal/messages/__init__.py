"""what a parent and the team write to each other, one thread for each child and parent"""
