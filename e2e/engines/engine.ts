// What a journey asks of any engine, said once: a page is read and driven through scripts, and touched by pointer and keys as a
// person would. An engine brings a `Tab` (firefox.ts, webkit.ts); all else is made of it here.
import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { KeyInput } from 'puppeteer-core';
import { type Found, findInPage, type Target } from './find-in-page.ts';

export interface Tab {
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Runs the text of a function, with this JSON as its argument; answers JSON. */
  run(source: string, argument: string): Promise<string>;
  /** The same in the only frame of the page, of whatever site it is. */
  runInFrame(source: string, argument: string): Promise<string>;
  /** Presses and lets go at this place of the window. */
  press(x: number, y: number, button: 'left' | 'right'): Promise<void>;
  /** Presses these keys one after the other, then lets go of them. */
  chord(keys: readonly KeyInput[]): Promise<void>;
  type(text: string): Promise<void>;
  picture(): Promise<Buffer>;
  /** The page is this large from now on, CSS px: what it has when it is zoomed. */
  resize(width: number, height: number): Promise<void>;
  close(): Promise<void>;
}

export interface Engine {
  /** The tab it was opened with; another one after `reopen`. */
  tab(): Tab;
  newTab(): Promise<Tab>;
  /** SIGKILL of the browser. Refused where its storage would go with it. */
  kill(): Promise<void>;
  /** As a machine that sleeps: all its processes stand still for so long (SIGSTOP, SIGCONT). */
  sleep(ms: number): Promise<void>;
  /** After `kill`: what was stored is there again. Nothing is navigated. */
  reopen(): Promise<void>;
  close(): Promise<void>;
  /** Uncaught errors and console errors, where the engine tells of them. */
  complaints(): readonly string[];
}

/** A page that a journey acts on; the words of support/lab-page.ts that only ask the console object take it as well. */
export interface EnginePage extends Pick<Page, 'evaluate'> {
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Waits until it stands where a pointer reaches it. */
  click(target: Target, button?: 'left' | 'right'): Promise<void>;
  /** Clicks into it, and has this text in place of what was there. */
  fill(target: Target, text: string): Promise<void>;
  /** One key, or some that are held together. */
  key(...chord: KeyInput[]): Promise<void>;
  type(text: string): Promise<void>;
  /** What is there now, seen or covered. */
  all(target: Target): Promise<readonly Found[]>;
  /** Waits until the text of the only one there matches. */
  reads(target: Target, text: RegExp | string): Promise<void>;
  /** Waits until so many are there. */
  count(target: Target, count: number): Promise<void>;
  /** What the only frame of the page has. */
  frame(): Pick<EnginePage, 'evaluate' | 'all' | 'reads'>;
  screenshot(path: string): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  close(): Promise<void>;
}

/** What a script in a page answered: JSON, so that every engine tells values alike. */
const answerOf = (source: unknown): string =>
  `async (argument) => { const value = await (${String(source)})(argument); return value === undefined ? 'null' : JSON.stringify(value); }`;

const json = (value: unknown): string => (value === undefined ? 'undefined' : JSON.stringify(value));

/** What is read by scripts, wherever they run. */
function reader(run: Tab['run']): ReturnType<EnginePage['frame']> {
  const evaluate = async (source: unknown, argument?: unknown) =>
    JSON.parse(await run(answerOf(source), json(argument)));
  const all = (target: Target): Promise<readonly Found[]> => evaluate(findInPage, plain(target));
  return {
    evaluate,
    all,
    reads: (target, text) =>
      expect
        .poll(async () => (await all(target)).map((one) => one.text).join('\n'), wordsFor(target))
        .toMatch(text),
  };
}

export function makeEnginePage(tab: Tab): EnginePage {
  const { evaluate, all, reads } = reader(tab.run);
  const key = (...chord: KeyInput[]): Promise<void> => tab.chord(chord);
  const click = async (target: Target, button: 'left' | 'right' = 'left'): Promise<void> => {
    let place: Found['place'] = null;
    const look = async (): Promise<boolean> => {
      const [first] = await all({ ...target, isReachable: true });
      const before = place;
      place = first?.place ?? null;
      // What still moves is not where it is pressed.
      return place !== null && before?.x === place.x && before.y === place.y;
    };
    await expect.poll(look, `${wordsFor(target)} can be pressed`).toBe(true);
    const { x, y } = place ?? { x: 0, y: 0 };
    await tab.press(x, y, button);
  };
  return {
    evaluate,
    all,
    key,
    click,
    open: (url) => tab.open(url),
    reload: () => tab.reload(),
    type: (text) => tab.type(text),
    close: () => tab.close(),
    resize: (width, height) => tab.resize(width, height),
    async fill(target, text) {
      await click(target);
      await key('Control', 'a');
      await tab.type(text);
    },
    reads,
    frame: () => reader(tab.runInFrame),
    count: (target, count) =>
      expect.poll(async () => (await all(target)).length, wordsFor(target)).toBe(count),
    screenshot: async (path) => writeFileSync(path, await tab.picture()),
  };
}

/** Patterns as text, since a script's argument is JSON. */
const plain = ({ name, within, ...rest }: Target): unknown => ({
  ...rest,
  ...(name instanceof RegExp ? { pattern: name.source } : { name }),
  ...(within === undefined ? {} : { within: plain(within) }),
});

const wordsFor = ({ role, name, within }: Target): string =>
  `${role} ${String(name ?? '')}${within === undefined ? '' : ` in ${wordsFor(within)}`}`;
