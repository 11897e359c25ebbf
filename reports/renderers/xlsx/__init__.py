"""Excel: the printed sheets and the sheets of data, streamed row by row."""
