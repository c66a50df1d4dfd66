"""What settings of all kinds are made of, as JSON."""

from typing import Annotated

from msgspec import Meta

Language = Annotated[str, Meta(max_length=8, examples=["en"])]
Words = Annotated[
    dict[Language, Annotated[str, Meta(max_length=2000)]],
    Meta(max_length=10, description="By language: `en`, `ko`, `ja`.", examples=[{"en": "Order", "ko": "주문번호"}]),
]
SettingId = Annotated[str, Meta(min_length=1, max_length=64)]
SettingVersion = Annotated[int, Meta(ge=0, description="For `If-Match`. 0: nobody ever wrote it.")]
Order = Annotated[int, Meta(ge=0, le=10_000, description="Smaller ones come first.")]
