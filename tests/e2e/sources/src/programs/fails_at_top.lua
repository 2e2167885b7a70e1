-- Fails before there is a main.

error("at the top")
