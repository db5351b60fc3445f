"""What officers are asked in the windows: lists and what is done to their rows, handing work over."""
