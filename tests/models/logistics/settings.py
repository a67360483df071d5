TITLE = "Container harbour"
CRANES = 2
PORT = 8443


def describe(what, *, where=TITLE.lower()):
    return f"Moves {what} in a {where}"
