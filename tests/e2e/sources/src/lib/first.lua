-- Counts how often it was made in this process.

made = (made or 0) + 1

return { made = made, name = "first" }
