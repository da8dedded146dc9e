"""Render's blueprint is valid, and its build and start commands run a chat."""

import asyncio
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.support.engine import HAS_ENGINE, EngineProcess
from tests.support.raw_page import RawPage
from tests.support.server import ROOT, Server, clean

BLUEPRINT = (ROOT / "render.yaml").read_text()
TEXT = {"type": "string"}
# Covers a Python web service and a Key Value in Render's schema (https://render.com/schema/render.yaml.json): names,
# enums, no additional properties. Rewritten, because that schema has no licence that allows including it.
REGIONS = {"enum": ["oregon", "ohio", "frankfurt", "singapore", "virginia"]}
FROM_SERVICE = {
    "type": "object",
    "required": ["type", "name"],
    "additionalProperties": False,
    "properties": {
        "type": {"enum": ["web", "pserv", "worker", "keyvalue", "redis"]},
        "name": TEXT,
        "property": {"enum": ["host", "port", "hostport", "connectionString"]},
        "envVarKey": TEXT,
    },
}
WEB = {
    "type": "object",
    "required": ["type", "name", "runtime"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "web"},
        "name": TEXT,
        "runtime": {"enum": ["docker", "elixir", "go", "image", "node", "python", "ruby", "rust", "static"]},
        "plan": {"enum": ["free", "starter", "standard", "pro", "pro plus", "pro max", "pro ultra"]},
        "region": REGIONS,
        "buildCommand": TEXT,
        "startCommand": TEXT,
        "healthCheckPath": TEXT,
        "autoDeployTrigger": {"enum": ["off", "commit", "checksPass"]},
        "numInstances": {"type": "integer", "minimum": 1},
        "maxShutdownDelaySeconds": {"type": "integer", "minimum": 1, "maximum": 300},
        "envVars": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["key"],
                "additionalProperties": False,
                "properties": {
                    "key": TEXT,
                    "value": {"type": ["string", "number"]},
                    "generateValue": {"type": "boolean"},
                    "sync": {"type": "boolean"},
                    "fromService": FROM_SERVICE,
                },
            },
        },
        "disk": {
            "type": "object",
            "required": ["name", "mountPath"],
            "additionalProperties": False,
            "properties": {"name": TEXT, "mountPath": TEXT, "sizeGB": {"type": "integer", "minimum": 1}},
        },
    },
}
KEY_VALUE = {
    "type": "object",
    "required": ["type", "name", "ipAllowList"],
    "additionalProperties": False,
    "properties": {
        "type": {"enum": ["keyvalue", "redis"]},
        "name": TEXT,
        "plan": {"enum": ["free", "starter", "standard", "pro", "pro plus"]},
        "region": REGIONS,
        "maxmemoryPolicy": {
            "enum": [
                "noeviction",
                *(f"{which}-{how}" for which in ("allkeys", "volatile") for how in ("lru", "lfu", "random")),
                "volatile-ttl",
            ]
        },
        "ipAllowList": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["source"],
                "additionalProperties": False,
                "properties": {"source": TEXT, "description": TEXT},
            },
        },
    },
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"services": {"type": "array", "minItems": 1, "items": {"oneOf": [WEB, KEY_VALUE]}}},
}


def with_disk(blueprint: str) -> str:
    """Return the blueprint, changed for a paid plan as its comments describe."""
    text = re.sub(
        r"      # The free plan .*?(?=      # To keep)|  - type: keyvalue\n.*", "", blueprint, flags=re.DOTALL
    )
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(("# To keep", "# and remove"))]
    return "\n".join(line.replace("# ", "", 1) for line in lines[1:]).replace("plan: free", "plan: starter")


def with_two_instances(blueprint: str) -> str:
    """Return the part of the blueprint that its last comment describes."""
    lines = blueprint.splitlines()
    return "\n".join(line.removeprefix("# ") for line in lines[lines.index("# services:") :])


KINDS = {"free": BLUEPRINT, "with a disk": with_disk(BLUEPRINT), "with two instances": with_two_instances(BLUEPRINT)}


@pytest.mark.parametrize("blueprint", KINDS.values(), ids=KINDS)
def test_blueprint_is_valid(blueprint: str):
    Draft202012Validator(SCHEMA).validate(yaml.safe_load(blueprint))


def test_only_the_paid_plan_has_a_disk_and_keeps_the_history_on_it():
    free, _ = yaml.safe_load(BLUEPRINT)["services"]
    (paid,) = yaml.safe_load(with_disk(BLUEPRINT))["services"]
    assert free["plan"] == "free"
    assert "disk" not in free
    assert "CHAT_REDIS_URL" not in [variable["key"] for variable in paid["envVars"]]
    assert {"key": "CHAT_DATA_DIR", "value": paid["disk"]["mountPath"]} in paid["envVars"]


def test_free_plan_keeps_the_history_in_a_key_value_that_drops_nothing_and_is_not_public():
    web, key_value = yaml.safe_load(BLUEPRINT)["services"]
    (url,) = [variable["fromService"] for variable in web["envVars"] if variable["key"] == "CHAT_REDIS_URL"]
    assert url == {"type": "keyvalue", "name": key_value["name"], "property": "connectionString"}
    assert (key_value["plan"], key_value["maxmemoryPolicy"]) == ("free", "noeviction")
    assert key_value["ipAllowList"] == []


def test_two_instances_differ_from_the_free_plan_in_nothing_else():
    for free, paid in zip(
        *(yaml.safe_load(KINDS[kind])["services"] for kind in ("free", "with two instances")), strict=True
    ):
        assert paid.pop("numInstances", None) == (2 if paid["type"] == "web" else None)
        assert (free.pop("plan"), paid.pop("plan")) in {("free", "standard"), ("free", "starter")}
        assert free == paid


@pytest.mark.exhaustive
@pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system")
async def test_build_and_start_commands_run_a_chat_that_keeps_its_history(tmp_path: Path):
    service, _ = yaml.safe_load(BLUEPRINT)["services"]
    source, engine = tmp_path / "source", EngineProcess()
    environment = {
        **clean(os.environ),
        **{variable["key"]: variable.get("value", "generated by Render") for variable in service["envVars"]},
        "CHAT_REDIS_URL": engine.url,
        "PATH": f"{tmp_path / 'venv' / 'bin'}:{os.environ['PATH']}",
        "WEB_CONCURRENCY": "2",  # Render sets it
        "PIP_NO_COMPILE": "1",  # compiling would double the duration
    }
    server = Server(source)
    server.environment = {**environment, "PORT": str(server.port)}
    server.command, server.folder = shlex.split(service["startCommand"]), source
    await asyncio.to_thread(check_out, source)
    await asyncio.to_thread(build, service["buildCommand"], tmp_path / "venv", source, environment)
    try:
        await asyncio.to_thread(server.start)
        assert server.health()["http"] == 200
        async with RawPage(server.url, "Ann") as ann:
            await ann.open()
            await ann.post("ann000001", "Still there?")
            await ann.close()
            assert server.stop() == -signal.SIGTERM
            shutil.rmtree(source)  # as at each start on the free plan
            await asyncio.to_thread(check_out, source)
            await asyncio.to_thread(server.start)
            await ann.open()  # with the session from before
            assert [message["text"] for message in await ann.history()] == ["Still there?"]
            await ann.close()
        assert server.stop() == -signal.SIGTERM
    finally:
        if server.process and server.process.poll() is None:
            server.kill()
        engine.remove()


def check_out(source: Path) -> None:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)


def build(command: str, venv: Path, source: Path, environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    subprocess.run(shlex.split(command), cwd=source, env=environment, check=True)
