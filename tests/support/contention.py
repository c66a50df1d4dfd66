"""A table that is busy: real ones refuse a transaction while another is at one of its items, which no emulator does."""

import contextlib
from collections.abc import Iterator

import pytest

from helpdesk.platform.table import Contended, Transaction


@contextlib.contextmanager
def contended(times: int) -> Iterator[None]:
    """The next so many transactions find another at their items."""
    commit, left = Transaction.commit, [True] * times

    def commit_when_free(self: Transaction) -> None:
        if left:
            left.pop()
            raise Contended("Somebody else is changing the same thing.")
        commit(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Transaction, "commit", commit_when_free)
        yield
    assert not left, "fewer transactions were tried than were to be refused"
