"""Markdown, as a GFM renderer makes it into HTML: what models say stays text, links
lead to lines, folds are closed."""
import html
import html.parser
import re

from markdown_it import MarkdownIt

from checks import check, files, finish, report

ALLOWED = {"h2", "h3", "h4", "p", "strong", "em", "a", "code", "ul", "li", "ol", "table", "thead", "tbody", "tr", "th", "td",
           "details", "summary", "sub", "blockquote", "hr", "br", "pre"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.links, self.text, self.open, self.bad = [], [], [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attributes).get("href", ""))
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.bad.append(tag)

    def handle_data(self, data):
        # Diagrams are for Mermaid, which has a test of its own.
        if "pre" not in self.open:
            self.text.append(data)


# GitHub's own: tables, strikethrough, links of their own accord, HTML that is let through.
render = MarkdownIt("gfm-like", {"html": True, "linkify": True})
for file in files("markdown") + files("markdown-comment"):
    source = file.read_text(encoding="utf-8")
    found = report(file)
    page = Page()
    page.feed(render.render(source))
    name = file.name
    check("markdown", f"{name}: only our own tags", set(page.tags) <= ALLOWED, set(page.tags) - ALLOWED)
    check("markdown", f"{name}: every tag is closed", not page.bad and not page.open, (page.bad, page.open[:5]))
    foreign = [link for link in page.links if "evil" in link or link.startswith(("javascript:", "mailto:"))]
    # linkify also looks at text after rendering, which GitHub does not for these.
    foreign = [link for link in foreign if f"]({link})" in source or f"<{link}>" in source]
    check("markdown", f"{name}: no link that a model made", not foreign, foreign)
    text = "".join(page.text)
    mentions = re.findall(r"(?<![\w`])@[A-Za-z]", text)
    check("markdown", f"{name}: nobody is mentioned", not mentions, mentions[:3])
    check("markdown", f"{name}: the verdict comes first", page.tags[:3] == ["h2", "p", "strong"], page.tags[:3])
    limit = 60_000 if name.endswith("markdown-comment") else 900 * 1024
    check("markdown", f"{name}: size", len(source.encode()) <= limit, len(source.encode()))
    if "Cut to fit" in source:
        continue
    new = [f for f in found["findings"] if f["status"] in ("new", "unreviewed")]
    if name.endswith("markdown-comment"):
        # What fails is named; what fails nothing is told in a page at most.
        failing = {f["rule"] for f in new if f["failing"]}
        unnamed = {rule for rule in failing if rule.isalnum() and rule not in text}
        check("markdown", f"{name}: what fails is named", not unnamed, unnamed)
        continue
    single = [f for f in new if f["evidence"] == "declared" and f["failing"]]
    lines = {f'#L{f["location"]["line"]}' for f in single}
    linked = {"#" + link.rsplit("#", 1)[1] for link in page.links if "#L" in link}
    check("markdown", f"{name}: links lead to the lines of new findings", lines <= linked, lines - linked)
    # A character of no width keeps mentions and references from being made.
    shown = re.sub(r"\s+", " ", text.replace("\u200b", ""))
    titles = [f["title"] for f in new if f["title"].isascii() and "\n" not in f["title"] and len(f["title"]) < 100]
    missing = [t for t in titles if re.sub(r"\s+", " ", t).strip() not in shown and not set(t) & set("\0\a\x1b")]
    check("markdown", f"{name}: titles are shown as written", not missing, missing[:3])
finish()
