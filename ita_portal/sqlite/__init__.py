"""Django's SQLite backend with the Thai order of words under the name that PostgreSQL's ICU gives it."""
