# Checks Kubernetes resources and prints what is wrong with each as JSON: the versions of Kubernetes, then files of YAML.
import json
import sys
from types import SimpleNamespace

import kserve.models
import kubernetes.client.models
import kubernetes_validate
import yaml
from kserve.api_client import ApiClient

versions, *files = sys.argv[1:]

# KServe's client looks up every class in its own module, also those of Kubernetes.
for name in dir(kubernetes.client.models):
    if not hasattr(kserve.models, name):
        setattr(kserve.models, name, getattr(kubernetes.client.models, name))
kserve_client = ApiClient()


def lost(before, after, path=""):
    """Yields the paths of what isn't the same, or isn't there anymore."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            yield from lost(value, after.get(key), f"{path}/{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for at, (one, other) in enumerate(zip(before, after)):
            yield from lost(one, other, f"{path}/{at}")
    elif before != after:
        yield f"{path} is unknown, or must be something else"


def kserve_problems(resource):
    """Reads a resource into KServe's classes. They check some values, and leave out what they don't know."""
    try:
        response = SimpleNamespace(data=json.dumps(resource))
        read = kserve_client.deserialize(response, "V1beta1InferenceService")
        return list(lost(resource, kserve_client.sanitize_for_serialization(read)))
    except (AttributeError, ValueError) as error:
        return [str(error)]


def kubernetes_problems(resource):
    problems = []
    for version in versions.split(","):
        try:
            kubernetes_validate.validate(resource, version, strict=True)
        except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError) as error:
            problems.append(f"{version}: {error}")
    return problems


checked = []
for file in files:
    with open(file) as stream:
        for resource in yaml.safe_load_all(stream):
            is_kserve = resource["apiVersion"] == "serving.kserve.io/v1beta1"
            problems = (kserve_problems if is_kserve else kubernetes_problems)(resource)
            name = f"{resource['kind']} {resource['metadata']['name']}"
            checked.append({"file": file, "name": name, "problems": problems})
json.dump(checked, sys.stdout)
