// WebKit: WebKitGTK's MiniBrowser, by its own WebDriver, on a screen of Xvfb. Its automated windows keep storage in memory.
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { findWebKit } from '../../scripts/engines.mjs';
import { findFreePort } from '../../scripts/preview.mjs';
import type { Engine, Tab } from './engine.ts';
import { endWhole, suspend } from './processes.ts';

const windowSize = { width: 1440, height: 938 } as const;
const NO_LIFE_AFTER_A_KILL =
  'WebKitWebDriver ends the session, and its storage, when a page’s process is gone';
/** Far above what any script of a journey takes. */
const LIMIT_MS = 600_000;

/** WebDriver's names of keys that are no characters. */
const keyCodes: Readonly<Record<string, string>> = {
  Control: '\uE009',
  Shift: '\uE008',
  Alt: '\uE00A',
  Enter: '\uE007',
  Escape: '\uE00C',
  Tab: '\uE004',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
};

/** Starts a program that `close` will end. */
type Start = (program: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

/** Xvfb chooses a display that is free, and says which. */
async function startScreen(start: Start, program: string): Promise<string> {
  const args = ['-displayfd', '3', '-screen', '0', '3000x2000x24', '-nolisten', 'tcp'];
  const answer = start(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] }).stdio[3];
  if (answer === null || answer === undefined) throw new Error('Xvfb has no pipe to answer by');
  const [number] = await once(answer, 'data');
  return `:${String(number).trim()}`;
}

/** Asks the driver; what it answers is as WebDriver has it. */
function makeAsk(address: string) {
  return async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const { value } = await (await fetch(address + path, init)).json();
    if (value?.error !== undefined) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
}

type Ask = ReturnType<typeof makeAsk>;

function makeTab(ask: Ask, handle: string, moveTo: (handle: string) => Promise<void>): Tab {
  const here: Ask = async (method, path, body) => {
    await moveTo(handle);
    return ask(method, path, body);
  };
  const act = async (...actions: readonly unknown[]): Promise<void> => {
    await here('POST', '/actions', { actions });
  };
  const keys = (...actions: readonly { readonly type: 'keyDown' | 'keyUp'; readonly value: string }[]) =>
    act({ type: 'key', id: 'keyboard', actions });
  const codeOf = (key: string): string => keyCodes[key] ?? key;
  const run: Tab['run'] = async (source, argument) => {
    const script = `const done = arguments[0];
      (${source})(${argument}).then((text) => done({ text }), (error) => done({ error: String(error) }));`;
    const { text, error } = await here('POST', '/execute/async', { script, args: [] });
    if (text === undefined) throw new Error(error ?? 'the script answered nothing');
    return text;
  };
  return {
    open: async (url) => void (await here('POST', '/url', { url })),
    reload: async () => void (await here('POST', '/refresh', {})),
    async runInFrame(source, argument) {
      await here('POST', '/frame', { id: 0 });
      try {
        return await run(source, argument);
      } finally {
        await here('POST', '/frame', { id: null });
      }
    },
    run,
    press: (x, y, button) =>
      act({
        type: 'pointer',
        id: 'mouse',
        parameters: { pointerType: 'mouse' },
        actions: [
          { type: 'pointerMove', duration: 0, x, y },
          { type: 'pointerDown', button: button === 'left' ? 0 : 2 },
          { type: 'pointerUp', button: button === 'left' ? 0 : 2 },
        ],
      }),
    chord: (chord) =>
      keys(
        ...chord.map((key) => ({ type: 'keyDown' as const, value: codeOf(key) })),
        ...chord.toReversed().map((key) => ({ type: 'keyUp' as const, value: codeOf(key) })),
      ),
    type: (text) =>
      keys(
        ...[...text].flatMap((value) => [
          { type: 'keyDown' as const, value },
          { type: 'keyUp' as const, value },
        ]),
      ),
    async resize(width, height) {
      await here('POST', '/window/rect', { width, height });
      const script = 'return [innerWidth, innerHeight]';
      const [inner, tall] = await here('POST', '/execute/sync', { script, args: [] });
      // its own edges are not of the page
      await here('POST', '/window/rect', { width: 2 * width - inner, height: 2 * height - tall });
    },
    picture: async () => Buffer.from(String(await here('GET', '/screenshot')), 'base64'),
    close: async () => void (await here('DELETE', '/window')),
  };
}

async function startDriver(start: Start, program: string, display: string): Promise<Ask> {
  const port = await findFreePort();
  const asRoot = process.getuid?.() === 0 ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' } : {};
  const env = { ...process.env, DISPLAY: display, ...asRoot };
  const child = start(program, [`--port=${port}`], { stdio: 'ignore', env });
  const ask = makeAsk(`http://127.0.0.1:${port}`);
  const isReady = (): Promise<boolean> =>
    ask('GET', '/status').then(
      () => true,
      () => false,
    );
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`WebKitWebDriver ended with exit code ${child.exitCode}`);
    await sleep(50);
  }
  return ask;
}

/** A session, and its tabs: commands go to the one that was chosen last. */
async function startSession(driver: Ask, binary: string) {
  const options = { binary, args: ['--automation'] };
  const alwaysMatch = { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options };
  const { sessionId } = await driver('POST', '/session', { capabilities: { alwaysMatch } });
  const ask: Ask = (method, path, body) => driver(method, `/session/${sessionId}${path}`, body);
  await ask('POST', '/timeouts', { script: LIMIT_MS, pageLoad: LIMIT_MS });
  await ask('POST', '/window/rect', windowSize);
  let chosen = String(await ask('GET', '/window'));
  const moveTo = async (handle: string): Promise<void> => {
    if (handle === chosen) return;
    await ask('POST', '/window', { handle });
    chosen = handle;
  };
  return {
    first: makeTab(ask, chosen, moveTo),
    async newTab(): Promise<Tab> {
      // A tab in the same window would be hidden behind the first, where no pointer reaches it.
      const { handle } = await ask('POST', '/window/new', { type: 'window' });
      await moveTo(handle);
      await ask('POST', '/window/rect', windowSize);
      return makeTab(ask, handle, moveTo);
    },
  };
}

async function openWith(
  start: Start,
  close: () => Promise<void>,
  suspendAll: (ms: number) => Promise<void>,
): Promise<Engine> {
  const found = findWebKit();
  if (found === undefined) throw new Error('WebKit is not installed');
  const driver = await startDriver(start, found.driver, await startScreen(start, found.xvfb));
  const session = await startSession(driver, found.browser);
  return {
    tab: () => session.first,
    newTab: session.newTab,
    kill: () => Promise.reject(new Error(NO_LIFE_AFTER_A_KILL)),
    sleep: suspendAll,
    reopen: () => Promise.reject(new Error(NO_LIFE_AFTER_A_KILL)),
    close,
    complaints: () => [],
  };
}

export async function openWebKit(): Promise<Engine> {
  const begun: ChildProcess[] = [];
  const start: Start = (program, args, options) => {
    const child = spawn(program, args, options);
    begun.push(child);
    return child;
  };
  const close = async (): Promise<void> => {
    for (const { pid } of begun.toReversed()) await endWhole(pid);
  };
  try {
    const ids = (): number[] => begun.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    return await openWith(start, close, (ms) => suspend(ids(), ms));
  } catch (error) {
    await close();
    throw error;
  }
}
