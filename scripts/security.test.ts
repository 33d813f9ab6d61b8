// What keeps the pages apart from whoever frames them: the policy as hosts and pages say it, and scripts that listen to nobody.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { headersOf, metaPolicy } from './security-headers.mjs';

const directives = new Map(
  metaPolicy.split('; ').map((directive) => {
    const [name = '', ...sources] = directive.split(' ');
    return [name, sources] as const;
  }),
);

test('the policy lets scripts come from this origin alone, and no text become code; films are blobs that were made here', () => {
  expect(directives.get('default-src')).toEqual(["'none'"]);
  expect(directives.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"]);
  expect(directives.get('media-src')).toEqual(['blob:']);
  for (const path of ['', 'index.html', 'embed.html', 'assets/a.js'])
    expect(headersOf(path)['Content-Security-Policy']).toContain(metaPolicy);
});

test('the lab is framed by nobody, an embed by anybody', () => {
  for (const path of ['', 'index.html']) {
    expect(headersOf(path)['Content-Security-Policy']).toContain("frame-ancestors 'none'");
    expect(headersOf(path)['X-Frame-Options']).toBe('DENY');
  }
  expect(headersOf('embed.html')['Content-Security-Policy']).toContain('frame-ancestors *');
  expect(headersOf('embed.html')).not.toHaveProperty('X-Frame-Options');
});

/** A window that listens to another, or is sent something by it: of another site it may be. */
const crossesWindows =
  /\b(?:window|self|globalThis)?\.?(?:addEventListener\(\s*['"]message['"]|onmessage\s*=(?!=))|\b(?:parent|top|opener|contentWindow)\??\.postMessage/;
const ofWindow = (text: string): boolean =>
  text
    .split('\n')
    .some(
      (line) =>
        crossesWindows.test(line) && !/\b(?:port\d?|worker|desk|opened|channel)\.onmessage/.test(line),
    );

/** Scripts of windows; workers hear only the page that made them. */
const pages = ['src/ui', 'src/state', 'src/lab']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .concat('src/main.tsx', 'src/embed.ts')
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|-worker\.ts$/.test(path));

test('no window of the lab hears what another window posts, nor posts to one', () => {
  expect(pages.length).toBeGreaterThan(500);
  for (const bad of [
    "addEventListener('message', on)",
    'window.onmessage = on',
    "parent.postMessage(1, '*')",
  ])
    expect(ofWindow(bad)).toBe(true);
  expect(pages.filter((path) => ofWindow(readFileSync(path, 'utf8')))).toEqual([]);
});
