// Whether a page can be used by everybody: node access.mjs CHROMIUM FILE, printing one JSON object: for each check
// what it found wrong (all lists are empty if well), and under seen how much each of them looked at.
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import {
  boxes, clipped, colours, moving, obscured, onPaper, opened, overflowing, stop, unfolded,
} from "./measures.mjs";

const [executablePath, file] = process.argv.slice(2);
const address = pathToFileURL(file).href;
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const wrong = {};
const seen = {};
const report = (check, found, looked) => {
  wrong[check] = [...(wrong[check] ?? []), ...found];
  seen[check] = (seen[check] ?? 0) + looked;
};

try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(address, { waitUntil: "load" });
  await skip(page);
  await everyStop(page);
  await folds(page);
  await links(page);
  await zoom(page);
  await marks(page);
  await paper(page);
  console.log(JSON.stringify({ wrong, seen }));
} finally {
  await browser.close();
}

// What a key or a link did is drawn.
async function frame(page) {
  await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
}

// The first stop skips the bar: what follows it is in the review.
async function skip(page) {
  await page.keyboard.press("Tab");
  const first = await page.evaluate(stop);
  await page.keyboard.press("Enter");
  const main = await page.evaluate(() => document.activeElement.tagName);
  await page.keyboard.press("Tab");
  const inside = await page.evaluate(() => Boolean(document.activeElement.closest("main")));
  const found = [
    ...(first.skips && first.faults.length === 0 ? [] : [`the first stop: ${first.name} ${first.faults}`]),
    ...(main === "MAIN" && inside ? [] : [`the skip link leads to ${main}`]),
  ];
  report("skip", found, 1);
}

// Tab goes through all that can be reached, in the order in which it is seen, and out again; back the same way.
async function everyStop(page) {
  await page.goto(address, { waitUntil: "load" });
  const reachable = await page.evaluate(() => [...document.querySelectorAll("a[href], summary, [tabindex='0']")]
    .filter((element) => element.checkVisibility({ contentVisibilityAuto: true })).length);
  const stops = [];
  for (let place = 0; place <= reachable; place += 1) {
    await page.keyboard.press("Tab");
    const reached = await page.evaluate(stop);
    if (!reached.name) break;
    stops.push(reached);
  }
  const found = stops.flatMap(({ name, faults }) => faults.map((fault) => `${name}: ${fault}`));
  if (stops.length !== reachable) found.push(`${stops.length} of ${reachable} were reached`);
  stops.slice(1).forEach((next, place) => {
    const last = stops[place];
    const above = next.bottom <= last.top && next.left < last.right;
    const before = next.right <= last.left && next.top < last.bottom && last.top < next.bottom;
    if (!last.skips && (above || before)) {
      found.push(`${next.name} stands before ${last.name}`);
    }
  });
  for (let place = 0; place < Math.min(60, stops.length); place += 1) {
    await page.keyboard.press("Shift+Tab");
    const back = await page.evaluate(stop);
    const expected = stops.at(-1 - place).name;
    if (back.name !== expected) found.push(`back: ${back.name} instead of ${expected}`);
    found.push(...back.faults.map((fault) => `back: ${back.name}: ${fault}`));
  }
  report("stops", found, stops.length);
}

// Enter opens a fold and Space closes it, also those inside it and one that a link has opened.
async function folds(page) {
  await page.goto(address, { waitUntil: "load" });
  const kinds = ["fold on-paper", "fold", "fold inner-fold", "numbers", "evidence"];
  for (const kind of kinds) {
    const fold = await page.evaluateHandle((name) => {
      const all = [...document.querySelectorAll("details")].filter((one) => one.className === name);
      const one = all.at(-1);
      for (let outer = one?.parentElement.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
      one?.querySelector("summary").focus();
      return one ?? null;
    }, kind);
    if (await fold.evaluate((one) => one === null)) continue;
    const states = [];
    for (const key of ["Enter", "Space", "Space", "Enter"]) {
      await page.keyboard.press(key);
      await frame(page);
      states.push(await fold.evaluate(unfolded));
    }
    report("folds", states.join() === "true,false,true,false" ? [] : [`${kind}: ${states}`], 1);
  }
}

// A link opens the folds of its target, which is in view, under no bar; from there Tab goes on. The fold still closes.
async function links(page) {
  await page.goto(address, { waitUntil: "load" });
  const places = await page.evaluate(() => {
    const all = [...document.querySelectorAll(":is(nav, main) a:not(.contents a, .finding .basis a)")];
    const first = new Map(all.reverse().map((link, place) => [link.getAttribute("href"), all.length - 1 - place]));
    return [...first.values()].sort((a, b) => a - b);
  });
  for (const place of places) {
    const href = await page.evaluate((number) => {
      document.querySelectorAll("details[open]").forEach((fold) => { fold.open = false; });
      const link = [...document.querySelectorAll(":is(nav, main) a:not(.contents a, .finding .basis a)")][number];
      for (let outer = link.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
      link.focus();
      return link.getAttribute("href");
    }, place);
    await page.keyboard.press("Enter");
    await frame(page);
    const found = await page.evaluate(opened, href);
    report("links", found.map((fault) => `${href}: ${fault}`), 1);
  }
  const [deep] = await page.evaluate(() => [...document.querySelectorAll(".ranked a, .decide a")].map((link) => link.getAttribute("href")));
  if (!deep) return;
  await page.goto("about:blank");
  await page.goto(address + deep, { waitUntil: "load" });
  report("links", (await page.evaluate(opened, deep)).map((fault) => `from elsewhere ${deep}: ${fault}`), 1);
  await page.keyboard.press("Tab");
  const [after, closes] = await page.evaluate((href) => {
    const target = document.getElementById(decodeURIComponent(href.slice(1)));
    const fold = target.closest("details");
    const follows = target.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (fold) fold.open = false;
    return [Boolean(follows), !fold || !target.checkVisibility({ contentVisibilityAuto: true })];
  }, deep);
  report("links", after ? [] : [`${deep}: Tab goes back before it`], 1);
  report("links", closes ? [] : [`${deep}: its fold doesn't close again`], 1);
}

// 200 % and 400 % of 1280 pixels, the spacing of letters and lines that readers may set, folds closed and open.
async function zoom(page) {
  await page.goto(address, { waitUntil: "load" });
  const views = [
    { sizes: [[640, 400], [320, 256]] },
    { spaced: true, sizes: [[1280, 800], [320, 256]] },
    { open: true, sizes: [[320, 256]] },
    { open: true, spaced: true, sizes: [[320, 256]] },
  ];
  for (const { open = false, spaced = false, sizes } of views) {
    await page.evaluate((how) => document.querySelectorAll("details").forEach((fold) => { fold.open = how; }), open);
    await page.evaluate((how) => {
      const spacing = new CSSStyleSheet();
      spacing.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
        + " p { margin-bottom: 2em !important }");
      document.adoptedStyleSheets = how ? [spacing] : [];
    }, spaced);
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      const how = `${width}${spaced ? " spaced" : ""}${open ? " open" : ""}: `;
      const named = (found) => found.map((one) => how + one);
      report("overflow", named(await page.evaluate(overflowing)), 1);
      report("clipped", named(await page.evaluate(clipped)), 1);
      report("boxes", named(await page.evaluate(boxes)), 1);
    }
  }
  await page.evaluate(() => { document.adoptedStyleSheets = []; });
  await page.setViewportSize({ width: 320, height: 256 });
  await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => { fold.open = false; }));
  report("obscured", await page.evaluate(obscured), 1);
  await page.setViewportSize({ width: 1280, height: 800 });
}

// Marks, signs and folds are told from what lies behind them, in one's own colours too; none moves.
async function marks(page) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => { fold.open = true; }));
  for (const media of [{}, { forcedColors: "active", colorScheme: "dark" }]) {
    await page.emulateMedia({ forcedColors: "none", colorScheme: "light", ...media });
    const { found, looked } = await page.evaluate(colours, Boolean(media.forcedColors));
    const how = media.forcedColors ? "forced: " : "";
    report("marks", found.map((one) => how + one), looked);
  }
  await page.emulateMedia({ forcedColors: null, colorScheme: null });
  report("moving", await page.evaluate(moving), 1);
}

// On paper: charts with their marks, findings unfolded, the other folds named; neither the bar nor the skip link.
async function paper(page) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => { fold.open = false; }));
  await page.emulateMedia({ media: "print" });
  const { found, looked } = await page.evaluate(onPaper);
  report("paper", found, looked);
  await page.emulateMedia({ media: null });
}
