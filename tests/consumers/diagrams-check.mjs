// Parses every Mermaid file with Mermaid itself, and compares what Graphviz and
// Mermaid found with the JSON reports: diagrams-check.mjs FOLDER
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.MODULES}/`);
const { JSDOM } = require("jsdom");
const dom = new JSDOM("<!doctype html><body></body>", { pretendToBeVisual: true });
globalThis.window = dom.window;
globalThis.document = dom.window.document;
const entry = `${process.env.MODULES}/node_modules/mermaid/dist/mermaid.core.mjs`;
const mermaid = (await import(pathToFileURL(entry).href)).default;
mermaid.initialize({ startOnLoad: false, maxTextSize: 1e7, maxEdges: 1e5 });

const folder = process.argv[2];
const wrong = [];
let models = 0;
let files = 0;

const expected = (model) => {
  const { elements, boundaries, flows, mergeResponses } = model.graph;
  // A duplicate that is to be ignored is hidden in the data-flow diagram only, as in pytm.
  const messages = flows.filter((flow) => flow.source !== flow.id && flow.sink !== flow.id);
  const shown = messages.filter((flow) => !flow.duplicate);
  const ends = new Set(shown.flatMap((flow) => [flow.source, flow.sink]));
  const anchors = boundaries.filter((boundary) => ends.has(boundary.id)).length;
  const ids = new Set(shown.map((flow) => flow.id));
  const merged = new Set();
  if (mergeResponses) {
    for (const flow of shown) {
      if (flow.response !== null && ids.has(flow.response) && flow.response !== flow.id && !merged.has(flow.id)) {
        merged.add(flow.response);
      }
    }
  }
  return {
    nodes: elements.length + anchors,
    boundaries: boundaries.length,
    empty: boundaries,
    flows: shown.length - merged.size,
    messages: messages.length,
    participants: elements.length + anchors,
  };
};

const same = (file, what, is, should) => {
  if (is !== should) wrong.push(`${file}: ${what}: ${is} instead of ${should}`);
};

for (const stem of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
  const text = readFileSync(`${folder}/${stem}`, "utf8");
  const drawn = `${folder}/${stem.replace(".json", "")}`;
  if (!text || !existsSync(drawn)) continue;
  const report = JSON.parse(text);
  const pages = readdirSync(drawn);
  // Files that a model includes are judged with it, and drawn each by itself.
  const file = readFileSync(`${drawn}.path`, "utf8");
  const asked = report.models.filter((model) => model.path === file);
  if (report.models.length > 0 && asked.length === 0) wrong.push(`${file}: judged are only other models`);
  models += asked.length;
  const kinds = ["dfd.dot", "dfd.mmd", "seq.puml", "seq.mmd"];
  for (const kind of kinds) {
    same(drawn, kind, pages.filter((page) => page.endsWith(`.${kind}`)).length, asked.length);
  }
  // Several models of one file: their pages are compared in the sum.
  const sums = { nodes: 0, boundaries: 0, flows: 0, messages: 0, participants: 0 };
  for (const model of asked) {
    const one = expected(model);
    for (const key of Object.keys(sums)) sums[key] += one[key];
  }
  const found = { dotNodes: 0, dotBoundaries: 0, dotFlows: 0, nodes: 0, boundaries: 0, flows: 0, messages: 0, participants: 0 };
  for (const page of pages) {
    const path = `${drawn}/${page}`;
    if (page.endsWith(".dot.json")) {
      const graph = JSON.parse(readFileSync(path, "utf8"));
      const objects = graph.objects ?? [];
      found.dotNodes += objects.filter((object) => /^n\d+$/.test(object.name)).length;
      found.dotBoundaries += objects.filter((object) => /^cluster_b\d+$/.test(object.name)).length;
      found.dotFlows += (graph.edges ?? []).length;
    }
    if (page.endsWith(".mmd")) {
      files += 1;
      try {
        const source = readFileSync(path, "utf8");
        const parsed = await mermaid.mermaidAPI.getDiagramFromText(source);
        if (page.endsWith(".dfd.mmd")) {
          found.nodes += [...parsed.db.getVertices().keys()].length;
          found.boundaries += parsed.db.getSubGraphs().length;
          found.flows += parsed.db.getEdges().length;
        } else {
          found.participants += parsed.db.getActors().size;
          found.messages += parsed.db.getMessages().filter((m) => m.from && m.to && m.type !== 2).length;
        }
      } catch (error) {
        wrong.push(`${path}: ${String(error.message ?? error).slice(0, 300)}\n${readFileSync(path, "utf8").slice(0, 2000)}`);
      }
    }
  }
  same(drawn, "nodes for Graphviz", found.dotNodes, sums.nodes);
  same(drawn, "boundaries for Graphviz", found.dotBoundaries, sums.boundaries);
  same(drawn, "flows for Graphviz", found.dotFlows, sums.flows);
  same(drawn, "nodes for Mermaid", found.nodes, sums.nodes);
  same(drawn, "boundaries for Mermaid", found.boundaries, sums.boundaries);
  same(drawn, "flows for Mermaid", found.flows, sums.flows);
  same(drawn, "participants for Mermaid", found.participants, sums.participants);
  same(drawn, "messages for Mermaid", found.messages, sums.messages);
}

console.log(`${models} models, ${files} Mermaid files`);
if (models < 200) wrong.push("fewer models than there are");
for (const line of wrong.slice(0, 20)) console.error(line);
process.exit(wrong.length ? 1 : 0);
