// What JupyterLab makes of a notebook: node lab.mjs CHROMIUM ADDRESS [FOLDER], which runs all of its cells and prints one
// JSON object: outputs (by cell: their text), errors (the cells that have one), requests (to other hosts), and for each theme and width what is
// wrong in the chapters that the cells show (lists, all empty if well) and seen, how much of it was looked at. FOLDER: for
// pictures of the chapters.
import { axe, begun } from "./driven.mjs";

const [executablePath, address, folder] = process.argv.slice(2);
const browser = await begun(executablePath);

try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 2000 } });
  page.setDefaultTimeout(120000);
  const requests = [];
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (origin !== new URL(address).origin && !["data:", "blob:"].includes(protocol)) requests.push(request.url());
  });
  await page.goto(address, { waitUntil: "load" });
  await page.waitForFunction(() => globalThis.jupyterapp?.shell.currentWidget?.context?.sessionContext.session?.kernel);
  await page.evaluate(() => jupyterapp.commands.execute("notebook:run-all-cells"));
  const outputs = await page.evaluate(() => Object.fromEntries(
    jupyterapp.shell.currentWidget.content.widgets.filter(({ model }) => model.outputs).map(({ model }) => [
      model.id, model.outputs.toJSON().map((one) => one.evalue ?? one.text ?? one.data?.["text/plain"] ?? ""),
    ]),
  ));
  const errors = await page.evaluate(() => jupyterapp.shell.currentWidget.content.widgets
    .filter(({ model }) => model.outputs?.toJSON().some((one) => one.output_type === "error")).map(({ model }) => model.id));
  const themes = {};
  for (const theme of ["JupyterLab Light", "JupyterLab Dark"]) {
    await page.evaluate((theme) => jupyterapp.commands.execute("apputils:change-theme", { theme }), theme);
    for (const width of [1280, 760]) {
      await page.setViewportSize({ width, height: 2000 });
      await page.evaluate((wide) => (wide ? jupyterapp.shell.collapseLeft() : jupyterapp.shell.expandLeft()), width === 1280);
      await page.waitForTimeout(500);
      themes[`${theme} ${width}`] = await looked(page, `${theme.split(" ")[1]}-${width}`, width === 1280);
    }
  }
  await page.setViewportSize({ width: 1280, height: 2000 });
  const folds = await folded(page);
  console.log(JSON.stringify({ outputs, errors, requests, themes, folds }));
} finally {
  await browser.close();
}

// Each chapter in turn, for JupyterLab draws only what is in view: folded, then unfolded.
async function looked(page, name, read) {
  const found = { floats: [], rows: [], marks: [], stripes: [], overflow: [], violations: [], seen: {} };
  const handles = await page.$$(".reviewlib");
  for (const [place, chapter] of handles.entries()) {
    await chapter.scrollIntoViewIfNeeded();
    for (const open of [false, true]) {
      await chapter.evaluate((root, open) => {
        root.querySelectorAll("details").forEach((fold) => { fold.open = open; });
      }, open);
      const wrong = await chapter.evaluate(measured);
      for (const [key, value] of Object.entries(wrong.seen)) found.seen[key] = (found.seen[key] ?? 0) + value;
      for (const key of ["floats", "rows", "marks", "stripes", "overflow"]) found[key].push(...wrong[key]);
      if (folder) await chapter.screenshot({ path: `${folder}/${name}-${place}${open ? "-open" : ""}.png` });
    }
    if (read) {
      if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
      found.violations.push(...await chapter.evaluate(async (root) => {
        const { violations } = await globalThis.axe.run(root, { resultTypes: ["violations"] });
        return violations.map(({ id, nodes }) => `${id} ${nodes.slice(0, 3).map(({ html, failureSummary }) => (
          `${html.slice(0, 160)} ${failureSummary}`)).join("; ")}`);
      }));
    }
    await chapter.evaluate((root) => root.querySelectorAll("details").forEach((fold) => { fold.open = false; }));
  }
  found.seen.chapters = handles.length;
  return found;
}

// What is wrong in a chapter, measured on the boxes of its elements.
function measured(root) {
  const shown = (selector, within = root) => [...within.querySelectorAll(selector)].filter((one) => one.checkVisibility());
  const box = (one) => one.getBoundingClientRect();
  const words = (one) => one.textContent.trim().slice(0, 60);
  const rows = shown(".rows tbody tr:not(.group)");
  const apart = rows.filter((row) => {
    const [label, drawn, value] = [...row.children].map(box);
    const middle = (value.top + value.bottom) / 2;
    return row.children.length !== 3 || label.right > drawn.left + 1 || drawn.right > value.left + 1
      || middle < box(row).top || middle > box(row).bottom || label.bottom < middle || label.top > middle;
  });
  const wide = root.clientWidth > 640;
  const written = (one) => { const range = document.createRange(); range.selectNodeContents(one); return range.getBoundingClientRect(); };
  const astray = rows.filter((row) => {
    const [label, , value] = row.children;
    return written(label).left > box(label).left + 16 || written(value).right > box(row.closest("table")).right + 1;
  });
  const marks = shown("rect.bar, circle.dot, line.tick, line.line", root).filter((one) => one.closest(".rows td"));
  const strayed = marks.filter((one) => {
    const drawing = box(one.ownerSVGElement);
    const start = one.getAttribute("x") ?? one.getAttribute("cx") ?? one.getAttribute("x1");
    const { left, width } = box(one);
    const place = one.tagName === "circle" ? left + width / 2 : left + (one.tagName === "line" && width < 4 ? width / 2 : 0);
    const bad = one.tagName === "rect" && Math.abs(width - parseFloat(one.getAttribute("width")) / 100 * drawing.width) > 1.5;
    return bad || drawing.width < 60 || Math.abs(place - drawing.left - parseFloat(start) / 100 * drawing.width) > 2;
  });
  const clipped = shown("*").filter((one) => (
    !one.closest(".scroll, .visually-hidden, svg") && box(one).right > box(root).right + 1));
  return {
    floats: shown("*").filter((one) => getComputedStyle(one).float !== "none").map(words),
    rows: [...(wide ? apart : []), ...astray].map(words),
    marks: strayed.map((one) => `${words(one.closest("tr"))} ${one.outerHTML}`),
    stripes: shown("tr").filter((one) => getComputedStyle(one).backgroundColor !== "rgba(0, 0, 0, 0)").map(words),
    overflow: clipped.map((one) => `${one.tagName} ${words(one)}`),
    seen: { rows: rows.length, marks: marks.length, elements: shown("*").length },
  };
}

// A fold opens by a click and by the keyboard, and for a link to what it holds.
async function folded(page) {
  const chapter = await page.$(".reviewlib");
  await chapter.scrollIntoViewIfNeeded();
  const fold = await chapter.$(".fold");
  const summary = await fold.$("summary");
  const open = () => fold.evaluate((one) => one.open);
  const states = [await open()];
  await summary.click();
  states.push(await open());
  for (const key of ["Enter", "Space"]) {
    await summary.focus();
    await page.keyboard.press(key);
    states.push(await open());
  }
  await (await chapter.$(".keys .label a")).click();
  const linked = await page.evaluate(() => {
    const { activeElement } = document;
    return [activeElement.id, activeElement.checkVisibility(), activeElement.closest("details")?.open];
  });
  return { states, linked };
}
