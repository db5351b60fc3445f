"""What the windows read, named for the question it answers. Every query is scoped, ordered and bounded."""
