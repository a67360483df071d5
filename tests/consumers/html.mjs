// The HTML pages in a real browser: filters by click and by keyboard, no console
// error, no request, no serious accessibility problem, 5,000 findings usable.
//   node html.mjs OUT SHOTS     (playwright-core and axe-core beside it or in NODE_PATH)
import { createRequire } from "node:module";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";

const [out, shots] = process.argv.slice(2);
const require = createRequire(path.join(process.env.CONSUMERS ?? process.cwd(), "x.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
mkdirSync(shots, { recursive: true });

let failures = 0;
const check = (name, holds, detail = "") => {
  console.log(`${holds ? "pass" : "FAIL"} html: ${name}${holds ? "" : " " + detail}`);
  if (!holds) failures += 1;
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

const open = async (name, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, bypassCSP: false, ...options });
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", (dialog) => { said.push("dialog: " + dialog.message()); dialog.dismiss(); });
  page.on("request", (request) => request.url() !== url && said.push("request: " + request.url()));
  const url = "file://" + path.resolve(out, `${name}.html`);
  await page.goto(url);
  return { page, said, close: () => context.close() };
};

const visible = (page) => page.locator(".f:not([hidden])").evaluateAll((all) => all.filter((f) => f.closest("[hidden]") === null).length);
const findings = (name) => JSON.parse(readFileSync(path.join(out, `${name}.json`), "utf8")).findings;

for (const name of ["empty", "typical", "hostile"]) {
  const { page, said, close } = await open(name);
  check(`${name}: holds every finding`, (await page.locator(".f").count()) === findings(name).length);
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.screenshot({ path: path.join(shots, `${name}-${scheme}.png`), fullPage: true });
    if (await page.locator("#reset").count()) await page.locator("#reset").click();
    await page.locator("details").evaluateAll((all) => all.forEach((d) => { d.open = true; }));
    // The policy of the page forbids foreign scripts, so axe comes in beside it.
    const session = await page.context().newCDPSession(page);
    const { frameTree } = await session.send("Page.getFrameTree");
    const { executionContextId } = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id, worldName: "axe" });
    await session.send("Runtime.evaluate", { expression: axe, contextId: executionContextId });
    const run = await session.send("Runtime.evaluate", {
      expression: "axe.run(document, {resultTypes: ['violations']}).then((r) => JSON.stringify(r.violations.map((v) => [v.impact, v.id, v.nodes.slice(0, 3).map((n) => n.html + ' ' + n.failureSummary)])))",
      contextId: executionContextId, awaitPromise: true, returnByValue: true,
    });
    const violations = JSON.parse(run.result.value ?? "[[\"critical\",\"axe did not run\"]]");
    const serious = violations.filter(([impact]) => ["serious", "critical"].includes(impact));
    check(`${name}: no serious accessibility problem (${scheme})`, serious.length === 0, JSON.stringify(serious, null, 1));
  }
  check(`${name}: no error, no request, no dialog`, said.length === 0, said.join("; "));
  await close();
}

// To be looked at: a telephone, and paper.
{
  const { page, close } = await open("typical", { viewport: { width: 390, height: 844 } });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  check("nothing is wider than a telephone", !wide);
  await page.screenshot({ path: path.join(shots, "typical-narrow.png"), fullPage: true });
  await page.setViewportSize({ width: 800, height: 1100 });
  await page.emulateMedia({ media: "print" });
  await page.screenshot({ path: path.join(shots, "typical-print.png"), fullPage: true });
  await close();
}

{
  const { page, close } = await open("typical");
  const all = findings("typical");
  const drawn = await page.locator(".diagram svg").evaluateAll((all) => all.map((svg) => svg.getBoundingClientRect().height));
  check("every model is drawn", drawn.length > 0 && drawn.every((height) => height > 40));
  const shown = await page.locator(".diagram .n text").first().evaluate((text) => getComputedStyle(text).fill);
  check("the drawing has its style", shown !== "rgb(0, 0, 0)", shown);
  const openOnes = all.filter((f) => ["new", "unreviewed", "baselined"].includes(f.status)).length;
  check("open findings are shown first", (await visible(page)) === openOnes);
  await page.locator("#reset").click();
  check("everything can be shown", (await visible(page)) === all.length);
  await page.locator('.chip[data-by="v"][data-value="high"]').click();
  const high = all.filter((f) => f.severity === "high").length;
  check("a click filters by severity", (await visible(page)) === high);
  check("the count is told", (await page.locator("#shown").textContent()).includes(`${high} of ${all.length}`));
  await page.locator('.chip[data-by="v"][data-value="high"]').focus();
  await page.keyboard.press("Space");
  check("the keyboard takes a filter away", (await visible(page)) === all.length);
  await page.locator('.chip[data-by="s"][data-value="accepted"]').focus();
  await page.keyboard.press("Enter");
  check("the keyboard filters by status", (await visible(page)) === all.filter((f) => f.status === "accepted").length);
  await page.locator("#reset").click();
  for (const [by, count] of [["m", (f) => f.modelName === all[0].modelName], ["r", (f) => f.rule === "AA01"], ["l", (f) => f.element.name === "orders"]]) {
    const label = { m: all[0].modelName, r: "AA01", l: "orders" }[by];
    const value = await page.locator(`select[data-by="${by}"] option`, { hasText: label }).first().getAttribute("value");
    await page.locator(`select[data-by="${by}"]`).selectOption(value);
    check(`filter ${by} works`, (await visible(page)) === all.filter(count).length);
    await page.locator("#reset").click();
  }
  await page.locator("#words").fill("payments sql");
  await page.waitForTimeout(200);
  check("words are searched", (await visible(page)) === 1);
  await page.keyboard.press("Tab");
  const summary = page.locator(".f:not([hidden]) > summary").first();
  await summary.focus();
  await page.keyboard.press("Enter");
  check("the keyboard unfolds a finding", await page.locator(".f:not([hidden])").first().evaluate((f) => f.open));
  await page.locator("#theme").click();
  check("light and dark can be chosen", await page.evaluate(() => document.documentElement.dataset.theme === "dark"));
  await close();
}

{
  const { page, said, close } = await open("typical", { javaScriptEnabled: false });
  check("without JavaScript everything is shown", (await page.locator(".f").count()) === findings("typical").length && !(await page.locator("#filters").isVisible()));
  await page.locator(".f > summary").first().click();
  check("without JavaScript a finding unfolds", await page.locator(".f .body").first().isVisible());
  check("without JavaScript nothing complains", said.length === 0, said.join("; "));
  await close();
}

if (existsSync(path.join(out, "many.html"))) {
  const { page, close } = await open("many");
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 1e9);
  check(`first paint of ${findings("many").length} findings in ${Math.round(paint)} ms`, paint < 1000);
  const took = await page.evaluate(async () => {
    const start = performance.now();
    document.querySelector('.chip[data-by="v"][data-value="critical"]').click();
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return performance.now() - start;
  });
  check(`a filter click takes ${Math.round(took)} ms`, took < 1000);
  await page.screenshot({ path: path.join(shots, "many.png") });
  await close();
}

await browser.close();
process.exit(failures === 0 ? 0 : 1);
