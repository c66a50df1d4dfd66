"""What is wrong with the shape of an entry: every fault of it, where a decoder would stop at the first. Pure."""

import dataclasses
import types
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, TypeAliasType, Union, get_args, get_origin, get_type_hints

import msgspec

from helpdesk.configuration.yaml_file import step
from helpdesk.kernel.errors import FieldError, HelpdeskError, Invalid


def shape_faults(  # noqa: PLR0911 - one return for each sort of type
    kind: Any,  # noqa: ANN401 - any type can be said
    value: object,
    pointer: str = "",
) -> list[FieldError]:
    """All that is wrong with a plain value that shall be of a type.

    Args:
        kind: a dataclass, or whatever can be the type of one's field.
        value: plain, as it was read.
        pointer: of the value.
    """
    if isinstance(kind, TypeAliasType):
        return shape_faults(kind.__value__, value, pointer)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return shape_faults(arguments[0], value, pointer)
    if origin in {Union, types.UnionType}:
        return _union_faults(kind, arguments, value, pointer)
    if dataclasses.is_dataclass(kind):
        return _object_faults(kind, value, pointer)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping_faults(arguments, value, pointer)
    if origin in {list, tuple} or origin is Sequence:
        return _list_faults(kind, arguments, value, pointer)
    return _leaf_faults(kind, value, pointer)


def _union_faults(kind: Any, arguments: tuple[Any, ...], value: object, pointer: str) -> list[FieldError]:  # noqa: ANN401
    if value is None and types.NoneType in arguments:
        return []
    some = [one for one in arguments if one is not types.NoneType]
    return shape_faults(some[0], value, pointer) if len(some) == 1 else _leaf_faults(kind, value, pointer)


def _object_faults(kind: Any, value: object, pointer: str) -> list[FieldError]:  # noqa: ANN401
    if not isinstance(value, dict):
        return [FieldError(pointer, "must be a mapping")]
    faults: list[FieldError] = []
    hints = _hints(kind)
    for one in dataclasses.fields(kind):
        if one.name in value:
            faults += shape_faults(hints[one.name], value[one.name], pointer + step(one.name))
        elif one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING:
            faults.append(FieldError(pointer + step(one.name), "is missing"))
    unknown = [name for name in value if name not in hints]
    faults += [FieldError(pointer + step(str(name)), "is not known here") for name in unknown]
    return faults or _leaf_faults(kind, value, pointer)  # what only the whole can have wrong


def _mapping_faults(arguments: tuple[Any, ...], value: object, pointer: str) -> list[FieldError]:
    if not isinstance(value, dict):
        return [FieldError(pointer, "must be a mapping")]
    faults: list[FieldError] = []
    for name, one in value.items():
        under = pointer + step(str(name))
        faults += _leaf_faults(arguments[0], name, under) or shape_faults(arguments[1], one, under)
    return faults


def _list_faults(kind: Any, arguments: tuple[Any, ...], value: object, pointer: str) -> list[FieldError]:  # noqa: ANN401
    if not isinstance(value, list):
        return [FieldError(pointer, "must be a list")]
    alike = len(arguments) == 1 or (len(arguments) == 2 and arguments[1] is Ellipsis)
    if not alike:
        return _leaf_faults(kind, value, pointer)
    return [fault for place, one in enumerate(value) for fault in shape_faults(arguments[0], one, f"{pointer}/{place}")]


def _leaf_faults(kind: Any, value: object, pointer: str) -> list[FieldError]:  # noqa: ANN401
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        return [FieldError(pointer, str(error).partition(" - at `")[0])]
    except Invalid as error:
        inside = [FieldError(pointer + one.pointer, one.message) for one in error.errors]
        return inside or [FieldError(pointer, str(error))]
    except HelpdeskError as error:
        return [FieldError(pointer, str(error))]
    return []


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind, include_extras=True)
