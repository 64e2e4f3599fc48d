"""Numbers of things in words."""


def counted(number: int, noun: str) -> str:
    """Word a number of things: “1 product”, “1,200 products”."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
