from math import isqrt

from tests.traces.samples.families.answers import check_answers
from traces.samples.families.algebra import LINEAR, QUADRATIC, SERIES, TICKETS


def test_a_linear_equation_is_solved_and_put_into_the_expression():
    check_answers(LINEAR, lambda v: v.m * ((v.d - v.b) // (v.a - v.c)) + v.n)


def test_the_larger_root_of_a_quadratic_is_taken():
    check_answers(QUADRATIC, lambda v: (v.s + isqrt(v.s**2 - 4 * v.m)) // 2 + v.n)


def test_tickets_are_divided_into_adults_and_children():
    def children(v):
        (solution,) = [c for c in range(v.n + 1) if v.p * (v.n - c) + v.q * c == v.r]
        return solution

    check_answers(TICKETS, children)


def test_a_series_is_summed_term_by_term():
    check_answers(SERIES, lambda v: sum(v.a + v.d * k for k in range(v.n)))
