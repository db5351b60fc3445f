"""children, families, addresses, home-education episodes"""
