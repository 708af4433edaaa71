#!/usr/bin/env python3
"""Check that the JSON that commands print is what docs/reference/schemas says.

Every file there is a JSON Schema (2020-12). `samples.txt` beside them has one command on each line,
behind the name of the schema that its output must fit:

    caps: headroom caps --json

The commands run in order, each in a shell of its own, in a temporary folder with a copy of
docs/examples; a line without a name prepares the others and must succeed. Output of several lines of JSON is checked line by line. Unknown members
are findings too: the schemas allow them, so that members can be added, but what is printed today is
all documented. So is a schema without a sample, and a verb with `--json` without one. Findings make
the exit status 1.
"""
import argparse
import copy
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings

import jsonschema

_SCHEMAS = pathlib.Path("docs/reference/schemas")
_SHARED = "words"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--headroom", required=True, type=pathlib.Path, help="the built program")
    arguments = parser.parse_args()
    root = pathlib.Path(__file__).resolve().parent.parent
    headroom = arguments.headroom.resolve()
    schemas = read_schemas(root / _SCHEMAS)
    samples = read_samples(root / _SCHEMAS / "samples.txt")
    findings = [f"{name}: {problem}" for name, schema in schemas.items()
                for problem in problems(name, schema)]
    findings += coverage(schemas, samples, headroom)
    if not findings:
        findings = run(samples, schemas, root, headroom)
    for finding in findings:
        print(f"schemas: {finding}")
    if findings:
        sys.exit(1)
    checked = sum(1 for name, _ in samples if name)
    print(f"schemas: {checked} commands print what {len(schemas) - 1} schemas say")


def read_schemas(folder):
    return {path.name.removesuffix(".schema.json"): json.loads(path.read_text(encoding="utf-8"))
            for path in sorted(folder.glob("*.schema.json"))}


def read_samples(path):
    """The lines as (schema or None, command); a line that ends in a backslash goes on."""
    samples = []
    for line in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, colon, command = line.partition(": ")
        named = colon and all(part.isalnum() for part in name.split("-"))
        samples.append((name, command.strip()) if named else (None, line))
    return samples


def problems(name, schema):
    """What is wrong with a schema itself."""
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        yield f"is no JSON Schema: {error.message}"
    if schema.get("$id") != f"{name}.schema.json":
        yield f"its $id is not {name}.schema.json"
    for member in ("$schema", "title", "description"):
        if member not in schema:
            yield f"it has no {member}"


def coverage(schemas, samples, headroom):
    used = {name for name, _ in samples if name}
    for name in sorted(used - set(schemas)):
        yield f"samples.txt: there is no schema {name}"
    for name in sorted(set(schemas) - used - {_SHARED}):
        yield f"{name}: it has no sample in samples.txt"
    commands = [command for name, command in samples if name]
    for verb in verbs_with_json(headroom):
        if not any(f"headroom {verb} " in f"{command} " for command in commands):
            yield f"headroom {verb} --json: no sample in samples.txt"


def verbs_with_json(headroom):
    """The verbs that take --json, as the program's own dump of its help tells."""
    dump = json.loads(subprocess.run([headroom, "--experimental-dump-help"], check=True,
                                     capture_output=True).stdout)
    def walk(command, path):
        for child in command.get("subcommands", []):
            yield from walk(child, path + [child["commandName"]])
        options = [name["name"] for argument in command.get("arguments", [])
                   for name in argument.get("names", [])]
        if "json" in options and path:
            yield " ".join(path)
    return list(walk(dump["command"], []))


def strict(schema):
    """The schema with every object that lists its members closed."""
    schema = copy.deepcopy(schema)
    def close(part):
        if isinstance(part, dict):
            if "properties" in part:
                part.setdefault("additionalProperties", False)
            for child in part.values():
                close(child)
        elif isinstance(part, list):
            for child in part:
                close(child)
    close(schema)
    return schema


def validators(schemas):
    closed = {f"{name}.schema.json": strict(schema) for name, schema in schemas.items()}
    with warnings.catch_warnings():
        # Debian's jsonschema knows no other way; newer ones only deprecate it.
        warnings.simplefilter("ignore", DeprecationWarning)
        return {name.removesuffix(".schema.json"): jsonschema.Draft202012Validator(
            schema, resolver=jsonschema.RefResolver(name, schema, store=closed))
            for name, schema in closed.items()}


def run(samples, schemas, root, headroom):
    checks = validators(schemas)
    with tempfile.TemporaryDirectory(prefix="headroom-schemas.") as scratch:
        shutil.copytree(root / "docs/examples", pathlib.Path(scratch) / "docs/examples")
        environment = {key: value for key, value in os.environ.items()
                       if not key.startswith("HEADROOM_")}
        environment["PATH"] = f"{headroom.parent}:{environment['PATH']}"
        findings = []
        for name, command in samples:
            result = subprocess.run(["bash", "-c", command], cwd=scratch, env=environment,
                                    capture_output=True, text=True, check=False)
            # Those that are to fail may end with any status.
            most = 5 if name == "failed" else 2
            if not 0 <= result.returncode <= most or (name is None and result.returncode != 0):
                findings.append(f"{command}: exit status {result.returncode}: {result.stderr}")
            elif name is not None:
                findings += [f"{command}: {problem}"
                             for problem in mismatches(checks[name], result.stdout)]
        return findings


def mismatches(check, output):
    """What in a command's output does not fit, one finding a document."""
    try:
        documents = [json.loads(output)]
    except json.JSONDecodeError:
        try:
            documents = [json.loads(line) for line in output.splitlines()]
        except json.JSONDecodeError as error:
            yield f"no JSON: {error}"
            return
    if not documents:
        yield "prints nothing"
    for document in documents:
        error = jsonschema.exceptions.best_match(check.iter_errors(document))
        if error is not None:
            yield f"at {error.json_path}: {error.message[:400]}"
            return


if __name__ == "__main__":
    main()
