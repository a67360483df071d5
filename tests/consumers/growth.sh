#!/bin/sh
# Gives tmrs inputs that grow, in sizes that show how they grow, alone and held against a base:
# each run stays below 10 s and 1 GB, ends with a status of its own, and leaves no part of a report.
#
#   tests/consumers/growth.sh TMRS
#
# `scripts/grow` does the same in the sizes of docs/limits.md.
set -eu
grow=$(dirname "$0")/../../scripts/grow
"$grow" --small "$1"
"$grow" --small --since "$1"
