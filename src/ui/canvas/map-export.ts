// SVG and PNG export of the map: one file that needs nothing of this page, with frames, links in their state, cards, messages
// where they are, the legend and the run's id. Loaded on demand.

import { createElement } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import type { PictureShape } from '../export/picture-shape.ts';
import { exportCaption, exportName } from '../export/run-name.ts';
import { downloadPng, downloadSvg, type PngScale } from '../export/save.ts';
import { standaloneSvg } from '../export/standalone-svg.ts';
import { t } from '../i18n/i18n.ts';
import { MapPicture } from './map-picture.tsx';

/** Draws the picture off screen, where the page's styles are known, and takes its text. */
export function mapSvg(shape: PictureShape = 'own'): string {
  const host = document.createElement('div');
  host.className = 'visually-hidden';
  document.body.append(host);
  const root = createRoot(host);
  try {
    flushSync(() => root.render(createElement(MapPicture)));
    const svg = host.querySelector('svg');
    return svg === null ? '' : standaloneSvg(svg, exportCaption(t('map.title')), shape);
  } finally {
    root.unmount();
    host.remove();
  }
}

const nameOf = (shape: PictureShape): string => exportName(shape === 'own' ? 'map' : 'map-16x9');

export const exportMapSvg = (shape: PictureShape = 'own'): Promise<void> =>
  downloadSvg(nameOf(shape), mapSvg(shape));
export const exportMapPng = (scale: PngScale, shape: PictureShape = 'own'): Promise<void> =>
  downloadPng(nameOf(shape), mapSvg(shape), scale, shape);
