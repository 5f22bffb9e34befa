// What Firefox makes of a page: node firefox.mjs FIREFOX FILE PDF, printing one JSON object of lists, all empty if well:
// links, folds, overflow, requests; and under seen how many links were followed. What it prints is written to PDF.
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";
import { opened, overflowing, unfolded } from "./measures.mjs";

const [executablePath, file, path] = process.argv.slice(2);
const address = pathToFileURL(file).href;
const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
const wrong = { links: [], folds: [], overflow: [], requests: [] };
let seen = 0;

try {
  const page = await browser.newPage();
  page.on("request", (request) => request.url() === address || request.url().startsWith("data:") || wrong.requests.push(request.url().slice(0, 200)));
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(address, { waitUntil: "load" });
  await links(page);
  await folds(page);
  await page.goto(address, { waitUntil: "load" });
  await page.pdf({ path, preferCSSPageSize: true, printBackground: true });
  for (const width of [390, 320]) {
    await page.setViewport({ width, height: 844 });
    wrong.overflow.push(...await page.evaluate(overflowing));
  }
  await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => { fold.open = true; }));
  wrong.overflow.push(...await page.evaluate(overflowing));
  console.log(JSON.stringify({ wrong, seen }));
} finally {
  await browser.close();
}

async function frame(page) {
  await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
}

// Each link of the first page, by keyboard: it opens the folds of its target, which is in view.
async function links(page) {
  const hrefs = await page.evaluate(() => [...new Set([...document.querySelectorAll(".front a")].map((link) => link.getAttribute("href")))]);
  for (const href of hrefs) {
    await page.evaluate((name) => {
      document.querySelectorAll("details[open]").forEach((fold) => { fold.open = false; });
      const link = [...document.querySelectorAll(".front a")].find((one) => one.getAttribute("href") === name);
      for (let fold = link.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
      link.focus();
    }, href);
    await page.keyboard.press("Enter");
    await frame(page);
    wrong.links.push(...(await page.evaluate(opened, href)).map((fault) => `${href}: ${fault}`));
    seen += 1;
  }
  const closes = await page.evaluate(() => {
    const target = document.querySelector(":target");
    const fold = target.closest("details");
    if (fold) fold.open = false;
    return !fold || !target.checkVisibility({ contentVisibilityAuto: true });
  });
  if (!closes) wrong.links.push("the fold of a target doesn't close again");
}

async function folds(page) {
  for (const kind of ["fold on-paper", "fold", "fold inner-fold"]) {
    const fold = await page.evaluateHandle((name) => {
      const one = [...document.querySelectorAll("details")].filter((fold) => fold.className === name).at(-1);
      for (let outer = one?.parentElement.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
      one?.querySelector("summary").focus();
      return one ?? null;
    }, kind);
    if (await fold.evaluate((one) => one === null)) continue;
    const states = [];
    for (const key of ["Enter", " "]) {
      await page.keyboard.press(key);
      await frame(page);
      states.push(await fold.evaluate(unfolded));
    }
    if (states.join() !== "true,false") wrong.folds.push(`${kind}: ${states}`);
  }
}
