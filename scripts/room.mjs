// Whether everything on the screen has room, measured from boxes: text that is cut and said nowhere in full, what lies outside of
// the window or of a part that does not scroll, parts that spill over others, text on text, controls that lie under others, on
// the map letters that are too small, links through cards and tools over them, and where the finger is the pointer controls of
// less than 44 px. Used by the journeys (e2e/layouts.e2e.ts, e2e/touch.e2e.ts) and
// by every picture of `npm run shots`.

/** @typedef {Pick<import('@playwright/test').Page, 'evaluate'>} Page */

/**
 * What has no room on the page as it stands, one sentence each; empty: all has.
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
export async function roomFaults(page) {
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
  return page.evaluate(measure);
}

/**
 * Letters that layouts are looked at in: the page's own, and as wide as those of a system's typeface that may stand in for them.
 * @typedef {'own' | 'wider' | 'narrower'} Letters
 */
const letterSizes = { own: null, wider: '112%', narrower: '88%' };

/** @param {Page} page @param {Letters} letters */
export const wearLetters = (page, letters) => page.evaluate(resizeLetters, letterSizes[letters]);

/** Runs in the page: its typefaces once more, at another size. @param {string | null} size */
async function resizeLetters(size) {
  const worn = document.getElementById('letters');
  if ((worn?.dataset.size ?? null) === size) return;
  worn?.remove();
  if (size !== null) {
    const style = document.createElement('style');
    style.id = 'letters';
    style.dataset.size = size;
    const faces = [...document.styleSheets]
      .flatMap(({ cssRules }) => [...cssRules])
      .filter((rule) => rule instanceof CSSFontFaceRule)
      .filter((rule) => rule.style.getPropertyValue('src').includes('url('));
    style.textContent = faces
      .map(({ cssText, parentStyleSheet }) =>
        cssText
          .replace(
            /url\("?([^")]+)"?\)/,
            (_, file) => `url("${new URL(file, parentStyleSheet?.href ?? undefined)}")`,
          )
          .replace(/}$/, `size-adjust: ${size}; }`),
      )
      .join('\n');
    document.head.append(style);
    if (faces.length === 0) throw new Error('the page has no typeface of its own');
  }
  await Promise.all(
    [...document.fonts]
      // Those that stand in have no file, and need not be on this machine.
      .filter(({ status, family }) => status === 'unloaded' && !family.includes('Like'))
      .map((face) => face.load()),
  );
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve(undefined)));
  await frame();
  await frame();
}

/** Windows of a list that are looked at; of the column, which is the page itself, all. */
const listWindows = 6;

/**
 * The same, also of what is only seen when it is scrolled to: the whole column of a narrow window, panels, the beginnings of lists.
 * Everything stands as it was afterwards.
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
export async function roomFaultsBelow(page) {
  const found = new Set(await roomFaults(page));
  const parts = await page.evaluate(markScrolled);
  for (let part = 0; part < parts; part++) {
    for (let at = 1; await page.evaluate(scrollPart, { part, at, listWindows }); at++)
      for (const fault of await roomFaults(page)) found.add(fault);
    await page.evaluate(scrollPart, { part, at: null, listWindows });
  }
  return [...found];
}

/** Runs in the page: numbers what is scrolled, and keeps where each part stands. @returns {number} */
function markScrolled() {
  // What lies below an open layer is not scrolled meanwhile.
  const layer = [...document.querySelectorAll('[role="menu"], [role="dialog"]')].at(-1);
  const parts =
    layer === undefined ? document.querySelectorAll('*') : [layer, ...layer.querySelectorAll('*')];
  const scrolled = [...parts].filter((element) => {
    if (element.closest('.react-flow, .cm-editor') !== null || !element.checkVisibility()) return false;
    const { overflowY } = getComputedStyle(element);
    return /auto|scroll/.test(overflowY) && element.scrollHeight > element.clientHeight + 2;
  });
  for (const element of document.querySelectorAll('[data-scrolled]'))
    element.removeAttribute('data-scrolled');
  scrolled.forEach((element, part) => {
    element.setAttribute('data-scrolled', `${part} ${element.scrollTop}`);
  });
  return scrolled.length;
}

/**
 * Runs in the page: to the at-th window of a part, null: back to where it stood. Says whether there was one.
 * @param {{part: number, at: number | null, listWindows: number}} to
 */
async function scrollPart({ part, at, listWindows }) {
  const element = document.querySelector(`[data-scrolled^="${part} "]`);
  if (element === null) return false;
  // What sticks to the edges hides some of it.
  const step = Math.max(60, element.clientHeight - 110);
  const isPage = element.matches('.frame');
  const top = at === null ? Number(element.getAttribute('data-scrolled')?.split(' ')[1]) : at * step;
  if (
    at !== null &&
    ((at > listWindows && !isPage) || top - step + element.clientHeight >= element.scrollHeight)
  )
    return false;
  element.scrollTop = top;
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve(undefined)));
  await frame();
  await frame();
  return true;
}

/** Runs in the page. @returns {string[]} */
function measure() {
  /** px that rounding, borders and the overhang of letters take. */
  const slack = 2;
  /** @typedef {{left: number, top: number, right: number, bottom: number}} Box */
  /** @type {Set<string>} */
  const faults = new Set();

  /** @param {Element} element */
  const nameOf = (element) => {
    const text = element.getAttribute('aria-label') ?? element.textContent ?? '';
    const kind = element.getAttribute('class')?.split(/\s+/).slice(0, 3).join('.') ?? '';
    return `<${element.tagName.toLowerCase()}${kind === '' ? '' : ` ${kind}`}> “${text.trim().replace(/\s+/g, ' ').slice(0, 60)}”`;
  };

  /** @param {Element} element */
  const isShown = (element) => {
    if (
      !element.checkVisibility({
        contentVisibilityAuto: true,
        opacityProperty: true,
        visibilityProperty: true,
      })
    )
      return false;
    for (let at = /** @type {Element | null} */ (element); at !== null; at = at.parentElement) {
      // What is there for those who listen only, and pictures that are decoration.
      const { width, height } = at.getBoundingClientRect();
      const style = getComputedStyle(at);
      if (width <= 1 && height <= 1 && style.overflow !== 'visible' && style.position === 'absolute')
        return false;
    }
    return true;
  };

  /**
   * The ancestors that clip an element, the nearest first: an absolute one is not clipped by what it is not placed in.
   * @param {Element} element
   * @param {boolean} isText whether what is clipped is the element's text, which it clips itself
   */
  function* clippers(element, isText) {
    let { position } = isText ? { position: 'static' } : getComputedStyle(element);
    for (
      let at = isText ? element : element.parentElement;
      at !== null && position !== 'fixed';
      at = at.parentElement
    ) {
      const style = getComputedStyle(at);
      const places = style.position !== 'static' || style.transform !== 'none';
      if (position === 'absolute' && !places) continue;
      position = style.position;
      if (at.matches('.react-flow')) return; // It is panned.
      if (style.overflowX !== 'visible' || style.overflowY !== 'visible') yield { at, style };
    }
  }

  /**
   * The part of a box that can be seen; what is cut off where nothing scrolls is given to `onCut`.
   * @param {Element} element
   * @param {Box} box
   * @param {boolean} isText
   * @param {(by: string, px: number) => void} onCut
   * @returns {Box | null}
   */
  const seen = (element, box, isText, onCut) => {
    let { left, top, right, bottom } = box;
    for (const { at, style } of clippers(element, isText)) {
      const edge = at.getBoundingClientRect();
      const isScroller = (/** @type {string} */ overflow) => overflow === 'auto' || overflow === 'scroll';
      // A line is shortened where its content ends, not where the padding does.
      const pad = style.textOverflow === 'ellipsis' ? Number.parseFloat(style.paddingRight) : 0;
      const beyondX = Math.max(edge.left - left, right - (edge.right - pad));
      const beyondY = Math.max(edge.top - top, bottom - edge.bottom);
      if (style.overflowX !== 'visible' && !isScroller(style.overflowX) && beyondX > slack)
        onCut(nameOf(at), beyondX);
      if (style.overflowY !== 'visible' && !isScroller(style.overflowY) && beyondY > slack)
        onCut(nameOf(at), beyondY);
      left = Math.max(left, edge.left);
      top = Math.max(top, edge.top);
      right = Math.min(right, edge.right);
      bottom = Math.min(bottom, edge.bottom);
      if (right - left < 1 || bottom - top < 1) return null;
    }
    const beyond = Math.max(-left, right - innerWidth, -top, bottom - innerHeight);
    if (beyond > slack && !element.closest('.react-flow')) onCut('the window', beyond);
    return { left, top, right, bottom };
  };

  /** Whether the whole text can be read from a title or a name. @param {Element} element @param {string} text */
  const isSaidInFull = (element, text) => {
    const plain = (/** @type {string} */ words) => words.replace(/\s+/g, ' ').trim();
    for (
      let at = /** @type {Element | null} */ (element), i = 0;
      at !== null && i < 6;
      at = at.parentElement, i++
    ) {
      const said = `${at.getAttribute('title') ?? ''} ${at.getAttribute('aria-label') ?? ''} ${at.querySelector(':scope > title')?.textContent ?? ''}`;
      if (plain(said).includes(plain(text))) return true;
    }
    return false;
  };

  /** A figure of a card: what is left of a number reads as another number, whatever a title says. @param {Element} element @param {string} text */
  const isFigure = (element, text) =>
    /^[\d\s.,/]*\d[\d\s.,/]*$/.test(text) && element.closest('.react-flow') !== null;

  /** @param {Box} outer @param {Box} inner */
  const holds = (outer, inner) =>
    outer.left <= inner.left + slack &&
    outer.top <= inner.top + slack &&
    outer.right >= inner.right - slack &&
    outer.bottom >= inner.bottom - slack;

  /** @param {Box} one @param {Box} other @returns {Box} */
  const shared = (one, other) => ({
    left: Math.max(one.left, other.left),
    top: Math.max(one.top, other.top),
    right: Math.min(one.right, other.right),
    bottom: Math.min(one.bottom, other.bottom),
  });

  /** Whether something between the element and an ancestor hides what lies below, there. @param {Element} element @param {Element} below @param {Box} there */
  const isOpaque = (element, below, there) => {
    for (
      let at = /** @type {Element | null} */ (element);
      at !== null && !at.contains(below);
      at = at.parentElement
    ) {
      const { backgroundColor, opacity } = getComputedStyle(at);
      if (Number(opacity) < 0.5) return true;
      // What stands out of its part has not the part's ground behind it.
      if (!holds(at.getBoundingClientRect(), there)) continue;
      const alpha =
        /rgba\(.*,\s*([\d.]+)\)$/.exec(backgroundColor)?.[1] ?? /\/\s*([\d.]+)\)$/.exec(backgroundColor)?.[1];
      if (alpha === undefined || Number(alpha) > 0.5) return true;
    }
    return false;
  };

  /** What sticks out furthest. @param {Element} root */
  const widest = (root) => {
    const all = [...root.querySelectorAll('*')].filter(
      (element) => isShown(element) && ![...clippers(element, false)].some(({ at }) => at !== root),
    );
    const right = (/** @type {Element} */ element) => element.getBoundingClientRect().right;
    const found = all.sort((a, b) => right(b) - right(a))[0];
    return found === undefined ? '' : nameOf(found);
  };

  const { scrollingElement } = document;
  for (const root of [scrollingElement, document.querySelector('.frame')])
    if (root !== null && root.scrollWidth > root.clientWidth + 1)
      faults.add(`the page scrolls sideways by ${root.scrollWidth - root.clientWidth} px: ${widest(root)}`);

  /** How large a CSS px of an element is on the screen. @param {Element} element */
  const scaleOf = (element) => {
    for (let at = /** @type {Element | null} */ (element); at !== null; at = at.parentElement) {
      if (at instanceof SVGGraphicsElement) return at.getScreenCTM()?.a ?? 1;
      if (at instanceof HTMLElement && at.offsetWidth > 0)
        return at.getBoundingClientRect().width / at.offsetWidth;
    }
    return 1;
  };

  /** @type {{element: Element, text: string, box: Box}[]} */
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    const text = (node.nodeValue ?? '').trim();
    if (element === null || text === '' || element.closest('option, script, style, noscript, .cm-editor'))
      continue;
    if (!isShown(element)) continue;
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      const box = seen(element, rect, true, (by, px) => {
        if (!isFigure(element, text) && isSaidInFull(element, text)) return;
        faults.add(`cut by ${Math.round(px)} px: ${nameOf(element)} by ${by}`);
      });
      if (box !== null) texts.push({ element, text, box });
    }
  }

  texts.sort((a, b) => a.box.left - b.box.left);
  texts.forEach((one, i) => {
    for (const other of texts.slice(i + 1)) {
      if (other.box.left >= one.box.right - slack) break;
      if (
        one.element === other.element ||
        one.element.contains(other.element) ||
        other.element.contains(one.element)
      )
        continue;
      const there = shared(one.box, other.box);
      const [width, height] = [there.right - there.left, there.bottom - there.top];
      // A line's box is higher than its letters.
      if (width <= slack + 1 || height <= 5) continue;
      if (isOpaque(one.element, other.element, there) || isOpaque(other.element, one.element, there))
        continue;
      faults.add(
        `text on text by ${Math.round(width)} × ${Math.round(height)} px: ${nameOf(one.element)} and ${nameOf(other.element)}`,
      );
    }
  });

  // The map: letters that can be read, links beside the cards, tools and legend beside both, and cards that fill the pane.
  for (const flow of document.querySelectorAll('.react-flow')) {
    if (!isShown(flow)) continue;
    for (const { element, text } of texts) {
      if (!flow.contains(element)) continue;
      const px = Number.parseFloat(getComputedStyle(element).fontSize) * scaleOf(element);
      if (px < (element.closest('.mono') === null ? 11.5 : 10.5))
        faults.add(`letters of ${px.toFixed(1)} px on the map: “${text.slice(0, 40)}”`);
    }
    const cards = [...flow.querySelectorAll('.card, .card-fit, .card-dot')].filter(isShown).map((card) => ({
      card,
      box: card.getBoundingClientRect(),
    }));
    for (const path of flow.querySelectorAll('path.react-flow__edge-path')) {
      const toScreen = path instanceof SVGPathElement && isShown(path) ? path.getScreenCTM() : null;
      if (!(path instanceof SVGPathElement) || toScreen === null) continue;
      const length = path.getTotalLength();
      for (let at = 1; at < 40; at++) {
        const { x, y } = path.getPointAtLength((length * at) / 40).matrixTransform(toScreen);
        for (const { card, box } of cards)
          if (x > box.left + 3 && x < box.right - 3 && y > box.top + 3 && y < box.bottom - 3)
            faults.add(`a link through a card: ${nameOf(path)} and ${nameOf(card)}`);
      }
    }
    for (const tool of flow.parentElement?.querySelectorAll('.map-tools, .legend, .react-flow__minimap') ??
      [])
      for (const { card, box } of cards) {
        const { left, top, right, bottom } = shared(tool.getBoundingClientRect(), box);
        if (isShown(tool) && right - left > slack && bottom - top > slack)
          faults.add(`over a card: ${nameOf(tool)} and ${nameOf(card)}`);
      }
    if (cards.length === 0) continue;
    const pane = flow.getBoundingClientRect();
    const spanOf = (/** @type {'left' | 'top'} */ from, /** @type {'right' | 'bottom'} */ to) =>
      Math.max(...cards.map(({ box }) => box[to])) - Math.min(...cards.map(({ box }) => box[from]));
    const share = Math.max(spanOf('left', 'right') / pane.width, spanOf('top', 'bottom') / pane.height);
    if (innerWidth >= 1280 && innerHeight >= 800 && share < 0.7)
      faults.add(`cards fill ${Math.round(share * 100)} % of the map in its tighter direction`);
  }

  // What the map says beside its cards leaves them to be read.
  for (const suggestion of document.querySelectorAll('[data-suggestion]'))
    for (const card of document.querySelectorAll('.card, .card-fit, .card-dot, .zone-title')) {
      if (!isShown(suggestion) || !isShown(card)) continue;
      const [a, b] = [suggestion.getBoundingClientRect(), card.getBoundingClientRect()];
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (width > slack && height > slack)
        faults.add(
          `over a card by ${Math.round(width)} × ${Math.round(height)} px: ${nameOf(suggestion)} and ${nameOf(card)}`,
        );
    }

  // A part that does not scroll holds what it has, and lies over no other, but for the bars at the edges of what is scrolled.
  const parts = [
    ...document.querySelectorAll(
      '.toolbar, .status-strip, .banner, .twin-bar, .rail, .part-tabs, #side-pane, #map-pane, #dock-pane, #right-pane',
    ),
  ].filter(isShown);
  for (const part of parts) {
    const edge = part.getBoundingClientRect();
    const { overflowY, position } = getComputedStyle(part);
    if (part.matches('.toolbar, .part-tabs') && part.scrollHeight - part.clientHeight > slack)
      faults.add(`spills by ${part.scrollHeight - part.clientHeight} px: what <${part.className}> holds`);
    if (overflowY === 'visible')
      for (const child of part.querySelectorAll('*')) {
        if (!isShown(child) || [...clippers(child, false)].some(({ at }) => part.contains(at))) continue;
        if (
          child.closest('.visually-hidden, .sr-only') !== null ||
          getComputedStyle(child).position === 'fixed'
        )
          continue;
        const { top, bottom, width } = child.getBoundingClientRect();
        const beyond = Math.max(edge.top - top, bottom - edge.bottom);
        if (width > 1 && beyond > slack)
          faults.add(
            `spills by ${Math.round(beyond)} px: ${nameOf(child)} out of <${part.className || part.id}>`,
          );
      }
    for (const other of parts) {
      if (other === part || other.contains(part) || part.contains(other)) continue;
      if (/fixed|sticky|absolute/.test(`${position} ${getComputedStyle(other).position}`)) continue;
      const { left, top, right, bottom } = shared(edge, other.getBoundingClientRect());
      if (right - left > slack && bottom - top > slack)
        faults.add(
          `parts share ${Math.round(right - left)} × ${Math.round(bottom - top)} px: ${part.className || part.id} and ${other.className || other.id}`,
        );
    }
  }

  const isLayer = (/** @type {Element} */ element) => {
    for (let at = /** @type {Element | null} */ (element); at !== null; at = at.parentElement)
      if (/fixed|sticky/.test(getComputedStyle(at).position)) return at;
    return null;
  };
  const controls =
    'button, a[href], input, select, textarea, summary, [role="tab"], [role="slider"], [role="treeitem"], [contenteditable="true"]';
  const isByFinger = matchMedia('(pointer: coarse)').matches;
  /** Less than 44 px to press, by the control, what names it and what it draws round itself. @param {Element} control @param {DOMRect} rect */
  const isTooSmall = (control, rect) => {
    // A link in a sentence has the height of its line.
    if (!isByFinger || getComputedStyle(control).display === 'inline') return false;
    const label = control.closest('label');
    const isHit = (/** @type {number} */ x, /** @type {number} */ y) => {
      const hit = document.elementFromPoint(x, y);
      return hit !== null && (control.contains(hit) || label?.contains(hit) === true);
    };
    const named = label?.getBoundingClientRect() ?? rect;
    const [x, y] = [(rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2];
    const isWide = Math.max(rect.width, named.width) >= 43.5 || (isHit(x - 21, y) && isHit(x + 21, y));
    return !isWide || (Math.max(rect.height, named.height) < 43.5 && !(isHit(x, y - 21) && isHit(x, y + 21)));
  };
  /** @type {{control: Element, box: Box}[]} */
  const placed = [];
  for (const control of document.querySelectorAll(controls)) {
    if (!isShown(control) || control.closest('.react-flow__viewport, .cm-editor')) continue;
    const rect = control.getBoundingClientRect();
    if (rect.width === 0 || rect.height === 0) continue;
    if (isTooSmall(control, rect))
      faults.add(`small: ${nameOf(control)} has ${Math.round(rect.width)} × ${Math.round(rect.height)} px`);
    const box = seen(control, rect, false, (by, px) =>
      faults.add(`cut by ${Math.round(px)} px: ${nameOf(control)} by ${by}`),
    );
    if (box === null) continue;
    placed.push({ control, box });
    const hit = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
    if (hit === null || control.contains(hit) || hit.contains(control)) continue;
    const over = hit.closest(controls);
    if (
      over === null ||
      over === control ||
      over.contains(control) ||
      over.closest('label')?.contains(control)
    )
      continue;
    const layer = isLayer(over);
    if (layer !== null && !layer.contains(control)) continue;
    faults.add(`covered: ${nameOf(control)} by ${nameOf(over)}`);
  }
  // Rows that are nearer to each other than they are high take presses from each other.
  placed.forEach((one, i) => {
    for (const other of placed.slice(i + 1)) {
      if (one.control.contains(other.control) || other.control.contains(one.control)) continue;
      if (one.control.closest('label, .field')?.contains(other.control)) continue;
      if (isLayer(one.control) !== isLayer(other.control)) continue;
      const { left, top, right, bottom } = shared(one.box, other.box);
      if (right - left <= slack || bottom - top <= slack) continue;
      faults.add(
        `share ${Math.round(right - left)} × ${Math.round(bottom - top)} px: ${nameOf(one.control)} and ${nameOf(other.control)}`,
      );
    }
  });
  return [...faults];
}
