"""An oversight portal for elective home education in England."""
