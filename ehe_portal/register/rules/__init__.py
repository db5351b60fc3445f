"""Pure decisions about children and their records: identifiers, names, doubles, rows of register.csv, closing."""
