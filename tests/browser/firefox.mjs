// What Firefox makes of a page: node firefox.mjs FIREFOX FILE PDF, printing one JSON object of lists, all empty if well:
// links, folds, overflow, requests; and under seen how many links were followed. What it prints is written to PDF.
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";
import { fold, folds, links, measured } from "./driven.mjs";
import { closes, overflowing } from "./measures.mjs";

const [executablePath, file, path] = process.argv.slice(2);
const address = pathToFileURL(file).href;
const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
const requests = [];
const overflow = [];

try {
  const page = await browser.newPage();
  page.on("request", (request) => request.url() === address || request.url().startsWith("data:") || requests.push(request.url().slice(0, 200)));
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(address, { waitUntil: "load" });
  const { found, looked: seen } = await links(page, ".front a");
  const wrong = { links: [...found, ...await measured(page, closes)], folds: (await folds(page)).found, overflow, requests };
  await page.goto(address, { waitUntil: "load" });
  await page.pdf({ path, preferCSSPageSize: true, printBackground: true });
  for (const width of [390, 320]) {
    await page.setViewport({ width, height: 844 });
    overflow.push(...await measured(page, overflowing));
  }
  await fold(page, true);
  overflow.push(...await measured(page, overflowing));
  console.log(JSON.stringify({ wrong, seen }));
} finally {
  await browser.close();
}
