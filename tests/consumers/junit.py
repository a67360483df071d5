"""JUnit: read by junitparser with the same counts, shown by junit2html; Jenkins' strict form."""
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

from junitparser import Error, Failure, JUnitXml, Skipped

from checks import check, files, finish, report

for file in files("junit"):
    found = report(file)
    cases = [case for suite in JUnitXml.fromfile(str(file)) for case in suite]
    kinds = lambda kind: sum(any(isinstance(r, kind) for r in case.result) for case in cases)
    passed = sum(len(model["passed"]) for model in found["models"])
    # A rule that waits for what a model does not say was not passed.
    dormant = sum(len(model["dormant"]) for model in found["models"])
    errors = kinds(Error)
    # Where there is no model, one case says so.
    none = int(not found["models"])
    check("junitparser", f"{file.name}: a case a finding and a case a rule that found nothing",
          len(cases) - errors == len(found["findings"]) + passed + dormant + none, len(cases))
    check("junitparser", f"{file.name}: failures", kinds(Failure) == found["summary"]["gate"]["failing"], kinds(Failure))
    skipped = sum(f["status"] not in ("new", "unreviewed") for f in found["findings"])
    check("junitparser", f"{file.name}: skipped", kinds(Skipped) == skipped + dormant + none, kinds(Skipped))
    with tempfile.TemporaryDirectory() as folder:
        page = os.path.join(folder, "page.html")
        run = subprocess.run([os.path.join(os.path.dirname(sys.executable), "junit2html"), str(file), page],
                             capture_output=True, text=True)
        shown = os.path.exists(page) and os.path.getsize(page) > 1000
        check("junit2html", file.name, run.returncode == 0 and shown, run.stderr)

# What junit-10.xsd of Jenkins' xUnit plugin allows of what we write: attributes and children.
ALLOWED = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id", "package",
         "file", "log", "url", "version"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": ({"name", "time", "classname", "group"}, {"skipped", "error", "failure", "system-out", "system-err"}),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "skipped": ({"type", "message"}, set()),
    "error": ({"type", "message"}, set()),
    "failure": ({"type", "message"}, set()),
    "system-out": (set(), set()),
}
for file in files("jenkins"):
    refused = set()
    for element in xml.etree.ElementTree.parse(file).iter():
        attributes, children = ALLOWED.get(element.tag, (set(), set()))
        refused |= {f"{element.tag} {name}" for name in set(element.attrib) - attributes}
        refused |= {f"{element.tag} > {child.tag}" for child in element if child.tag not in children}
    check("Jenkins' schema", file.name, not refused, refused)
finish()
