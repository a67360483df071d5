// Writes made-up native models with hostile names: diagrams-hostile.mjs FOLDER COUNT
import { mkdirSync, writeFileSync } from "node:fs";

const [folder, count] = [process.argv[2], Number(process.argv[3])];
mkdirSync(folder, { recursive: true });

// A small generator with a fixed seed: the same models on every run.
let state = 20261122;
const random = (below) => {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
  return (state >> 8) % below;
};
const pick = (list) => list[random(list.length)];

const pieces = [
  '"', "'", "`", "\\", "{", "}", "{{", "}}", "[", "]", "(", ")", "<", ">", "|", "/", "&", "#", "%",
  ";", ":", "$", "$$", "~", "^", "*", "**", "_", "__", "--", "-->", "->", "==", "...", "@", "!", "?",
  "end", "END", "subgraph", "graph", "flowchart", "style", "classDef", "class a b", "click", "linkStyle",
  "direction", "note", "end note", "participant", "actor", "loop", "alt", "rect", "as", "title", "skinparam",
  "default", "node", "edge", "strict", "digraph", "%%", "%%{init: {}}%%", "%getenv(HOME)", "!include x",
  "@enduml", "@startuml", "&amp;", "&#65;", "#35;", "#quot;", "<br/>", "<b>", "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>", "<U+0041>", "<&key>", "[[http://x.example]]", "fa:fa-user", "1. one",
  "- item", "# heading", "```", "---", "'/ comment '/", "' comment", "\n", "\r\n", "\t", "\u0000", "\u001b[31m",
  "\u202e", "\u200b", "\u2028", "\ufeff", "\ufffe", "é", "ß", "Привет", "שלום", "مرحبا", "数据库", "😀", "👩‍💻", "x".repeat(1000),
  "a b c ".repeat(160), "word", "Web", "server", "style:x#y;", "\\n", "\\G", "\\N", "%n", "<<", ">>", ",", "=", "+",
];
const name = () => {
  const parts = Array.from({ length: 1 + random(5) }, () => pick(pieces));
  return parts.join(random(2) ? " " : "");
};
const classes = [
  "Actor", "Server", "Process", "SetOfProcesses", "ExternalEntity", "Datastore", "Lambda", "LLM", "Agent", "Asset",
];

for (let n = 0; n < count; n++) {
  const model = { tmrs: 1, name: name() + n, isOrdered: !!random(2), mergeResponses: !!random(2) };
  model.boundaries = {};
  const boundaries = random(6);
  for (let i = 0; i < boundaries; i++) {
    model.boundaries[`b${i}`] = { name: name() };
    if (i > 0 && random(2)) model.boundaries[`b${i}`].inBoundary = `b${random(i)}`;
  }
  model.elements = {};
  const elements = 1 + random(8);
  for (let i = 0; i < elements; i++) {
    const element = { class: pick(classes), name: name() };
    if (boundaries && random(3)) element.inBoundary = `b${random(boundaries)}`;
    if (!random(4)) element.inScope = false;
    model.elements[`e${i}`] = element;
  }
  model.data = { d0: { name: name() }, d1: { name: name() } };
  model.flows = {};
  const flows = random(10);
  for (let i = 0; i < flows; i++) {
    const flow = { source: `e${random(elements)}`, sink: `e${random(elements)}`, name: name() };
    if (random(2)) flow.data = random(2) ? ["d0", "d1"] : ["d0"];
    if (!random(3)) flow.note = name();
    if (!random(3)) flow.protocol = name();
    if (i > 0 && !random(3)) {
      const asked = model.flows[`f${i - 1}`];
      Object.assign(flow, { source: asked.sink, sink: asked.source, responseTo: `f${i - 1}` });
    }
    model.flows[`f${i}`] = flow;
  }
  writeFileSync(`${folder}/hostile-${String(n).padStart(3, "0")}.json`, JSON.stringify(model));
}
