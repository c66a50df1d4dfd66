"""An address leads to the endpoint that API Gateway would have chosen, had it a route of its own."""

import re

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.contracts.topology import DESK
from helpdesk.kernel.errors import MethodNotAllowed, NotFound
from helpdesk.platform.addresses import Addresses, no_such_address

ROUTES = [f"{route.method} {route.path}" for route in DESK.routes]
ADDRESSES = Addresses((route, route) for route in ROUTES)
METHODS = sorted({route.method for route in DESK.routes})
words = st.sampled_from(sorted({word for route in DESK.routes for word in route.path.split("/") if "{" not in word}))
anything = st.text(st.characters(exclude_characters="/"), min_size=1, max_size=8)
paths = st.lists(words | anything, min_size=1, max_size=7).map("/".join)


def fitting(method: str, path: str) -> dict[str, dict[str, str]]:
    """All routes that an address fits, by comparing with one after the other."""
    found = {}
    for route in ROUTES:
        wanted, _, template = route.partition(" ")
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", re.escape(template).replace(r"\{", "{").replace(r"\}", "}"))
        match = re.fullmatch(pattern, path, re.DOTALL)
        if match is not None and wanted == method:
            found[route] = match.groupdict()
    return found


@given(st.sampled_from(METHODS), paths | paths.map(lambda path: f"/v1/{path}") | st.just(""))
def test_an_address_leads_to_a_route_that_it_fits_and_the_one_with_the_fewest_parameters(
    method: str, path: str
) -> None:
    wanted = fitting(method, path)
    found = ADDRESSES.find(method, path)
    if not wanted:
        assert found is None
        return
    assert found is not None
    route, params = found
    assert wanted[route] == params
    assert route.count("{") == min(other.count("{") for other in wanted)


@given(st.sampled_from(ROUTES), st.data())
def test_every_route_is_found_by_its_address(route: str, data: st.DataObject) -> None:
    method, _, template = route.partition(" ")
    values = {name: data.draw(anything) for name in re.findall(r"\{(\w+)\}", template)}
    found = ADDRESSES.find(method, template.format(**values))
    assert found is not None
    assert found[0] in fitting(method, template.format(**values))


def test_an_empty_word_is_no_parameter() -> None:
    assert ADDRESSES.find("GET", "/v1/tickets/") is None
    assert ADDRESSES.find("GET", "/v1/tickets//messages") is None
    assert ADDRESSES.find("GET", "v1/tickets") is None


def test_a_call_is_told_what_can_be_done_at_an_address_unless_it_is_just_that() -> None:
    assert isinstance(no_such_address("PUT", "/v1/tickets"), MethodNotAllowed)
    assert isinstance(no_such_address("PUT", "/v1/tickets/a\nb/draft"), NotFound)  # a gateway took it for no address
    assert isinstance(no_such_address("GET", "/v1/nothing"), NotFound)
