"""The layer of third-party packages: small, complete, built once, and never half."""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from infra import layer
from infra.layer import LayerError, build_layer, layer_digest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    file = tmp_path / "lambda.txt"
    file.write_text("example==1.0 --hash=sha256:00\n")
    return file


class Uv:
    """Stands in for uv: "installs" a few files and remembers what it was asked for."""

    def __init__(self, fault: str = "") -> None:
        self.commands: list[list[str]] = []
        self.fault = fault

    def __call__(self, command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        target = Path(command[command.index("--target") + 1])
        for name in (
            "example/__init__.py",
            "example/tests/test_example.py",
            "example/__init__.pyi",
            "example/__pycache__/stale.cpython-313.pyc",
            "example-1.0.dist-info/METADATA",
            "example-1.0.dist-info/RECORD",
            "botocore/data/dynamodb/2012-08-10/service-2.json.gz",
            "botocore/data/ec2/2016-11-15/service-2.json.gz",
            "botocore/data/endpoints.json",
            "boto3/data/ec2/resources-1.json",
            "bin/example",
        ):
            file = target / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("VALUE = 1\n" if name.endswith(".py") else "")
        return subprocess.CompletedProcess(command, 1 if self.fault else 0, "", self.fault)


@pytest.fixture
def uv(monkeypatch: pytest.MonkeyPatch) -> Uv:
    uv = Uv()
    monkeypatch.setattr(subprocess, "run", uv)
    return uv


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_layer_holds_what_functions_can_reach_and_nothing_else(requirements: Path, uv: Uv, tmp_path: Path) -> None:
    made = build_layer(requirements, "arm64", tmp_path / "cache")
    assert files(made) == {
        "python/example/__init__.py",
        "python/example/__pycache__/__init__.cpython-313.pyc",
        "python/example-1.0.dist-info/METADATA",
        "python/botocore/data/dynamodb/2012-08-10/service-2.json.gz",
        "python/botocore/data/endpoints.json",
    }


@pytest.mark.parametrize(
    ("architecture", "platform"), [("arm64", "aarch64-manylinux_2_28"), ("x86_64", "x86_64-manylinux_2_28")]
)
def test_only_locked_wheels_for_the_functions_processor_are_taken(
    requirements: Path, uv: Uv, tmp_path: Path, architecture: str, platform: str
) -> None:
    build_layer(requirements, architecture, tmp_path / "cache")
    (command,) = uv.commands
    assert command[command.index("--python-platform") + 1] == platform
    assert command[command.index("--python-version") + 1] == "3.13"
    assert command[command.index("--only-binary") + 1] == ":all:"
    assert {"--require-hashes", "--no-deps"} <= set(command)


def test_byte_code_is_used_as_it_is_even_if_unpacking_changed_the_sources_times(
    requirements: Path, uv: Uv, tmp_path: Path
) -> None:
    made = build_layer(requirements, "arm64", tmp_path / "cache") / "python" / "example"
    (code,) = (made / "__pycache__").iterdir()
    header = code.read_bytes()[:8]
    assert header[:4] == importlib.util.MAGIC_NUMBER
    assert int.from_bytes(header[4:], "little") == 0b01, "checked neither by hash nor by time"


def test_a_layer_is_built_once_per_content(requirements: Path, uv: Uv, tmp_path: Path) -> None:
    first = build_layer(requirements, "arm64", tmp_path / "cache")
    assert build_layer(requirements, "arm64", tmp_path / "cache") == first
    assert len(uv.commands) == 1
    requirements.write_text("example==1.1 --hash=sha256:00\n")
    assert build_layer(requirements, "arm64", tmp_path / "cache") != first
    assert build_layer(requirements, "x86_64", tmp_path / "cache").name.startswith("x86_64-")
    assert len(uv.commands) == 3


def test_a_failed_installation_says_why_and_leaves_nothing_behind(
    requirements: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(subprocess, "run", Uv(fault="hash mismatch of example"))
    with pytest.raises(LayerError, match="hash mismatch of example"):
        build_layer(requirements, "arm64", tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_without_uv_the_message_says_so(requirements: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(LayerError, match="uv is missing"):
        build_layer(requirements, "arm64", tmp_path / "cache")


def test_the_lock_names_a_hash_for_every_package() -> None:
    lines = (ROOT / "requirements" / "lambda.txt").read_text().replace("\\\n", " ").splitlines()
    packages = [line for line in lines if line and not line.lstrip().startswith("#")]
    assert packages
    assert [line for line in packages if "--hash=sha256:" not in line] == []


def test_a_layers_name_depends_on_the_lock_the_processor_and_the_services(
    requirements: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {layer_digest(requirements, "arm64"), layer_digest(requirements, "x86_64")}
    monkeypatch.setattr(layer, "SERVICES", layer.SERVICES | {"sns"})
    names.add(layer_digest(requirements, "arm64"))
    assert len(names) == 3


def test_every_service_the_layer_keeps_is_one_that_botocore_knows() -> None:
    spec = importlib.util.find_spec("botocore")
    assert spec is not None
    assert spec.origin is not None
    known = {path.name for path in (Path(spec.origin).parent / "data").iterdir()}
    assert known >= layer.SERVICES


def test_the_layer_keeps_every_service_that_a_function_calls() -> None:
    """A client of another one works on a developer's machine, and nowhere else."""
    on_an_operators_machine = {"operations.py", "accounting.py"}
    asked = {
        service
        for folder in ("functions", "helpdesk")
        for path in (ROOT / folder).rglob("*.py")
        if path.name not in on_an_operators_machine
        for service in re.findall(r"client\(\s*\"([a-z0-9-]+)\"", path.read_text(encoding="utf-8"))
    }
    assert {"sqs", "s3", "events"} <= asked
    assert asked <= layer.SERVICES
