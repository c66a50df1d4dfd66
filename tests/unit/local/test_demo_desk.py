"""The demo desk shows what admins can make, so it is made of nothing that they could not write."""

import pytest

from helpdesk.desk.rules import catalogue_of
from helpdesk.desk.settings import (
    CATEGORY_KIND,
    FIELD_KIND,
    FORM_KIND,
    PLAN_KIND,
    PRODUCT_KIND,
    STATUS_KIND,
    SURVEY_KIND,
)
from helpdesk.forms.model import FormChannel
from helpdesk.forms.rules import Matter, submitted
from helpdesk.kernel.text import LANGUAGES
from helpdesk.portal.branding import BRAND_KIND
from local.demo_desk import REQUESTS, DemoRequest, demo_desk

DESK = demo_desk()


def test_every_setting_of_the_demo_desk_could_have_been_written_by_an_admin() -> None:
    for kind in (FIELD_KIND, FORM_KIND, STATUS_KIND, PRODUCT_KIND, CATEGORY_KIND, BRAND_KIND, PLAN_KIND, SURVEY_KIND):
        for one in kind.of(DESK).values():
            assert kind.faults(one, one, DESK) == []
            assert kind.tidied(one) == one
            assert set(one.names) == set(LANGUAGES)


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda one: one.subject)
def test_every_demo_request_is_as_its_form_wants_it(request_: DemoRequest) -> None:
    matter = Matter(request_.category, "request")
    values = dict(request_.fields)
    assert submitted(catalogue_of(DESK), matter, values, FormChannel.WEB, by_customer=True) == values


@pytest.mark.parametrize("category", [None, *DESK.categories])
def test_a_request_without_any_fields_is_taken_whatever_it_is_about(category: str | None) -> None:
    """Tools that know nothing of forms open requests at the demo desk."""
    matter = Matter(category, "request")
    assert submitted(catalogue_of(DESK), matter, {}, FormChannel.WEB, by_customer=True) == {}
    assert submitted(catalogue_of(DESK), matter, {}, FormChannel.PHONE, by_customer=False) == {}
