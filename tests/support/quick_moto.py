"""Writes DynamoDB's answers as they are: looking each attribute up under ten names took half of the emulator's time."""

from typing import Any, Final

import pytest
from botocore.model import Shape
from moto.core.serialize import BaseJSONSerializer

_AS_IT_IS: Final = frozenset({"S", "N", "BOOL", "NULL", "SS", "NS"})
"""Attribute values that moto keeps in the form they are sent in."""
_serialize = BaseJSONSerializer._serialize_type_structure


def hurry(patch: pytest.MonkeyPatch) -> None:
    """Has moto pass plain attribute values through; all else is written as ever."""
    patch.setattr(BaseJSONSerializer, "_serialize_type_structure", _structure)


def _structure(self: BaseJSONSerializer, serialized: dict[str, Any], value: Any, shape: Shape, key: str) -> None:
    if shape.name == "AttributeValue" and type(value) is dict and value.keys() <= _AS_IT_IS:
        serialized[self.get_serialized_name(shape, key)] = value
    else:
        _serialize(self, serialized, value, shape, key)
