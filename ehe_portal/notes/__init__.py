"""what staff write down about a child: dated, signed, never changed afterwards"""
