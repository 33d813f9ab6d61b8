// Standalone SVG of a drawing: colours and fonts as they are computed here, the patterns that it refers to, a background,
// and below it one line that says where it comes from.

import { wordsWidth } from '../kit/words-width.ts';
import { type PictureShape, roomOf } from './picture-shape.ts';

/** What the page's style sheets may set on a drawing's parts. */
const properties = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'fill-opacity',
  'stroke-opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'text-decoration-line',
  'text-decoration-style',
  'visibility',
] as const;

/** What a file reader without this browser understands: `color(srgb 0.1 0.2 0.3 / 0.5)` as rgb, urls without the page. */
export function plainValue(value: string): string {
  const mixed = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.e-]+))?\)$/.exec(value);
  if (mixed !== null) {
    const [red, green, blue] = mixed.slice(1, 4).map((part) => Math.round(Number(part) * 255));
    const alpha = mixed[4];
    return alpha === undefined ? `rgb(${red},${green},${blue})` : `rgba(${red},${green},${blue},${alpha})`;
  }
  return value.replace(/url\("?[^")]*#([^")]+)"?\)/g, 'url(#$1)');
}

const usual: Readonly<Record<string, string>> = {
  stroke: 'none',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  opacity: '1',
  'fill-opacity': '1',
  'stroke-opacity': '1',
  'text-decoration-line': 'none',
  'text-decoration-style': 'solid',
  visibility: 'visible',
};

const isOfText = (name: string): boolean => name.startsWith('font') || name.startsWith('text');

/** What a part has from the one around it, unless it says otherwise; a group that is drawn says nothing of its words. */
const handedDown = (name: string): boolean => name !== 'opacity' && !isOfText(name);

/** Whether a value has to be written: it is not what the part would have without. */
export const mustSay = (name: string, value: string, around: string | null): boolean =>
  value !== '' && value !== (around !== null && handedDown(name) ? around : usual[name]);

/** Writes the computed look of `from` and everything in it onto its copy; `around`: the look of what it stands in. */
function copyLook(from: Element, to: Element, around: CSSStyleDeclaration | null = null): void {
  const style = getComputedStyle(from);
  const isText = from.localName === 'text' || from.localName === 'tspan';
  for (const name of properties) {
    if (!isText && isOfText(name)) continue;
    const value = plainValue(style.getPropertyValue(name));
    to.removeAttribute(name);
    const outside = around === null ? null : plainValue(around.getPropertyValue(name));
    if (mustSay(name, value, outside)) to.setAttribute(name, value);
  }
  to.removeAttribute('class');
  to.removeAttribute('style');
  const copies = [...to.children];
  [...from.children].forEach((child, i) => {
    const copy = copies[i];
    if (copy !== undefined) copyLook(child, copy, style);
  });
}

/** Patterns and markers that stand elsewhere in the page. */
function bringAlong(copy: SVGSVGElement): void {
  const known = new Set<string>();
  const defs = document.createElementNS(svgNamespace, 'defs');
  for (const [, id] of copy.outerHTML.matchAll(/url\((?:"|&quot;)?#([^")&]+)/g)) {
    if (id === undefined || known.has(id)) continue;
    known.add(id);
    const source = document.getElementById(id);
    if (source === null || copy.querySelector(`#${CSS.escape(id)}`) !== null) continue;
    const twin = source.cloneNode(true);
    if (!(twin instanceof Element)) continue;
    copyLook(source, twin);
    defs.append(twin);
  }
  if (defs.childElementCount > 0) copy.prepend(defs);
}

export const svgNamespace = 'http://www.w3.org/2000/svg';
const margin = 12;
const captionHeight = 24;
/** px of a letter of the caption. */
const captionLetterPx = 5.9;

/** `caption`: the run's id and what is shown; it stands below the drawing. */
export function standaloneSvg(element: SVGSVGElement, caption: string, shape: PictureShape = 'own'): string {
  const copy = element.cloneNode(true);
  if (!(copy instanceof SVGSVGElement)) return '';
  copyLook(element, copy);
  bringAlong(copy);
  const box = element.viewBox.baseVal;
  const width = box !== null && box.width > 0 ? box.width : element.clientWidth;
  const height = box !== null && box.height > 0 ? box.height : element.clientHeight;
  copy.setAttribute('x', String(margin));
  copy.setAttribute('y', String(margin));
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  // A flag at the very top is whole here as it is on the page.
  copy.setAttribute('overflow', 'visible');
  copy.removeAttribute('aria-hidden');
  return wrapSvg(copy.outerHTML, width + 2 * margin, height + margin, caption, shape);
}

const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

/** As wide as the drawing, or as the line below it. */
export const pictureWidth = (drawing: number, caption: string): number =>
  Math.max(drawing, Math.ceil(wordsWidth(caption, captionLetterPx)) + 2 * margin);

/** The outer element of an exported drawing: size, background, caption. `body` is SVG text, and stands in the middle. */
export function wrapSvg(
  body: string,
  width: number,
  height: number,
  caption: string,
  shape: PictureShape,
): string {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => plainValue(style.getPropertyValue(`--${name}`).trim());
  const font = escapeXml(getComputedStyle(document.body).fontFamily);
  const least = { width: pictureWidth(width, caption), height: height + captionHeight };
  const { width: wide, height: total } = roomOf(least, shape);
  const [left, top] = shape === 'own' ? [0, 0] : [(wide - width) / 2, (total - captionHeight - height) / 2];
  return [
    `<svg xmlns="${svgNamespace}" width="${wide}" height="${total}" viewBox="0 0 ${wide} ${total}" font-family="${font}">`,
    `<title>${escapeXml(caption)}</title>`,
    `<rect width="${wide}" height="${total}" fill="${colour('bg-1')}"/>`,
    left === 0 && top === 0 ? body : `<g transform="translate(${left} ${top})">${body}</g>`,
    `<text x="${margin}" y="${total - 8}" font-size="12" fill="${colour('text-muted')}">${escapeXml(caption)}</text>`,
    '</svg>',
  ].join('');
}
