// What Chromium makes of a page: node check.mjs CHROMIUM FILE WIDTH, printing one JSON object of lists:
// violations (axe, folds closed and open), requests, messages, overflow, duplicates and dangling (ids), all empty if well;
// and seen: how many of its elements the checks saw; first: where the first drawing stands, in pixels from the top.
// Contrast, most of the time that axe takes, is looked at once, on a desk with all folds open: no colour hangs on the width.
import { pathToFileURL } from "node:url";
import { axe, begun, fold, measured } from "./driven.mjs";
import { overflowing } from "./measures.mjs";

const [executablePath, file, width] = process.argv.slice(2);
const address = pathToFileURL(file).href;
const browser = await begun(executablePath);

try {
  const page = await browser.newPage({ viewport: { width: Number(width), height: 800 } });
  const requests = [];
  const messages = [];
  page.on("request", (request) => request.url() === address || requests.push(request.url().slice(0, 200)));
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(String(error)));
  page.on("dialog", (dialog) => { messages.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  await page.goto(address, { waitUntil: "load" });
  const overflow = await measured(page, overflowing);
  const { duplicates, dangling, seen } = await page.evaluate(references);
  const first = await page.evaluate(firstDrawing);
  // The page's own policy forbids scripts; axe comes in through the debugger, which it doesn't bind.
  await page.evaluate(axe);
  const judge = (contrast) => page.evaluate((enabled) => globalThis.axe.run(document, {
    resultTypes: ["violations", "incomplete"],
    rules: { "target-size": { enabled: true }, "color-contrast": { enabled } },
  }), contrast);
  const closed = await judge(false);
  // What is folded is part of the page too.
  await fold(page, true);
  overflow.push(...await measured(page, overflowing));
  const open = await judge(Number(width) >= 1280);
  const violations = [...closed.violations, ...open.violations];
  const incomplete = [...closed.incomplete, ...open.incomplete];
  const told = (results) => results.map(({ id, help, nodes }) => (
    { id, help, nodes: nodes.slice(0, 5).map((node) => `${node.html.slice(0, 200)} ${node.failureSummary}`) }));
  console.log(JSON.stringify({
    violations: told(violations), incomplete: told(incomplete), requests, messages, overflow, duplicates, dangling, seen, first,
  }));
} finally {
  await browser.close();
}

function firstDrawing() {
  const drawings = [...document.querySelectorAll("svg")].map((svg) => svg.getBoundingClientRect()).filter((box) => box.width > 60);
  return Math.min(...drawings.map((box) => box.top));
}

function references() {
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  const known = new Set(ids);
  const links = [...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href"));
  return {
    duplicates: ids.filter((id, place) => ids.indexOf(id) !== place),
    dangling: links.filter((link) => !link.startsWith("#") || !known.has(decodeURIComponent(link.slice(1)))),
    seen: document.querySelectorAll("*").length,
  };
}
