"""authorities; people who sign in; roles; policy.py there = who may do what"""
