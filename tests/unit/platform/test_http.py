"""Every call is answered, and every refusal in the one form there is."""

import base64
import json
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct

from helpdesk.contracts.topology import VIEWER_HEADER
from helpdesk.kernel import errors
from helpdesk.people.roles import Permission
from helpdesk.platform.http import MAX_BODY_BYTES, Api, Call, Endpoint, Reply, idempotency_header, version_header
from helpdesk.platform.problems import STATUS, status_of
from tests.support.desks import DESK
from tests.support.http import agent_claims, an_event

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class Who(Struct, frozen=True, forbid_unknown_fields=True):
    email: Annotated[str, Meta(min_length=3)]
    age: Annotated[int, Meta(ge=0)] = 0


class In(Struct, frozen=True, forbid_unknown_fields=True):
    who: Who
    text: Annotated[str, Meta(min_length=1, max_length=10)]
    tags: Annotated[list[Annotated[str, Meta(min_length=1)]], Meta(max_length=2)] = msgspec.field(default_factory=list)


class Filter(Struct, frozen=True):
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    status: str | None = None


class Out(Struct, frozen=True):
    text: str


class Recorder:
    """Endpoints that keep the call they got, or raise what they are told to."""

    def __init__(self) -> None:
        self.call: Call | None = None
        self.error: Exception | None = None

    def __call__(self, call: Call) -> Reply:
        self.call = call
        if self.error is not None:
            raise self.error
        return Reply(Out("한글"), headers={"location": "/somewhere"})

    @property
    def seen(self) -> Call:
        assert self.call is not None
        return self.call


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def api(recorder: Recorder) -> Api:
    def endpoint(route: str, **more: Any) -> Endpoint:
        return Endpoint(route, name="name", summary="Summary", handle=recorder, response=Out, **more)

    endpoints = (
        endpoint("POST /v1/things", body=In, status=201),
        endpoint("GET /v1/things/{id}", query=Filter),
        endpoint("GET /v1/mine", needs=Permission.SUPERVISE),
        endpoint("ANY $default"),
    )
    return Api(endpoints, begin=lambda: None, now=lambda: NOW, agents=DESK.agents.get)


def problem(answer: dict[str, Any], status: int) -> dict[str, Any]:
    assert answer["statusCode"] == status
    assert answer["headers"]["content-type"] == "application/problem+json"
    body = json.loads(answer["body"])
    assert body["status"] == status
    assert set(body) >= {"type", "title", "detail", "instance", "code"}
    return body


def pointers(body: dict[str, Any]) -> set[str]:
    return {error["pointer"] for error in body["errors"]}


GOOD = {"who": {"email": "a@b"}, "text": "hello"}


def test_a_call_is_decoded_and_its_answer_is_json_that_nobody_may_keep(api: Api, recorder: Recorder) -> None:
    answer = api.answer(an_event("POST /v1/things", body=GOOD, headers={"X-Odd-Case": "1"}))
    assert answer["statusCode"] == 201
    assert json.loads(answer["body"]) == {"text": "한글"}
    assert answer["headers"] == {
        "content-type": "application/json",
        "cache-control": "no-store",
        "location": "/somewhere",
    }
    assert recorder.seen.body == In(Who("a@b"), "hello")
    assert recorder.seen.headers["x-odd-case"] == "1"
    assert recorder.seen.now == NOW


def test_a_body_in_base_64_is_read_as_it_was(api: Api, recorder: Recorder) -> None:
    event = an_event("POST /v1/things", raw=base64.b64encode(json.dumps(GOOD).encode()).decode())
    assert api.answer(event | {"isBase64Encoded": True})["statusCode"] == 201
    assert recorder.seen.body.text == "hello"
    problem(api.answer(an_event("POST /v1/things", raw="x") | {"isBase64Encoded": True}), 400)


@pytest.mark.parametrize(
    "raw",
    ["", "{", "{'who': 1}", '{"text": "\\ud800"', "[" * 200_000, '{"text":' + "[" * 100_000, "nul", '{"text": 1e999}'],
)
def test_what_is_not_json_is_refused(api: Api, raw: str) -> None:
    assert problem(api.answer(an_event("POST /v1/things", raw=raw)), 400)["code"] == "invalid"


def test_bytes_that_are_no_text_are_refused(api: Api) -> None:
    event = an_event("POST /v1/things", raw=base64.b64encode(b'{"text": "\xff"}').decode())
    problem(api.answer(event | {"isBase64Encoded": True}), 400)


@pytest.mark.parametrize("body", [[], "text", 1, None, True])
def test_json_that_is_no_object_is_refused(api: Api, body: object) -> None:
    assert pointers(problem(api.answer(an_event("POST /v1/things", raw=json.dumps(body))), 400)) == {""}


NAMES = st.sampled_from(["who", "email", "age", "text", "tags"]) | st.text(max_size=5)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
        max_leaves=6,
    )
)
def test_no_json_makes_the_desk_fail(body: object) -> None:
    endpoint = Endpoint("POST /v1/things", name="n", summary="S", handle=lambda call: Reply(), body=In)
    api = Api([endpoint], begin=lambda: None, now=lambda: NOW, agents=DESK.agents.get)
    assert api.answer(an_event("POST /v1/things", raw=json.dumps(body)))["statusCode"] == 400


def test_every_field_that_is_wrong_is_named_at_once(api: Api) -> None:
    body = {"who": {"email": 5, "age": -1, "shoe/size~": 44}, "tags": ["ok", ""], "surprise": True}
    found = problem(api.answer(an_event("POST /v1/things", body=body)), 400)
    assert pointers(found) == {"/who/email", "/who/age", "/who/shoe~1size~0", "/text", "/tags/1", "/surprise"}
    by_pointer = {error["pointer"]: error["message"] for error in found["errors"]}
    assert by_pointer["/text"] == "is missing"
    assert by_pointer["/surprise"] == "is not known here"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"text": ""}, "/text"),
        ({"text": "x" * 11}, "/text"),
        ({"text": None}, "/text"),
        ({"who": []}, "/who"),
        ({"tags": ["a", "b", "c"]}, "/tags"),
        ({"tags": "a"}, "/tags"),
    ],
)
def test_a_field_out_of_its_bounds_is_named(api: Api, change: dict[str, object], pointer: str) -> None:
    assert pointers(problem(api.answer(an_event("POST /v1/things", body=GOOD | change)), 400)) == {pointer}


def test_a_body_over_the_limit_is_refused_before_it_is_read(api: Api) -> None:
    found = problem(api.answer(an_event("POST /v1/things", raw=" " * (MAX_BODY_BYTES + 1))), 413)
    assert found["code"] == "too_large"
    assert problem(api.answer(an_event("POST /v1/things", raw=" " * MAX_BODY_BYTES)), 400)["code"] == "invalid"
    problem(api.answer(an_event("POST /v1/things", raw="한" * (MAX_BODY_BYTES // 3 + 1))), 413)


def test_a_query_is_read_by_its_types_and_what_is_unknown_in_it_does_not_matter(api: Api, recorder: Recorder) -> None:
    query = {"limit": "7", "status": "", "utm_source": "mail"}
    api.answer(an_event("GET /v1/things/{id}", params={"id": "x"}, query=query))
    assert recorder.seen.query == Filter(limit=7)
    assert recorder.seen.params == {"id": "x"}
    assert recorder.seen.path == "/v1/things/x"


@pytest.mark.parametrize("limit", ["0", "101", "many", "7.5"])
def test_a_query_that_is_wrong_is_named(api: Api, limit: str) -> None:
    event = an_event("GET /v1/things/{id}", params={"id": "x"}, query={"limit": limit})
    assert pointers(problem(api.answer(event), 400)) == {"/limit"}


# --- refusals --------------------------------------------------------------------------------------------------------

REFUSALS = [
    (errors.Invalid("Not so.", [errors.FieldError("/a", "is odd")]), 400),
    (errors.Unauthenticated("Who?"), 401),
    (errors.Forbidden("No."), 403),
    (errors.NotFound("Where?"), 404),
    (errors.MethodNotAllowed("Not here."), 405),
    (errors.Conflict("Not now."), 409),
    (errors.StaleVersion("Old.", current=7), 409),
    (errors.Gone("Over."), 410),
    (errors.TooLarge("Big."), 413),
    (errors.KeyReused("Again."), 422),
    (errors.TooMany("Slow.", retry_after_seconds=60), 429),
    (errors.Unavailable("Busy."), 503),
    (errors.HelpdeskError("Odd."), 500),
]


@pytest.mark.parametrize(("error", "status"), REFUSALS, ids=lambda value: type(value).__name__)
def test_every_refusal_is_a_problem_with_its_code_and_sentence(
    api: Api, recorder: Recorder, error: errors.HelpdeskError, status: int
) -> None:
    recorder.error = error
    found = problem(api.answer(an_event("GET /v1/things/{id}", params={"id": "x"})), status)
    assert found["code"] == error.code
    assert found["title"] == error.title
    assert found["detail"] == str(error)
    assert found["instance"] == "/v1/things/x"
    assert found["type"] == f"urn:helpdesk:problem:{error.code}"


def test_every_kind_of_refusal_that_there_is_has_its_status() -> None:
    def kinds(kind: type[errors.HelpdeskError]) -> set[type[errors.HelpdeskError]]:
        return {kind}.union(*(kinds(sub) for sub in kind.__subclasses__() if sub.__module__ == errors.__name__))

    found = kinds(errors.HelpdeskError)
    assert {kind for kind in found if kind.__mro__[1] is errors.HelpdeskError} <= set(STATUS)
    codes = [kind.code for kind in found]
    assert len(set(codes)) == len(codes)


def test_who_saw_an_old_version_is_told_which_one_stands(api: Api, recorder: Recorder) -> None:
    recorder.error = errors.StaleVersion("Old.", current=7)
    assert problem(api.answer(an_event("GET /v1/things/{id}")), 409)["current_version"] == 7


def test_a_refusal_of_a_capability_has_the_status_of_what_it_is_a_kind_of() -> None:
    class Odd(errors.StaleVersion):
        code = "odd"

    assert status_of(Odd("So.")) == 409


def test_who_calls_too_often_is_told_when_to_come_back_and_who_is_unknown_how_to_be_known(
    api: Api, recorder: Recorder
) -> None:
    recorder.error = errors.TooMany("Slow.", retry_after_seconds=60)
    assert api.answer(an_event("GET /v1/things/{id}"))["headers"]["retry-after"] == "60"
    recorder.error = errors.Unauthenticated("Who?")
    assert api.answer(an_event("GET /v1/things/{id}"))["headers"]["www-authenticate"] == "Bearer"


def test_a_fault_of_ours_is_answered_without_a_word_of_it_and_logged(
    api: Api, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    recorder.error = RuntimeError("secret inside")
    answer = api.answer(an_event("GET /v1/things/{id}", params={"id": "x"}))
    assert "secret inside" not in problem(answer, 500)["detail"]
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == ["call_failed"]


def test_a_fault_before_the_endpoint_is_answered_as_well(recorder: Recorder) -> None:
    def begin() -> None:
        raise errors.Unavailable("The table does not answer.")

    api = Api([], begin=begin, now=lambda: NOW, agents=DESK.agents.get)
    problem(api.answer(an_event("GET /v1/things")), 503)


def test_a_call_of_no_route_reaches_the_endpoint_for_all_else(api: Api, recorder: Recorder) -> None:
    event = an_event("$default", path="/v1/nowhere") | {"rawPath": "/v1/nowhere"}
    assert api.answer(event)["statusCode"] == 200
    assert recorder.seen.path == "/v1/nowhere"


def test_a_route_that_no_endpoint_of_the_function_answers_is_not_found() -> None:
    api = Api([], begin=lambda: None, now=lambda: NOW, agents=DESK.agents.get)
    problem(api.answer(an_event("GET /v1/nowhere")), 404)


# --- who calls -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        (None, 401),
        (agent_claims("sana", token_use="id"), 401),
        ({"username": "sana"}, 401),
        (agent_claims("stranger"), 403),
        (agent_claims(""), 403),
        (agent_claims("mina"), 403),
        (agent_claims("sana"), 200),
        (agent_claims("adam"), 200),
    ],
)
def test_an_agents_endpoint_takes_access_tokens_of_agents_with_the_role(
    api: Api, recorder: Recorder, claims: dict[str, str] | None, status: int
) -> None:
    assert api.answer(an_event("GET /v1/mine", claims=claims))["statusCode"] == status
    if status == 200:
        assert recorder.seen.agent.id == (claims or {})["username"]
    else:
        assert recorder.call is None


def test_claims_do_not_make_an_agent_of_who_calls_an_open_endpoint(api: Api, recorder: Recorder) -> None:
    api.answer(an_event("GET /v1/things/{id}", claims=agent_claims("adam")))
    with pytest.raises(errors.Unauthenticated):
        _ = recorder.seen.agent


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer  ", "Basic abc", "abc"])
def test_a_bearer_token_that_is_none_is_refused(api: Api, recorder: Recorder, header: str | None) -> None:
    api.answer(an_event("GET /v1/things/{id}", headers={"Authorization": header} if header is not None else {}))
    with pytest.raises(errors.Unauthenticated):
        _ = recorder.seen.bearer


def test_a_bearer_token_is_read_whatever_the_case_of_its_scheme(api: Api, recorder: Recorder) -> None:
    api.answer(an_event("GET /v1/things/{id}", headers={"AUTHORIZATION": "bearer  abc "}))
    assert recorder.seen.bearer == "abc"


@pytest.mark.parametrize(
    ("headers", "peer", "ip"),
    [
        ({VIEWER_HEADER: "2001:db8::7"}, "192.0.2.1", "2001:db8::7"),
        ({VIEWER_HEADER: "198.51.100.9", "x-forwarded-for": "10.0.0.1"}, "192.0.2.1", "198.51.100.9"),
        ({"x-forwarded-for": "10.0.0.1"}, "192.0.2.1", "192.0.2.1"),
        ({"x-forwarded-for": "10.0.0.1, 10.0.0.2"}, "127.0.0.1", "10.0.0.2"),
        ({"x-forwarded-for": " , "}, "127.0.0.1", "127.0.0.1"),
        ({}, "192.0.2.1", "192.0.2.1"),
    ],
)
def test_the_caller_is_whom_the_edge_names_and_else_the_gateways_peer(
    api: Api, recorder: Recorder, headers: dict[str, str], peer: str, ip: str
) -> None:
    api.answer(an_event("GET /v1/things/{id}", headers=headers, source_ip=peer))
    assert recorder.seen.ip == ip


# --- headers ---------------------------------------------------------------------------------------------------------


def called_with(api: Api, recorder: Recorder, **headers: str) -> Call:
    api.answer(
        an_event("GET /v1/things/{id}", headers={name.replace("_", "-"): value for name, value in headers.items()})
    )
    return recorder.seen


@pytest.mark.parametrize(("tag", "version"), [('"7"', 7), ("7", 7), ('W/"12"', 12)])
def test_the_version_that_was_seen_is_read_from_if_match(api: Api, recorder: Recorder, tag: str, version: int) -> None:
    assert version_header(called_with(api, recorder, If_Match=tag)) == version


@pytest.mark.parametrize("tag", ["", '"x"', "*", "-1", "\u0667", "1" * 10])
def test_an_if_match_that_is_no_version_is_refused(api: Api, recorder: Recorder, tag: str) -> None:
    with pytest.raises(errors.Invalid):
        version_header(called_with(api, recorder, If_Match=tag))


def test_an_idempotency_key_has_one_to_255_characters(api: Api, recorder: Recorder) -> None:
    assert idempotency_header(called_with(api, recorder)) is None
    assert idempotency_header(called_with(api, recorder, Idempotency_Key=" k ")) == "k"
    for key in (" ", "k" * 256):
        with pytest.raises(errors.Invalid):
            idempotency_header(called_with(api, recorder, Idempotency_Key=key))
