"""Files of other kinds, as repositories are full of them: none is a threat model."""

import json

WORDS = "order invoice ledger parcel courier ticket seat venue refund voucher basket stock shelf depot".split()


def word(n):
    return WORDS[n % len(WORDS)]


def digest(n):
    return f"{(n * 2654435761) % (1 << 64):016x}" * 4


def npm_lock(i, n):
    packages = {
        f"node_modules/{word(k)}-{k}": {
            "version": f"{k % 9}.{k % 7}.{k % 5}",
            "resolved": f"https://registry.example.org/{word(k)}-{k}/-/{word(k)}-{k}.tgz",
            "integrity": f"sha512-{digest(k)}",
            "dependencies": {f"{word(k + 1)}-{k + 1}": "^1.0.0"},
            "engines": {"node": ">=18"},
        }
        for k in range(i, i + n)
    }
    return json.dumps({"name": word(i), "lockfileVersion": 3, "requires": True, "packages": packages}, indent=2)


def pnpm_lock(i, n):
    head = "lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n\nimporters:\n  .:\n    dependencies:\n"
    body = "".join(f"      {word(k)}-{k}:\n        specifier: ^1.{k}.0\n        version: 1.{k}.0\n" for k in range(i, i + n))
    packages = "\npackages:\n" + "".join(
        f"  '{word(k)}-{k}@1.{k}.0':\n    resolution: {{integrity: sha512-{digest(k)}==}}\n    engines: {{node: '>=18'}}\n"
        for k in range(i, i + n)
    )
    return head + body + packages


def cargo_lock(i, n):
    one = '[[package]]\nname = "{0}-{1}"\nversion = "0.{1}.0"\nsource = "registry+https://example.org/index"\nchecksum = "{2}"\n\n'
    return "version = 4\n\n" + "".join(one.format(word(k), k, digest(k)) for k in range(i, i + n))


def manifest(i, n):
    one = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {0}-{1}\n  labels: {{app: {0}}}\nspec:\n  replicas: 2\n"
        "  template:\n    metadata:\n      labels: {{app: {0}}}\n    spec:\n      containers:\n        - name: {0}\n"
        "          image: registry.example.org/{0}:{1}\n          ports: [{{containerPort: 8080}}]\n"
        "          env:\n            - name: {2}_URL\n              value: http://{3}:8080\n"
    )
    docs = [one.format(word(k), k, word(k).upper(), word(k + 1)) for k in range(i, i + n)]
    return "---\n".join(docs)


def values(i, n):
    return "".join(
        f"{word(k)}{k}:\n  enabled: true\n  image:\n    repository: registry.example.org/{word(k)}\n    tag: v{k}\n"
        f"  # How many of them.\n  replicas: {k % 5}\n  elements: []\n  flows: {{}}\n"
        for k in range(i, i + n)
    )


def compose(i, n):
    one = "  {0}{1}:\n    image: registry.example.org/{0}:{1}\n    depends_on: [{2}{3}]\n    environment: [LEVEL=info]\n"
    return "services:\n" + "".join(one.format(word(k), k, word(k + 1), k + 1) for k in range(i, i + n))


def workflow(i, n):
    steps = "".join(f"      - name: {word(k)} {k}\n        run: make {word(k)}\n" for k in range(i, i + n))
    return f"name: {word(i)}\non: [push, pull_request]\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"


def openapi(i, n):
    paths = {
        f"/{word(k)}/{k}": {
            "get": {
                "summary": f"Reads a {word(k)}",
                "tags": [word(k)],
                "responses": {"200": {"description": "It", "content": {"application/json": {"schema": {"type": "object"}}}}},
            }
        }
        for k in range(i, i + n)
    }
    return json.dumps({"openapi": "3.1.0", "info": {"title": word(i), "version": "1"}, "paths": paths}, indent=2)


def bill(i, n):
    parts = [
        {"type": "library", "bom-ref": f"pkg:{k}", "name": f"{word(k)}-{k}", "version": f"1.{k}", "licenses": [{"license": {"id": "MIT"}}]}
        for k in range(i, i + n)
    ]
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": parts}, indent=1)


def graph(i, n):
    """Data with words that models have, none of them where a model has it."""
    nodes = [{"id": k, "name": word(k), "summary": "", "elements": [], "flows": [], "diagrams": {}} for k in range(i, i + n)]
    return json.dumps({"title": word(i), "nodes": nodes, "detail": {"project": "x", "otmVersion": None}})


def fixture(i, n):
    return json.dumps([{"id": k, "name": word(k), "price": k * 3, "tags": [word(k), word(k + 1)]} for k in range(i, i + n)])


def pom(i, n):
    one = "    <dependency>\n      <groupId>org.example</groupId>\n      <artifactId>{0}-{1}</artifactId>\n      <version>1.{1}</version>\n    </dependency>\n"
    body = "".join(one.format(word(k), k) for k in range(i, i + n))
    return f'<?xml version="1.0"?>\n<project xmlns="http://maven.apache.org/POM/4.0.0">\n  <dependencies>\n{body}  </dependencies>\n</project>\n'


def resx(i, n):
    one = '  <data name="{0}{1}" xml:space="preserve">\n    <value>The {0} number {1}</value>\n  </data>\n'
    return '<?xml version="1.0" encoding="utf-8"?>\n<root>\n' + "".join(one.format(word(k), k) for k in range(i, i + n)) + "</root>\n"


def terraform(i, n):
    one = 'resource "aws_s3_bucket" "{0}_{1}" {{\n  bucket = "{0}-{1}"\n  tags = {{\n    component = "{0}"\n  }}\n}}\n\n'
    return "".join(one.format(word(k), k) for k in range(i, i + n))


def hcl(i, n):
    one = 'job "{0}-{1}" {{\n  datacenters = ["a"]\n  group "{0}" {{\n    count = {1}\n  }}\n}}\n\n'
    return "".join(one.format(word(k), k) for k in range(i, i + n))


# The name of each kind, how it names a file, and what makes its text.
KINDS = {
    "package-lock.json": ("package-lock.json", npm_lock),
    "pnpm-lock.yaml": ("pnpm-lock.yaml", pnpm_lock),
    "Cargo.lock": ("Cargo.lock", cargo_lock),
    "Kubernetes": ("deploy.yaml", manifest),
    "Helm values": ("values.yaml", values),
    "Compose": ("compose.yml", compose),
    "workflow": ("ci.yml", workflow),
    "OpenAPI": ("openapi.json", openapi),
    "CycloneDX": ("bom.json", bill),
    "graph": ("graph.json", graph),
    "fixture": ("fixture.json", fixture),
    "pom.xml": ("pom.xml", pom),
    "resources": ("strings.resx", resx),
    "Terraform": ("main.tf", terraform),
    "HCL": ("job.hcl", hcl),
}


def write(folder, kinds, files):
    """Writes so many files of these kinds in turn, a few long and most short; how many and their bytes."""
    size = 0
    for i in range(files):
        name, text = KINDS[kinds[i % len(kinds)]]
        lines = 200 if i % 40 < len(kinds) and i % 37 == 0 else 10 + i % 30
        path = folder / f"part{i // 200}/unit{i}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = text(i, lines).encode()
        path.write_bytes(content)
        size += len(content)
    return files, size
