"""CSV as a spreadsheet reads it, annotations as a GitHub runner reads them."""
import csv
import re

from checks import check, files, finish, report

csv.field_size_limit(10_000_000)
for file in files("csv"):
    rows = list(csv.DictReader(file.open(encoding="utf-8", newline="")))
    found = report(file)["findings"]
    judged = [row for row in rows if row["rule"] and row["status"] != "not judged"]
    check("csv", f"{file.name}: a row a finding", len(judged) == len(found), len(judged))
    verdict = report(file)["summary"]["verdict"]
    check("csv", f"{file.name}: the verdict in every row", {row["verdict"] for row in rows} == {verdict})
    cells = [cell for row in rows for cell in row.values()]
    computed = [cell for cell in cells if cell.lstrip()[:1] in ("=", "+", "-", "@") and cell.lstrip()]
    check("csv", f"{file.name}: nothing is computed", not computed, computed[:3])
for file in files("github"):
    lines = file.read_text(encoding="utf-8").split("\n")
    commands = [line for line in lines if re.match(r"\s*(::|##\[)", line)]
    ours = [line for line in commands if re.match(r"::(error|warning|notice) [^:]*title=[^:]*::.", line)]
    check("github", f"{file.name}: every command is an annotation of ours", commands == ours, set(commands) - set(ours))
    for level in ("error", "warning", "notice"):
        count = sum(line.startswith(f"::{level} ") for line in lines)
        check("github", f"{file.name}: at most 10 of level {level}", count <= 10, count)
finish()
