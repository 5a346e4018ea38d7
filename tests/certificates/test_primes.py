"""The table of primes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from certificates import keys
from certificates import primes

numbers = st.integers(0, primes.COUNT - 1)


@settings(max_examples=8)
@given(numbers)
def test_the_table_says_what_a_search_finds(number: int) -> None:
    found = keys.search(f"flightsim prime {number}", bits=primes.BITS)
    assert found == primes.prime(number)


@given(numbers)
def test_a_prime_has_its_two_highest_bits_set(number: int) -> None:
    assert primes.prime(number) >> (primes.BITS - 2) == 3


def test_the_table_is_whole() -> None:
    assert len({primes.prime(number) for number in range(primes.COUNT)}) == primes.COUNT
