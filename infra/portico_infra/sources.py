"""Reads the YAML sources; CloudFormation's short tags become the long forms."""

import copy
import functools
import hashlib
from pathlib import Path

import yaml

HOME = Path(__file__).resolve().parent.parent


class Mistake(Exception):
    """A source that says something it cannot mean; the text names file and place."""


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML with !Ref, !Sub and the others; a key that stands twice is an error, a date stays text."""


def tag(loader, suffix, node):
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {name: value}


def mapping(loader, node, deep=True):
    seen = set()
    for key, _ in node.value:
        if key.tag == "tag:yaml.org,2002:merge":
            continue
        text = loader.construct_object(key, deep=True)
        if text in seen:
            raise Mistake(f"{key.start_mark}: {text} stands twice")
        seen.add(text)
    loader.flatten_mapping(node)
    return yaml.SafeLoader.construct_mapping(loader, node, deep)


Loader.add_multi_constructor("!", tag)
Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
Loader.add_constructor("tag:yaml.org,2002:timestamp", yaml.SafeLoader.construct_scalar)


def read(name):
    """A source of one's own to change."""
    return copy.deepcopy(parsed(name))


@functools.cache
def parsed(name):
    path = HOME / f"{name}.yaml"
    try:
        return yaml.load(path.read_text(), Loader) or {}
    except yaml.YAMLError as error:
        raise Mistake(f"{path.name} cannot be read: {error}") from error


def digest():
    """Of everything that templates are made from; tells templates that are old from those that are not."""
    files = sorted(path for path in HOME.rglob("*") if path.suffix in (".yaml", ".py") and path.is_file())
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.relative_to(HOME).as_posix()}\n{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def pascal(name):
    """`submit-case` as a logical id is written: `SubmitCase`."""
    return "".join(part[:1].upper() + part[1:] for part in name.replace("_", "-").split("-"))


def walk(node, found):
    """Calls `found` with every mapping in a value, outer ones first."""
    if isinstance(node, dict):
        found(node)
        for value in node.values():
            walk(value, found)
    elif isinstance(node, list):
        for value in node:
            walk(value, found)
