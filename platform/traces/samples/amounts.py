"""Exact amounts, int or Fraction, and their written forms."""

from fractions import Fraction

Number = int | Fraction


def quotient(total: Number, parts: Number) -> Number:
    """Return the exact quotient, an int if there is no remainder."""
    if type(total) is int and type(parts) is int and total % parts == 0:
        return total // parts
    return tidy(Fraction(total) / parts)


def rounded_up(total: Number, size: Number) -> int:
    """Return the number of containers of `size` that hold `total`."""
    return int(-(-total // size))


def tidy(value: Number) -> Number:
    """Return a whole number as int, and any other number unchanged."""
    return value.numerator if value.denominator == 1 else value


def decimal_places(value: Number) -> int | None:
    """Return the decimals that write the number exactly, or None if four are too few."""
    for places in range(5):
        if 10**places % value.denominator == 0:
            return places
    return None


def as_decimal(value: Number) -> str:
    """Return the number in decimals, or as a LaTeX fraction if four decimals are too few."""
    if value.denominator == 1:
        return str(value.numerator)
    places = decimal_places(value)
    if places is None:
        return as_fraction(value)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def as_money(value: Number) -> str:
    """Return the amount with two decimals, or with none if it is whole."""
    written = as_decimal(value)
    return written + "0" if len(written) > 2 and written[-2] == "." else written


def as_fraction(value: Number) -> str:
    """Return the number as a LaTeX fraction with its sign in front, or as digits if whole."""
    if value.denominator == 1:
        return str(value.numerator)
    sign = "-" if value < 0 else ""
    return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"
