"""Exact amounts, int or Fraction, and how they are written."""

from fractions import Fraction

Number = int | Fraction


def quotient(total: Number, parts: Number) -> Number:
    """The exact quotient, an int where it comes out even."""
    if type(total) is int and type(parts) is int and total % parts == 0:
        return total // parts
    return tidy(Fraction(total) / parts)


def rounded_up(total: Number, size: Number) -> int:
    """How many of `size` are needed to hold `total`."""
    return int(-(-total // size))


def tidy(value: Number) -> Number:
    """A whole number as int, anything else as it is."""
    return value.numerator if value.denominator == 1 else value


def decimal_places(value: Number) -> int | None:
    """How many decimals write the number exactly; None where more than four would be needed."""
    for places in range(5):
        if 10**places % value.denominator == 0:
            return places
    return None


def as_decimal(value: Number) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    places = decimal_places(value)
    if places is None:
        return as_fraction(value)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def as_money(value: Number) -> str:
    """Two decimals, or none for a whole amount."""
    written = as_decimal(value)
    return written + "0" if len(written) > 2 and written[-2] == "." else written


def as_fraction(value: Number) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    sign = "-" if value < 0 else ""
    return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"
