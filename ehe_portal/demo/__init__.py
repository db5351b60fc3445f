"""the demonstration authority (in `make demo` only)"""
