# What an organisation may ask of its threat models beyond the gate, of tmrs' JSON report:
#
#   tmrs check --output json=tmrs.json
#   conftest test --policy examples/opa tmrs.json
#
# or `opa eval --data examples/opa --input tmrs.json data.main.deny`. `tmrs schema report`
# describes every field.
package main

import rego.v1

at(finding) := sprintf("%s:%d: %s", [finding.location.path, finding.location.line, finding.rule])

# A report that is not whole proves nothing.
deny contains message if {
	not input.summary.verdict in {"passed", "failed"}
	message := sprintf("not everything was judged: the run is %s", [input.summary.verdict])
}

# What matters most and is open to anyone is mended: neither put into the baseline nor accepted.
deny contains message if {
	some finding in input.findings
	finding.status in {"baselined", "accepted"}
	finding.risk == "critical"
	finding.reach == "open"
	message := sprintf("%s is %s, but anyone reaches it", [at(finding), finding.status])
}

# What is severe is excluded in tmrs.yaml, which has owners, not in a comment beside the element.
deny contains message if {
	some finding in input.findings
	finding.status == "excluded"
	finding.severity in {"high", "critical"}
	finding.exclusion.by == "inline"
	message := sprintf("%s is excluded by a comment: %s", [at(finding), finding.exclusion.reason])
}

# Of a model that hardly says anything everything is found, and nothing for sure.
warn contains message if {
	some model in input.models
	found := [finding |
		some finding in input.findings
		finding.model == model.path
		finding.status in {"new", "unreviewed", "baselined"}
	]
	assumed := [finding | some finding in found; finding.evidence == "assumed"]
	count(assumed) >= 20
	count(assumed) * 10 > count(found) * 9
	message := sprintf(
		"%s: %d of %d findings are only assumed; `tmrs questions` asks for what settles them",
		[model.path, count(assumed), count(found)],
	)
}
