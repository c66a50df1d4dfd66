import pytest

from tests.conftest import StandingClock
from tests.fakes.mail_out import MailDesk


@pytest.fixture
def desk(clock: StandingClock) -> MailDesk:
    return MailDesk(clock)
