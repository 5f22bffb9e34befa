// What the checks do with a page from outside it: begin a browser, fold, press keys, follow links.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { ground, opened, ratio, unfolded } from "./measures.mjs";

export const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export function begun(executablePath) {
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

// What one of the measures finds: it runs inside the page, beside the two that several need.
export function measured(page, measure, about) {
  return page.evaluate(`(() => { ${ground} ${ratio} return (${measure})(${JSON.stringify(about)}); })()`);
}

// Opens all folds, or closes them.
export function fold(page, open) {
  return page.evaluate((how) => document.querySelectorAll("details").forEach((one) => { one.open = how; }), open);
}

// Enter opens a fold and Space closes it, also those inside it and one that a link has opened.
export async function folds(page) {
  const found = [];
  let looked = 0;
  for (const kind of ["fold on-paper", "fold", "fold inner-fold", "numbers", "evidence"]) {
    const handle = await page.evaluateHandle((name) => {
      const one = [...document.querySelectorAll("details")].filter((any) => any.className === name).at(-1);
      for (let outer = one?.parentElement.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
      one?.querySelector("summary").focus();
      return one ?? null;
    }, kind);
    if (await handle.evaluate((one) => one === null)) continue;
    const states = [];
    for (const key of ["Enter", " ", " ", "Enter"]) {
      await page.keyboard.press(key);
      await frame(page);
      states.push(await handle.evaluate(unfolded));
    }
    if (states.join() !== "true,false,true,false") found.push(`${kind}: ${states}`);
    looked += 1;
  }
  return { found, looked };
}

// Each address to which these links lead, by keyboard: it opens the folds of its target, which is in view, under no bar.
// Where the page stands in several languages, each follows its share of the addresses: of every `of`, the one at `place`.
export async function links(page, selector, { place, of } = { place: 0, of: 1 }) {
  const all = await page.evaluate((which) => [...new Set([...document.querySelectorAll(which)].map((link) => link.getAttribute("href")))], selector);
  const hrefs = all.filter((_, at) => at % of === place);
  const found = [];
  for (const href of hrefs) {
    await fold(page, false);
    await page.evaluate(([which, name]) => {
      const link = [...document.querySelectorAll(which)].find((one) => one.getAttribute("href") === name);
      for (let outer = link.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
      link.focus();
    }, [selector, href]);
    await page.keyboard.press("Enter");
    await frame(page);
    found.push(...(await measured(page, opened, href)).map((fault) => `${href}: ${fault}`));
  }
  return { found, looked: hrefs.length };
}

// What a key or a link did is drawn.
async function frame(page) {
  await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
}
