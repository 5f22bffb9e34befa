// What is measured inside a page: each function runs there beside ground and ratio alone, so it holds all else that it needs.

// The colour that lies behind an element.
export function ground(one) {
  for (let outer = one; outer; outer = outer.parentElement) {
    const colour = getComputedStyle(outer).backgroundColor;
    if (!/rgba\(.*, 0\)|transparent/.test(colour)) return colour;
  }
  const forced = matchMedia("(forced-colors: active)").matches;
  return forced ? getComputedStyle(document.documentElement).backgroundColor : "rgb(255, 255, 255)";
}

// The contrast of two colours, 1 to 21.
export function ratio(one, other) {
  const light = (colour) => (colour.match(/[\d.]+/g) ?? [0, 0, 0]).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

// Where the keyboard is, and what is wrong with it: not in view, under something, no ring or one that is not told apart.
export function stop() {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return { name: "" };
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const faults = [];
  const width = parseFloat(style.outlineWidth);
  if (style.outlineStyle === "none" || width < 2) faults.push("no ring");
  const behind = ground(element.parentElement);
  if (ratio(style.outlineColor, behind) < 3) faults.push(`its ring is ${style.outlineColor} on ${behind}`);
  if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) faults.push("out of view");
  // Of a row of boxes (a line of a sentence may break) one must be free.
  const free = [...element.getClientRects()].some((one) => {
    const [x, y] = [one.left + one.width / 2, Math.min(one.top + 10, one.bottom - one.height / 2)];
    const top = document.elementFromPoint(x, y);
    return top && (element.contains(top) || top.contains(element));
  });
  if (!free) faults.push("something lies over it");
  const reach = width + parseFloat(style.outlineOffset);
  for (let outer = element.parentElement; outer && outer !== document.body; outer = outer.parentElement) {
    if (["visible"].includes(getComputedStyle(outer).overflowX)) continue;
    const edge = outer.getBoundingClientRect();
    if (box.top - reach < edge.top - 1 || box.bottom + reach > edge.bottom + 1) faults.push("its ring is cut");
  }
  const words = (element.getAttribute("aria-label") ?? element.textContent).trim().replace(/\s+/g, " ").slice(0, 40);
  return {
    name: `${element.tagName} ${element.getAttribute("href") ?? element.id} ${words}`,
    skips: element.className === "skip",
    top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left, right: box.right, faults,
  };
}

// Whether a fold is open and what it holds is seen.
export function unfolded(fold) {
  const inside = [...fold.children].find((child) => child.tagName !== "SUMMARY");
  const visible = inside.checkVisibility({ contentVisibilityAuto: true }) && inside.getBoundingClientRect().height > 0;
  return fold.open === visible ? fold.open : `open: ${fold.open}, seen: ${visible}`;
}

// What is wrong with a link that was followed: its target folded, out of view or under the bar.
export function opened(href) {
  const target = document.getElementById(decodeURIComponent(href.slice(1)));
  if (!target) return ["it has no target"];
  const faults = [];
  for (let fold = target.parentElement.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    if (!fold.open) faults.push("a fold of its target is closed");
  }
  if (target.matches("body, main")) return faults;
  if (!target.checkVisibility({ contentVisibilityAuto: true })) return [...faults, "its target is not shown"];
  if (!target.matches(":target")) faults.push("its target is not the page's");
  const box = target.getBoundingClientRect();
  const bar = document.querySelector("nav.bar")?.getBoundingClientRect();
  if (box.height < 1) faults.push("its target has no height");
  if (box.top < (bar ? bar.bottom - 1 : 0) || box.top > innerHeight - 10) faults.push(`its target stands at ${Math.round(box.top)}`);
  const first = [...target.querySelectorAll("h2, h3, p, th, td, summary, b")].find((one) => one.getClientRects().length
    && !one.closest(".visually-hidden")) ?? target;
  const words = first.getBoundingClientRect();
  const over = document.elementFromPoint(words.left + 4, words.top + Math.min(words.height / 2, 8));
  if (!over || !(target.contains(over) || over.contains(target))) faults.push("something lies over its target");
  return faults;
}

// What is wrong where the fold of the page's target was closed again.
export function closes() {
  const target = document.querySelector(":target");
  const fold = target.closest("details");
  if (fold) fold.open = false;
  return fold && target.checkVisibility({ contentVisibilityAuto: true }) ? [`#${target.id}: its fold doesn't close again`] : [];
}

// What makes the page scroll sideways.
export function overflowing() {
  const root = document.scrollingElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((element) => !element.closest(".scroll, pre, .visually-hidden")
      && element.getBoundingClientRect().right > root.clientWidth + 0.5)
    .slice(0, 5)
    .map((element) => `${element.tagName} ${element.className?.baseVal ?? element.className} ${element.textContent.slice(0, 60)}`)
    .concat(`${root.scrollWidth} > ${root.clientWidth}`);
}

// Boxes that scroll sideways and are neither a table's nor a drawing's.
export function boxes() {
  return [...document.body.querySelectorAll("*")]
    .filter((element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX)
      && element.scrollWidth > element.clientWidth + 1 && element.checkVisibility({ contentVisibilityAuto: true })
      && !element.querySelector(":scope > table, :scope > .drawing"))
    .map((element) => `${element.tagName} ${element.className} scrolls`);
}

// Text that is cut by its box, or runs out of it over what stands beside it.
export function clipped() {
  const found = [];
  for (const element of document.querySelectorAll("main *, nav *, header *, footer *")) {
    if (element.closest("svg, .visually-hidden") || !element.textContent.trim()) continue;
    if (!element.checkVisibility({ contentVisibilityAuto: true })) continue;
    const style = getComputedStyle(element);
    if (style.clipPath !== "none") continue; // for those who hear it
    if (style.display.startsWith("inline") || style.display === "contents") continue;
    const wide = element.scrollWidth > element.clientWidth + 1;
    const cut = ["hidden", "clip"].includes(style.overflowX) && (wide || element.scrollHeight > element.clientHeight + 1);
    const spilt = style.overflowX === "visible" && wide && element.clientWidth > 0
      && [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (cut || spilt) found.push(`${element.tagName} ${element.className} ${element.textContent.trim().slice(0, 40)} ${element.scrollWidth} > ${element.clientWidth}`);
  }
  return found.slice(0, 5);
}

// What the sticky bar would hide of a target at 400 %: it may not take a third of a low window.
export function obscured() {
  const bar = document.querySelector("nav.bar");
  if (!bar || getComputedStyle(bar).position !== "sticky") return [];
  const height = bar.getBoundingClientRect().height;
  return height > innerHeight / 3 ? [`the bar takes ${height} of ${innerHeight} pixels`] : [];
}

// Marks that are not told from what lies behind them (3:1), or from another mark of their row by more than colour.
export function colours() {
  const found = new Map();
  let looked = 0;
  const shapes = "rect, circle, line, path, use, polyline, polygon";
  const note = (words) => found.set(words, (found.get(words) ?? 0) + 1);

  for (const svg of document.querySelectorAll(".rows td svg, .key svg, svg.icon")) {
    if (svg.parentElement.closest("svg") || !svg.checkVisibility()) continue;
    const paper = ground(svg);
    const before = [];
    for (const shape of svg.querySelectorAll(shapes)) {
      const name = `${svg.closest("table, ul")?.id ?? ""} ${shape.tagName} ${shape.getAttribute("class") ?? svg.getAttribute("class")}`;
      if (shape.matches(".grid")) continue; // hairlines
      looked += 1;
      const paints = painted(shape);
      const box = shape.getBoundingClientRect();
      if (Math.max(...paints.map((paint) => ratio(paint, paper))) < 3) note(`${name}: ${paints} on ${paper}`);
      const middle = [box.left + box.width / 2, box.top + box.height / 2];
      for (const under of before) {
        // the box of a curve is not the curve
        const covers = under.shape !== "polyline" && under.box.left <= middle[0] && under.box.right >= middle[0] && under.box.top <= middle[1] && under.box.bottom >= middle[1];
        const alike = tone(shape) === under.tone || (shape.tagName === "circle" && under.shape === "circle"); // two values, close by
        if (!covers || alike) continue;
        const stands = edge(under.box.top, box.top, shape) >= 1.5 && edge(box.bottom, under.box.bottom, shape) >= 1.5;
        const told = Math.max(...paints.map((paint) => Math.min(...under.paints.map((other) => ratio(paint, other)))));
        if (!stands && told < 3) note(`${name}: ${paints} over ${under.paints}`);
      }
      for (const other of before) {
        if (svg.closest("td") && shape.tagName !== "circle" && other.tone !== tone(shape) && other.form === form(shape, box)) note(`${name}: only its colour tells it from ${other.tone}`);
      }
      before.push({ box, paints, shape: shape.tagName, tone: tone(shape), form: form(shape, box) });
    }
  }
  for (const shape of document.querySelectorAll(`.drawing :is(${shapes})`)) {
    // Washes lie under lines that bound them; hairlines and ticks of an axis decorate.
    if (shape.closest("defs, .chart-range, .chart-area")) continue;
    const paints = painted(shape);
    const paper = ground(shape.closest("svg"));
    const hairline = paints.every((paint) => paint === "rgb(220, 218, 211)" || paint === paper);
    if (hairline || !paints.length) continue;
    looked += 1;
    if (Math.max(...paints.map((paint) => ratio(paint, paper))) < 3) {
      note(`${shape.closest("figure")?.id} ${shape.parentElement.getAttribute("class")}: ${paints} on ${paper}`);
    }
  }
  for (const element of document.querySelectorAll(".fold > summary")) {
    looked += 1;
    if (ratio(getComputedStyle(element).borderTopColor, ground(element)) < 3) note(`${element.textContent.trim()}: its border`);
  }
  for (const element of document.querySelectorAll("td.number.bad")) {
    if (Number(getComputedStyle(element).fontWeight) < 600 && !element.querySelector("svg")) note("a value that did not hold is told by its colour alone");
  }
  const finding = document.querySelector(".finding");
  if (finding && matchMedia("(forced-colors: active)").matches) {
    location.hash = `#${finding.id}`;
    if (getComputedStyle(finding).outlineStyle === "none") note("a target is not marked");
  }
  return { found: [...found].map(([words, times]) => `${words} (${times})`), looked };

  function edge(a, b, shape) {
    const wide = shape.tagName === "line" ? parseFloat(getComputedStyle(shape).strokeWidth) / 2 : 0;
    return a - b + (shape.getAttribute("x1") === shape.getAttribute("x2") ? 0 : wide);
  }
  function tone(shape) {
    return (shape.getAttribute("class") ?? "").split(" ").at(-1);
  }
  function form(shape, box) {
    const style = getComputedStyle(shape);
    const hollow = style.fill === ground(shape.closest("svg"));
    return [shape.tagName, Math.round(box.height * 2), style.strokeWidth, style.strokeDasharray, hollow, shape.getAttribute("y")].join();
  }
  function painted(shape) {
    const style = getComputedStyle(shape);
    const stroke = style.stroke !== "none" && parseFloat(style.strokeWidth) > 0 ? [style.stroke] : [];
    const fill = style.fill !== "none" && !style.fill.startsWith("url") && !["line"].includes(shape.tagName) ? [style.fill] : [];
    return [...stroke, ...fill].filter((paint) => !/, 0\)/.test(paint) || !paint.startsWith("rgba"));
  }
}

// What moves by itself or slides.
export function moving() {
  const animated = document.getAnimations().map((one) => `${one}`);
  const sliding = [...document.querySelectorAll("*")].filter((element) => {
    const style = getComputedStyle(element);
    return style.scrollBehavior === "smooth" || style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
  }).map((element) => element.tagName);
  return [...animated, ...sliding];
}

// What is missing on paper, or stands on it and shouldn't.
export function onPaper() {
  const found = [];
  const visible = (element) => element.checkVisibility({ contentVisibilityAuto: true }) && element.getClientRects().length > 0;
  const marks = [...document.querySelectorAll(".rows td svg :is(rect, circle, line, path)")]
    .filter((mark) => !mark.closest("details"));
  marks.filter((mark) => !visible(mark)).forEach((mark) => found.push(`${mark.closest("table").id}: ${mark.getAttribute("class")} is not printed`));
  const findings = [...document.querySelectorAll(".finding .sentence")];
  findings.filter((one) => !visible(one)).forEach((one) => found.push(`folded: ${one.textContent.slice(0, 60)}`));
  document.querySelectorAll(".facts, .counted, nav.bar, .skip").forEach((one) => {
    if (visible(one)) found.push(`${one.className} is printed`);
  });
  document.querySelectorAll(".chapter").forEach((chapter) => {
    const folds = chapter.querySelectorAll(".folds > details:not(.on-paper)").length;
    const named = chapter.querySelector(".in-file");
    if (folds && !(named && visible(named))) found.push(`${chapter.id}: its folds are not named`);
  });
  return { found: [...new Set(found)].slice(0, 20), looked: marks.length + findings.length };
}
