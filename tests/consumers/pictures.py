"""Draws models and measures the pictures where they are shown: pictures.py TMRS OUT [MODEL…]

Every MODEL, and two made-up ones of 120 elements, as data-flow and as sequence diagram.
Chromium says where every text, line and box stands with the fonts of this machine: no text
stands on a line, a box or a text of others. Then Chromium and librsvg paint every picture:
the same boxes at the same places, nothing of it black. OUT keeps what was drawn.
"""

import collections
import html
import json
import pathlib
import re
import subprocess
import sys

from PIL import Image, ImageChops

CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
# Pixels that may differ between two painters: the edges, which each one softens its own way.
MOST_DIFFERENT = 0.01
# Larger pictures are painted smaller, which shows the same boxes sooner.
MOST_PIXELS = 3_000_000
# The side of the squares in which lines are looked up.
CELL = 64


# ---- a model as a company would have it, the same on every run


def town(flows):
    """120 elements of a dozen teams: a gateway asks services, services ask stores, each
    other and what all teams share."""
    state = 20261130

    def random(below):
        nonlocal state
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        return (state >> 8) % below

    words = ["orders", "stock", "billing", "search", "accounts", "media", "routing", "reviews", "pricing", "reports"]
    kinds = ["Server", "Process", "Server", "Datastore", "Lambda", "Process", "Datastore", "Server", "Datastore",
             "Server"]
    lines = ["tmrs: 1", f"name: Town with {flows} flows", "boundaries:", "  cloud: {name: Cloud}"]
    lines += [f"  {word}: {{name: Team {word}, inBoundary: cloud}}" for word in words]
    lines += ["  shared: {name: Platform, inBoundary: cloud}", "elements:"]
    for at, name in enumerate(["Customer", "Editor", "Courier", "Bank", "Mail provider", "Map provider", "Auditor",
                               "Supplier", "Kiosk", "Telephone app"]):
        kind = "ExternalEntity" if at in (3, 4, 5, 7) else "Actor"
        lines.append(f"  out{at}: {{class: {kind}, name: {name}}}")
    for at, name in enumerate(["API gateway", "Login", "Message broker", "Log store", "Configuration", "Secrets",
                               "Metrics", "Scheduler", "Data warehouse", "Feature switches"]):
        kind = "Datastore" if at in (3, 5, 8) else "Server"
        lines.append(f"  shared{at}: {{class: {kind}, name: {name}, inBoundary: shared}}")
    for word in words:
        for at, kind in enumerate(kinds):
            lines.append(f"  {word}{at}: {{class: {kind}, name: {word} {kind.lower()} {at}, inBoundary: {word}}}")
    pairs = []

    def flow(source, sink):
        if source != sink and (source, sink) not in pairs and len(pairs) < flows:
            pairs.append((source, sink))

    for at in range(10):
        flow(f"out{at}", f"shared{at % 2}")
    for word in words:
        flow("shared0", f"{word}0")
        for at in range(1, 10):
            flow(f"{word}{random(at)}", f"{word}{at}")
    while len(pairs) < flows:
        word, choice = words[random(10)], random(10)
        source = f"{word}{random(3)}"
        if choice < 6:
            flow(source, f"{word}{3 + random(7)}")
        elif choice < 9:
            flow(source, f"shared{1 + random(9)}")
        else:
            flow(source, f"{words[random(10)]}0")
    lines.append("flows:")
    verbs = ["asks for", "writes", "reads", "tells of", "sends the day's", "looks up"]
    for at, (source, sink) in enumerate(pairs):
        lines.append(f"  f{at}: {{source: {source}, sink: {sink}, name: {verbs[random(6)]} {words[random(10)]}"
                     + (", note: Every morning and when somebody asks}" if at % 25 == 0 else "}"))
    return "\n".join(lines) + "\n"


# ---- where everything stands, as the browser has it

MEASURE = """
const pictures = [...document.querySelectorAll("figure")].map((figure) => {
  const svg = figure.querySelector("svg");
  const corner = svg.getBoundingClientRect();
  // The letters and not the room around them: what hangs below the line and stands above it.
  const letters = (text) => {
    const box = text.getBBox();
    const size = parseFloat(getComputedStyle(text).fontSize);
    const base = Number(text.getAttribute("y"));
    return [box.x, base - 0.76 * size, box.x + box.width, base + 0.22 * size];
  };
  const frame = (shape) => { const b = shape.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height]; };
  const points = (line) => {
    const length = line.getTotalLength();
    const count = Math.max(1, Math.ceil(length / 2));
    return Array.from({ length: count + 1 }, (_, at) => {
      const p = line.getPointAtLength((length * at) / count);
      return [Math.round(p.x * 10) / 10, Math.round(p.y * 10) / 10];
    });
  };
  let owner = 0;
  const things = [];
  const add = (thing) => things.push({ ...thing, owner });
  const is = (element, ...names) => names.some((name) => element.classList.contains(name));
  const texts = (all) => all.forEach((text) =>
    add({ text: text.textContent, box: letters(text), inNote: is(text, "note-text") }));
  if (is(svg, "dfd")) {
    const groups = [...svg.querySelectorAll(":scope > g")];
    const arrows = groups.filter((g) => is(g, "w"));
    // Labels of arrows stand at the end, in the order of the arrows; an arrow to its own node
    // stands right before its label.
    const looped = groups.filter((g, at) => is(g, "w") && groups[at + 1] && is(groups[at + 1], "l"));
    const last = groups.findLastIndex((g) => is(g, "n"));
    const routes = arrows.filter((arrow) => groups.indexOf(arrow) < last && !looped.includes(arrow));
    const labels = groups.slice(last + 1).filter((g) => is(g, "l"));
    if (labels.length !== routes.length) throw new Error(`${labels.length} labels, ${routes.length} arrows`);
    groups.forEach((group, at) => {
      owner = is(group, "l") ? (labels.includes(group) ? groups.indexOf(routes[labels.indexOf(group)]) : at - 1) : at;
      group.querySelectorAll("path:not(.h):not(.s)").forEach((path) => add({ line: points(path) }));
      if (is(group, "z")) add({ line: points(group.querySelector("rect")) });
      if (is(group, "n")) group.querySelectorAll("rect, circle, .s").forEach((shape) => add({ shape: frame(shape) }));
      group.querySelectorAll(".h").forEach((head) => add({ shape: frame(head) }));
      texts(group.querySelectorAll("text"));
    });
  } else {
    for (const element of svg.querySelectorAll(":scope > line, :scope > path, :scope > rect, :scope > text")) {
      // Who takes part is a box with a name and perhaps a sign, a message is its line and what follows.
      const isSign = element.nextElementSibling?.classList.contains("sign");
      owner += is(element, "life", "way", "box") && !isSign ? 1 : 0;
      if (element.tagName === "line") add({ shape: frame(element), life: is(element, "life") });
      else if (is(element, "way")) add({ line: points(element) });
      else if (is(element, "box", "head")) add({ shape: frame(element) });
      // A note hides the lifeline that it is about, and may hide no other.
      else if (is(element, "note")) add({ note: frame(element), shape: frame(element) });
      else if (element.tagName === "text") texts([element]);
    }
  }
  return { name: figure.id, size: [corner.width, corner.height], things };
});
document.body.textContent = "measured " + JSON.stringify(pictures) + " end";
"""


def measured(pictures, out):
    """What stands where in each picture, by its name."""
    figures = "".join(f'<figure id="{name}">{path.read_text()}</figure>' for name, path in pictures.items())
    page = out / "page.html"
    page.write_text(f'<!doctype html><meta charset="utf-8"><style>figure svg {{ max-width: none !important }}</style>'
                    f"<body>{figures}<script>{MEASURE}</script>")
    done = subprocess.run([*CHROMIUM, "--virtual-time-budget=60000", "--dump-dom", page.as_uri()],
                          capture_output=True, text=True, timeout=300)
    found = re.search(r"measured (\[.*\]) end", done.stdout, re.S)
    if not found:
        sys.exit(f"Chromium measured nothing: {done.stderr[-2000:]}")
    return {picture["name"]: picture for picture in json.loads(html.unescape(found[1]))}


def overlaps(things):
    """Each text with what it stands on that belongs to another."""

    def apart(one, two):
        return one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]

    # The points of all lines by where they lie: few are near one text.
    near = collections.defaultdict(list)
    for thing in things:
        for x, y in thing.get("line", ()):
            near[int(x) // CELL, int(y) // CELL].append((x, y, thing))
    texts = [thing for thing in things if "text" in thing]
    shapes = [thing for thing in things if "shape" in thing]
    for at, text in enumerate(texts):
        left, top, right, bottom = box = text["box"]
        for other in texts[at + 1:]:
            if not apart(box, other["box"]):
                yield text["text"], f"the text “{other['text']}”", box
        for other in shapes:
            hidden = text["inNote"] and other.get("life")
            if other["owner"] != text["owner"] and not hidden and not apart(box, other["shape"]):
                yield text["text"], f"a shape at {other['shape']}", box
        cells = [(x, y) for x in range(int(left) // CELL, int(right) // CELL + 1)
                 for y in range(int(top) // CELL, int(bottom) // CELL + 1)]
        lines = {id(thing): thing for cell in cells for x, y, thing in near[cell]
                 if thing["owner"] != text["owner"] and left < x < right and top < y < bottom}
        for line in lines.values():
            yield text["text"], f"a line from {line['line'][0]} to {line['line'][-1]}", box
    for thing in things:
        if "note" in thing:
            left, _, right, _ = thing["note"]
            hidden = [line for line in things if line.get("life") and left < line["shape"][0] < right]
            if len(hidden) > 1:
                yield "a note", f"{len(hidden)} lifelines", thing["note"]


# ---- what painters make of it


def painted(name, path, size, out):
    """The picture without its texts by both painters, whose fonts may differ."""
    zoom = min(1.0, (MOST_PIXELS / (size[0] * size[1])) ** 0.5)
    width, height = (round(side * zoom) for side in size)
    bare = out / f"{name}.bare.svg"
    text = path.read_text().replace("</style>", "text { display: none; }</style>", 1)
    bare.write_text(re.sub(r' width="\d+" height="\d+"', f' width="{width}" height="{height}"', text, count=1))
    ours, theirs = out / f"{name}.librsvg.png", out / f"{name}.chromium.png"
    subprocess.run(["rsvg-convert", "--background-color", "white", "-o", ours, bare], check=True)
    subprocess.run([*CHROMIUM, f"--window-size={width},{height}", f"--screenshot={theirs}", bare.as_uri()],
                   check=True, capture_output=True, timeout=120)
    return Image.open(ours).convert("RGB"), Image.open(theirs).convert("RGB")


def compare(name, one, two):
    """What is wrong with the pictures that two painters made of one file."""
    if any(abs(a - b) > 1 for a, b in zip(one.size, two.size)):
        yield f"{name}: librsvg makes it {one.size}, Chromium {two.size}"
        return
    both = tuple(map(min, one.size, two.size))
    one, two = one.crop((0, 0, *both)), two.crop((0, 0, *both))
    # Edges are softened differently; a box elsewhere or a fill that is missing is no edge.
    grey = ImageChops.difference(one, two).convert("L")
    share = sum(grey.histogram()[96:]) / (one.size[0] * one.size[1])
    if share > MOST_DIFFERENT:
        yield f"{name}: {share:.1%} of librsvg's picture is not as in Chromium's"
    for painter, image in [("librsvg", one), ("Chromium", two)]:
        black = sum(image.convert("L").histogram()[:12])
        if black:
            yield f"{name}: {painter} paints {black} black pixels"


def main(tmrs, out, *models):
    out = pathlib.Path(out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    made = []
    for flows in (150, 300):
        made.append(out / f"town-{flows}.yaml")
        made[-1].write_text(town(flows))
    pictures = {}
    for model in [*map(pathlib.Path, models), *made]:
        for kind in ("dfd", "seq"):
            name = re.sub(r"\W+", "-", f"{model.parent.name} {model.stem} {kind}")
            pictures[name] = out / f"{name}.svg"
            # The folder's own repository, whichever has OUT in it.
            subprocess.run([tmrs, kind, model, "--format", "svg", "--output", pictures[name]], check=True)
    wrong = []
    found = measured(pictures, out)
    for name, path in pictures.items():
        things = found[name]["things"]
        on_others = list(overlaps(things))
        texts = sum("text" in thing for thing in things)
        width, height = found[name]["size"]
        print(f"{name}: {width:.0f} × {height:.0f}, {texts} lines of text, {len(on_others)} on something of others")
        wrong += [f"{name}: “{text}” at {box[0]:.0f},{box[1]:.0f} stands on {what}" for text, what, box in on_others]
        if texts == 0:
            wrong.append(f"{name}: there is no text")
        wrong += compare(name, *painted(name, path, (width, height), out))
    for line in wrong[:40]:
        print(f"FAIL {line}")
    if len(wrong) > 40:
        print(f"… and {len(wrong) - 40} more")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
