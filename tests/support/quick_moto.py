"""Has moto do the same with less: what it works out again for every call took three quarters of the suites' time.

Nothing here changes what is answered. Attributes are written as they are rather than looked up under ten names; keys are
compared as the strings that they are; what a class can do and what a client calls itself is found out once; the table's calls
are not signed, as nobody looks.
"""

from functools import cache
from typing import Any, Final

import pytest
from botocore.model import Shape
from botocore.session import get_session
from botocore.signers import RequestSigner
from botocore.useragent import UserAgentString
from moto import backend_index
from moto.core import responses
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import method_names_from_class
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from pynamodb.connection import base as pynamodb_connection

_AS_IT_IS: Final = frozenset({"S", "N", "BOOL", "NULL", "SS", "NS"})
"""Attribute values that moto keeps in the form they are sent in."""
_serialize = BaseJSONSerializer._serialize_type_structure
_sign = RequestSigner.sign
_is_equal, _is_other, _is_less = DynamoType.__eq__, DynamoType.__ne__, DynamoType.__lt__
_cast_value = DynamoType.cast_value.fget  # type: ignore[attr-defined]
_PLAIN: Final = frozenset({"S", "BOOL"})
"""Types whose values are compared as they are kept."""
_WHO_CALLS: Final = "tests"


def hurry(patch: pytest.MonkeyPatch) -> None:
    """Makes moto quick for the length of a test."""
    patch.setattr(BaseJSONSerializer, "_serialize_type_structure", _structure)
    patch.setattr(DynamoType, "__eq__", _equal)
    patch.setattr(DynamoType, "__ne__", _other)
    patch.setattr(DynamoType, "__lt__", _less)
    patch.setattr(DynamoType, "cast_value", property(_cast))
    patch.setattr(Table, "all_items", _all_items)
    patch.setattr(responses, "method_names_from_class", cache(method_names_from_class))
    patch.setattr(backend_index, "backend_url_patterns", _addresses())
    patch.setattr(UserAgentString, "to_string", lambda agent: _WHO_CALLS)
    patch.setattr(RequestSigner, "sign", _signed)
    patch.setattr(pynamodb_connection, "get_session", _session)


@cache
def _addresses() -> list[tuple[str, Any]]:
    """By which address a service is known: the table's first, as all are tried in turn."""
    return sorted(backend_index.backend_url_patterns, key=lambda one: one[0] != "dynamodb")


_session: Final = cache(get_session)


def _signed(self: RequestSigner, operation_name: str, request: Any, *more: Any, **further: Any) -> None:
    if self.signing_name != "dynamodb":  # whose region is in its address
        _sign(self, operation_name, request, *more, **further)


def _equal(self: DynamoType, other: DynamoType) -> bool:
    if self.type in _PLAIN:
        return self.type == other.type and bool(self.value == other.value)
    return _is_equal(self, other)


def _other(self: DynamoType, other: DynamoType) -> bool:
    return not _equal(self, other) if self.type in _PLAIN else _is_other(self, other)


def _less(self: DynamoType, other: DynamoType) -> bool:
    return bool(self.value < other.value) if self.type == other.type == "S" else _is_less(self, other)


def _cast(self: DynamoType) -> Any:
    return self.value if self.type in _PLAIN else _cast_value(self)


def _all_items(self: Table) -> list[Item]:
    """All items by their keys, which are strings in all tables of the desk."""
    if not self.range_key_attr:
        return sorted(self.items.values(), key=lambda item: item.hash_key.value)
    items = [item for partition in self.items.values() for item in partition.values()]
    items.sort(key=lambda item: (item.hash_key.value, item.range_key.value))
    return items


def _structure(self: BaseJSONSerializer, serialized: dict[str, Any], value: Any, shape: Shape, key: str) -> None:
    if shape.name == "AttributeValue" and type(value) is dict and value.keys() <= _AS_IT_IS:
        serialized[self.get_serialized_name(shape, key)] = value
    else:
        _serialize(self, serialized, value, shape, key)
