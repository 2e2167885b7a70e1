# Reads two numbers a line, writes their quotient. Nobody has thought of zero:
# the shell ends there with an error.
while read -r a b; do
    echo "$a / $b = $((a / b))"
done
