"""messages to people: wording, addressing, delivery"""
