"""Builds the layer of third-party packages from requirements/lambda.txt: with uv, without Docker, once per content."""

import compileall
import hashlib
import os
import py_compile
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

PYTHON: Final = "3.13"

SERVICES: Final = frozenset({"bedrock-runtime", "dynamodb", "events", "s3", "secretsmanager", "sesv2", "sqs", "sts"})
"""AWS services our code calls. botocore ships descriptions of some 400, which is most of what a layer would weigh."""

_PLATFORMS: Final = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}
"""Lambda's Python 3.13 runs on Amazon Linux 2023 (glibc 2.34); numpy has no wheels for older ones any more."""
_NEVER_LOADED: Final = frozenset({".c", ".css", ".h", ".js", ".pxd", ".pxi", ".pyi", ".pyx"})
"""Sources of what is compiled, types for editors, and a documentation page that is never shown."""
_RECIPE: Final = "2"
"""Counted up when this module makes another layer of the same requirements."""


class LayerError(RuntimeError):
    """The layer could not be built; the message says why."""


def layer_digest(requirements: Path, architecture: str) -> str:
    """Names a layer by all that goes into it."""
    recipe = "\n".join([_RECIPE, PYTHON, _PLATFORMS[architecture], *sorted(SERVICES)])
    return hashlib.sha256(recipe.encode() + b"\n" + requirements.read_bytes()).hexdigest()[:32]


def build_layer(requirements: Path, architecture: str, cache: Path) -> Path:
    """Installs the requirements as a Lambda layer and returns its folder; done at most once per content.

    Args:
        requirements: hash-locked requirements.
        architecture: `arm64` or `x86_64`.
        cache: folder that keeps built layers.

    Raises:
        LayerError: a package has no wheel for the platform, a hash differs, or uv is missing.
    """
    target = cache / f"{architecture}-{layer_digest(requirements, architecture)}"
    if target.is_dir():
        return target
    if sys.version_info[:2] != (3, 13):
        raise LayerError(f"Byte code in the layer must be Python {PYTHON}'s; this is {sys.version.split()[0]}")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".building-") as scratch:
        packages = Path(scratch) / "layer" / "python"
        _install(requirements, architecture, packages)
        _trim(packages)
        _compile(packages)
        try:
            packages.parent.rename(target)
        except OSError:
            # Somebody else built the same layer meanwhile; theirs is as good.
            if not target.is_dir():
                raise
    return target


def _install(requirements: Path, architecture: str, packages: Path) -> None:
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if uv is None:
        raise LayerError("uv is missing: install the `ops` dependencies")
    command = [
        *(uv, "pip", "install", "--quiet", "--target", str(packages), "--requirements", str(requirements)),
        *("--require-hashes", "--no-deps", "--only-binary", ":all:", "--link-mode", "copy"),
        *("--python", sys.executable, "--python-version", PYTHON, "--python-platform", _PLATFORMS[architecture]),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - arguments are ours
    if done.returncode != 0:
        raise LayerError(f"uv could not install {requirements.name} for {architecture}:\n{done.stderr.strip()}")


def _trim(packages: Path) -> None:
    """Takes out what no function of ours can reach: other services' descriptions, programs, tests, stale byte code."""
    services = packages / "botocore" / "data"
    for service in services.iterdir() if services.is_dir() else ():
        if service.is_dir() and service.name not in SERVICES:
            shutil.rmtree(service)
    for useless in ("bin", "boto3/data", "boto3/examples"):
        shutil.rmtree(packages / useless, ignore_errors=True)
    for folder in [*packages.rglob("__pycache__"), *packages.rglob("tests")]:
        shutil.rmtree(folder, ignore_errors=True)
    for file in packages.rglob("*"):
        if file.suffix in _NEVER_LOADED or file.name in {"RECORD", ".lock"}:
            file.unlink()


def _compile(packages: Path) -> None:
    """Adds byte code: a layer is mounted read-only, so every cold start would compile every module again.

    Unchecked, because a layer's sources never change and unpacking may alter their times.
    """
    compiled = compileall.compile_dir(
        packages,
        quiet=2,
        stripdir=str(packages),
        prependdir="/opt/python",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    if not compiled:
        raise LayerError("A package does not compile")
