// Whether a page can be used by everybody: node access.mjs CHROMIUM FILE PLACE OF, printing one JSON object: for each
// check what it found wrong (all lists are empty if well), and under seen how much each of them looked at. PLACE OF: the
// share of its links that are followed, 0 1 for all of them.
import { pathToFileURL } from "node:url";
import { begun, fold, folds, links, measured } from "./driven.mjs";
import { boxes, clipped, closes, colours, moving, obscured, onPaper, opened, overflowing, stop } from "./measures.mjs";

const [executablePath, file, place, of] = process.argv.slice(2);
const address = pathToFileURL(file).href;
const browser = await begun(executablePath);
const wrong = {};
const seen = {};
const report = (check, { found, looked = 1 }) => {
  wrong[check] = [...(wrong[check] ?? []), ...found];
  seen[check] = (seen[check] ?? 0) + looked;
};

try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const anew = () => page.goto(address, { waitUntil: "load" });
  await anew();
  await skip(page);
  await anew();
  await everyStop(page);
  await anew();
  report("folds", await folds(page));
  await anew();
  report("links", await links(page, ":is(nav, main) a:not(.contents a, .finding .basis a)", { place: Number(place), of: Number(of) }));
  await fromElsewhere(page);
  await anew();
  await zoom(page);
  await marks(page);
  await paper(page);
  console.log(JSON.stringify({ wrong, seen }));
} finally {
  await browser.close();
}

// The first stop skips the bar: what follows it is in the review.
async function skip(page) {
  await page.keyboard.press("Tab");
  const first = await measured(page, stop);
  await page.keyboard.press("Enter");
  const main = await page.evaluate(() => document.activeElement.tagName);
  await page.keyboard.press("Tab");
  const inside = await page.evaluate(() => Boolean(document.activeElement.closest("main")));
  const found = [
    ...(first.skips && first.faults.length === 0 ? [] : [`the first stop: ${first.name} ${first.faults}`]),
    ...(main === "MAIN" && inside ? [] : [`the skip link leads to ${main}`]),
  ];
  report("skip", { found });
}

// Tab goes through all that can be reached, in the order in which it is seen, and out again; back the same way.
async function everyStop(page) {
  const reachable = await page.evaluate(() => [...document.querySelectorAll("a[href], summary, [tabindex='0']")]
    .filter((element) => element.checkVisibility({ contentVisibilityAuto: true })).length);
  const stops = [];
  for (let place = 0; place <= reachable; place += 1) {
    await page.keyboard.press("Tab");
    const reached = await measured(page, stop);
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
    const back = await measured(page, stop);
    const expected = stops.at(-1 - place).name;
    if (back.name !== expected) found.push(`back: ${back.name} instead of ${expected}`);
    found.push(...back.faults.map((fault) => `back: ${back.name}: ${fault}`));
  }
  report("stops", { found, looked: stops.length });
}

// A link to the page from elsewhere opens the folds of its target too. From there Tab goes on; the fold still closes.
async function fromElsewhere(page) {
  const [deep] = await page.evaluate(() => [...document.querySelectorAll(".ranked a, .decide a")].map((link) => link.getAttribute("href")));
  if (!deep) return;
  await page.goto("about:blank");
  await page.goto(address + deep, { waitUntil: "load" });
  const found = (await measured(page, opened, deep)).map((fault) => `from elsewhere ${deep}: ${fault}`);
  await page.keyboard.press("Tab");
  const follows = await page.evaluate(() => (
    document.querySelector(":target").compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING));
  if (!follows) found.push(`${deep}: Tab goes back before it`);
  report("links", { found: [...found, ...await measured(page, closes)] });
}

// 200 % and 400 % of 1280 pixels, the spacing of letters and lines that readers may set, folds closed and open.
async function zoom(page) {
  const views = [
    { sizes: [[640, 400], [320, 256]] },
    { spaced: true, sizes: [[1280, 800], [320, 256]] },
    { open: true, sizes: [[320, 256]] },
    { open: true, spaced: true, sizes: [[320, 256]] },
  ];
  for (const { open = false, spaced = false, sizes } of views) {
    await fold(page, open);
    await page.evaluate((how) => {
      const spacing = new CSSStyleSheet();
      spacing.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
        + " p { margin-bottom: 2em !important }");
      document.adoptedStyleSheets = how ? [spacing] : [];
    }, spaced);
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      const how = `${width}${spaced ? " spaced" : ""}${open ? " open" : ""}: `;
      for (const [check, measure] of Object.entries({ overflow: overflowing, clipped, boxes })) {
        report(check, { found: (await measured(page, measure)).map((one) => how + one) });
      }
    }
  }
  await page.evaluate(() => { document.adoptedStyleSheets = []; });
  await page.setViewportSize({ width: 320, height: 256 });
  await fold(page, false);
  report("obscured", { found: await measured(page, obscured) });
  await page.setViewportSize({ width: 1280, height: 800 });
}

// Marks, signs and folds are told from what lies behind them, in one's own colours too; none moves.
async function marks(page) {
  await fold(page, true);
  for (const media of [{}, { forcedColors: "active", colorScheme: "dark" }]) {
    await page.emulateMedia({ forcedColors: "none", colorScheme: "light", ...media });
    const { found, looked } = await measured(page, colours);
    const how = media.forcedColors ? "forced: " : "";
    report("marks", { found: found.map((one) => how + one), looked });
  }
  await page.emulateMedia({ forcedColors: null, colorScheme: null });
  report("moving", { found: await measured(page, moving) });
}

// On paper: charts with their marks, findings unfolded, the other folds named; neither the bar nor the skip link.
async function paper(page) {
  await fold(page, false);
  await page.emulateMedia({ media: "print" });
  report("paper", await measured(page, onPaper));
  await page.emulateMedia({ media: null });
}
