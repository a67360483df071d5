// The pages of `tmrs report` in a real browser, on a screen and on paper: no console
// error, no request, no serious accessibility problem, every link leads somewhere.
//   node report.mjs FOLDER SHOTS   (playwright-core and axe-core beside it or in NODE_PATH)
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";

const [folder, shots] = process.argv.slice(2);
const require = createRequire(path.join(process.env.CONSUMERS ?? process.cwd(), "x.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
mkdirSync(shots, { recursive: true });

let failures = 0;
const check = (name, holds, detail = "") => {
  console.log(`${holds ? "pass" : "FAIL"} report: ${name}${holds ? "" : " " + detail}`);
  if (!holds) failures += 1;
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

// What axe finds serious. The page's policy forbids foreign scripts, so axe comes in beside it.
const problems = async (page) => {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const world = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id, worldName: "axe" });
  const contextId = world.executionContextId;
  await session.send("Runtime.evaluate", { expression: axe, contextId });
  const run = await session.send("Runtime.evaluate", {
    expression: "axe.run(document, {resultTypes: ['violations']}).then((r) => JSON.stringify(r.violations.map((v) => [v.impact, v.id, v.nodes.slice(0, 3).map((n) => n.html + ' ' + n.failureSummary)])))",
    contextId, awaitPromise: true, returnByValue: true,
  });
  const found = JSON.parse(run.result.value ?? "[[\"critical\",\"axe did not run\"]]");
  return found.filter(([impact]) => ["serious", "critical"].includes(impact));
};

const pages = readdirSync(folder).filter((name) => name.endsWith(".html")).sort();
check("there are pages", pages.length >= 5, String(pages.length));
for (const name of pages) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const said = [];
  const url = "file://" + path.resolve(folder, name);
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", (dialog) => { said.push("dialog: " + dialog.message()); dialog.dismiss(); });
  page.on("request", (request) => request.url() !== url && said.push("request: " + request.url()));
  await page.goto(url);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, media: "screen" });
    const serious = await problems(page);
    check(`${name}: no serious accessibility problem (${colorScheme})`, serious.length === 0, JSON.stringify(serious, null, 1));
    await page.screenshot({ path: path.join(shots, `${name}-${colorScheme}.png`) });
  }
  const lost = await page.evaluate(() => Array.from(document.querySelectorAll('a[href^="#"]'))
    .map((link) => decodeURIComponent(link.getAttribute("href").slice(1)))
    .filter((id) => document.getElementById(id) === null));
  check(`${name}: every link leads somewhere`, lost.length === 0, lost.join(", "));
  const doubled = await page.evaluate(() => {
    const ids = Array.from(document.querySelectorAll("[id]")).map((element) => element.id);
    return ids.filter((id, at) => ids.indexOf(id) !== at);
  });
  check(`${name}: every name stands once`, doubled.length === 0, doubled.join(", "));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(`${name}: nothing stands beside the screen`, wide <= 0, `${wide} px`);
  await page.setViewportSize({ width: 400, height: 800 });
  const narrow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(`${name}: nothing stands beside a telephone's screen`, narrow <= 0, `${narrow} px`);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.locator("#theme").click();
  check(`${name}: light and dark can be chosen`, (await page.evaluate(() => document.documentElement.dataset.theme)) !== undefined);
  await page.emulateMedia({ media: "print", colorScheme: "light" });
  const seen = await page.evaluate(() => {
    const shown = (what) => { const found = document.querySelector(what); return found !== null && found.getClientRects().length > 0; };
    return { button: shown("#theme"), heading: shown("h1") || shown("main") };
  });
  check(`${name}: paper shows the report and no button`, seen.heading && !seen.button);
  const pdf = await page.pdf({ path: path.join(shots, `${name}.pdf`), format: "A4" });
  check(`${name}: it can be printed`, pdf.length > 1000);
  check(`${name}: no error, no request, no dialog`, said.length === 0, said.join("; "));
  await context.close();
}

await browser.close();
process.exit(failures === 0 ? 0 : 1);
