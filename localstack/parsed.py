"""The local engine parses an expression again for every item that it holds against it, which takes most of its time: here
each is parsed once. The answers are the same.
"""

from functools import lru_cache

KEPT = 4096


def install():
    from ministack.services import dynamodb as engine

    tokens = lru_cache(KEPT)(engine._tokenize)
    engine._tokenize = lambda expression: list(tokens(expression))
    engine._condition_syntax_error = lru_cache(KEPT)(engine._condition_syntax_error)
    for name in ("_check_redundant_parens", "_check_reserved_keyword_usage"):
        setattr(engine, name, once(getattr(engine, name)))


def once(check):
    """A check of tokens, made once of the same ones."""
    known = lru_cache(KEPT)(lambda tokens, *more: check(list(tokens), *more))
    return lambda tokens, *more: known(tuple(tokens), *more)
