"""Word: real headings, header rows and merged cells, the font inside."""
