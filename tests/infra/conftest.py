"""What tests of the infrastructure share: the template, synthesized once, and questions to ask of it."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

# Read by CDK's engine when it starts: the validation costs twenty seconds and is part of every `make deploy`.
os.environ.update(
    CDK_VALIDATION="false",
    JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION="1",
    JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION="1",
)

ROOT = Path(__file__).resolve().parents[2]
type Resource = dict[str, Any]


@dataclass(frozen=True)
class Synthesis:
    """A synthesized stack.

    Attributes:
        folder: the cloud assembly.
        template: the stack's template.
        messages: what the constructs had to say (level, text).
    """

    folder: Path
    template: Mapping[str, Any]
    messages: tuple[tuple[str, str], ...]

    def of_type(self, kind: str) -> dict[str, Resource]:
        """Resources of a type by logical id, without their type: just the properties."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.template["Resources"].items()
            if resource["Type"] == kind
        }

    @cached_property
    def functions(self) -> dict[str, Resource]:
        """The desk's own functions by logical id (CDK brings one of its own that uploads the pages)."""
        return {
            name: function
            for name, function in self.of_type("AWS::Lambda::Function").items()
            if str(function["Handler"]).startswith("functions.")
        }

    def entry(self, reference: object) -> str:
        """The entry point of the function that a reference is about."""
        return str(self.functions[target(reference)]["Handler"])

    def statements(self, role: str) -> Iterator[Resource]:
        """All statements of the policies of a role."""
        for policy in self.of_type("AWS::IAM::Policy").values():
            if {"Ref": role} in policy["Roles"]:
                yield from policy["PolicyDocument"]["Statement"]


def target(reference: object) -> str:
    """The logical id that a `Ref`, a `Fn::GetAtt` or an address made of one names."""
    match reference:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), _]}:
            return name
        case {"Fn::Join": [_, list(parts)]}:
            return next(target(part) for part in parts if isinstance(part, dict) and "Fn::GetAtt" in part)
    raise AssertionError(f"{reference!r} names no resource")


def as_list(value: object) -> list[Any]:
    """IAM writes lists of one without brackets."""
    return value if isinstance(value, list) else [value]


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built pages, as small as they can be."""
    dist = tmp_path_factory.mktemp("web") / "dist"
    for name in ("index.html", "portal/index.html", "favicon.svg", "assets/desk-1a2b3c.js"):
        file = dist / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return dist


@pytest.fixture(scope="session")
def synthesize(pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Synthesis]:
    """Synthesizes the desk as cdk.json describes it, with other context values on top."""

    def run(*, dist: Path = pages, **context: str) -> Synthesis:
        from aws_cdk import App  # noqa: PLC0415 - starts a Node process, which tests of other rooms can do without

        from infra.app import build  # noqa: PLC0415 - the same
        from infra.config import read_config  # noqa: PLC0415 - the same

        folder = tmp_path_factory.mktemp("assembly")
        written = json.loads((ROOT / "cdk.json").read_text())["context"]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("infra.constructs.pages.DIST", dist)
            for name in ("CDK_DEFAULT_ACCOUNT", "CDK_DEFAULT_REGION"):
                patch.delenv(name, raising=False)
            app = App(outdir=str(folder), context={**written, "bundle": False, **context})
            stack = build(app, read_config(app.node.try_get_context))
            assembly = app.synth().get_stack_by_name(stack.stack_name)
        messages = tuple((str(message.level), str(message.entry.data)) for message in assembly.messages)
        return Synthesis(folder, json.loads(Path(assembly.template_full_path).read_text()), messages)

    return run


@pytest.fixture(scope="session")
def deployed(synthesize: Callable[..., Synthesis]) -> Synthesis:
    """The desk as it is deployed, with cdk-nag looking on."""
    return synthesize()


@pytest.fixture(scope="session")
def local(synthesize: Callable[..., Synthesis]) -> Synthesis:
    """The desk on one machine."""
    return synthesize(stage="local", base_url="http://127.0.0.1:8080")


@pytest.fixture(scope="session")
def at_the_edge() -> Callable[[str, Resource], Resource]:
    """Runs one of CloudFront's functions in Node, with a request."""

    def run(code: str, event: Resource) -> Resource:
        script = f"{code}\nconsole.log(JSON.stringify(handler({json.dumps(event)})));"
        done = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True, timeout=60)
        return dict(json.loads(done.stdout))

    return run
