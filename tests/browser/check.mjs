// What Chromium makes of pages: node check.mjs CHROMIUM, which reads a line of JSON for each, {file, width, contrast}, and
// prints one: violations (axe, folds closed and open), requests, messages, overflow, duplicates and dangling (ids), lists
// that are all empty if well; seen: how many of its elements the checks saw; first: where the first drawing stands, in
// pixels from the top. Contrast, most of the time that axe takes, is looked at where it is asked for, with all folds open.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { axe, begun, fold, measured } from "./driven.mjs";
import { overflowing } from "./measures.mjs";

const [executablePath] = process.argv.slice(2);
const browser = await begun(executablePath);

try {
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await checked(JSON.parse(line))));
  }
} finally {
  await browser.close();
}

async function checked({ file, width, contrast }) {
  const address = pathToFileURL(file).href;
  const page = await browser.newPage({ viewport: { width, height: 800 } });
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
  const judge = (enabled) => page.evaluate((colours) => globalThis.axe.run(document, {
    resultTypes: ["violations", "incomplete"],
    rules: { "target-size": { enabled: true }, "color-contrast": { enabled: colours } },
  }), enabled);
  // What is folded is part of the page too.
  await fold(page, true);
  overflow.push(...await measured(page, overflowing));
  const open = await judge(contrast);
  await fold(page, false);
  await page.evaluate(withoutFolded);
  const closed = await judge(false);
  await page.close();
  const violations = [...closed.violations, ...open.violations];
  const incomplete = [...closed.incomplete, ...open.incomplete];
  const told = (results) => results.map(({ id, help, nodes }) => (
    { id, help, nodes: nodes.slice(0, 5).map((node) => `${node.html.slice(0, 200)} ${node.failureSummary}`) }));
  return { violations: told(violations), incomplete: told(incomplete), requests, messages, overflow, duplicates, dangling, seen, first };
}

// Takes out what closed folds hold: axe passes over what isn't seen, but asks for the style and the box of all of it.
function withoutFolded() {
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.replaceChildren(...[...details.children].filter((child) => child.matches("summary")));
  }
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
