"""notices and school attendance orders: steps by the law in force, how each was served, its last day"""
