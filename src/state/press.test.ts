// From when to when the parts of the screen keep their picture for a press or a key.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isPressed, watchPresses } from './press.ts';

class FakeElement extends EventTarget {
  readonly #isControl: boolean;
  constructor(isControl: boolean) {
    super();
    this.#isControl = isControl;
  }
  closest(): this | null {
    return this.#isControl ? this : null;
  }
}

const handlers = new Map<string, ((event: object) => void)[]>();
const page = {
  addEventListener: (kind: string, handle: (event: object) => void) =>
    handlers.set(kind, [...(handlers.get(kind) ?? []), handle]),
} as unknown as Window;
const send = (kind: string, event: object = {}): void => {
  for (const handle of handlers.get(kind) ?? []) handle(event);
};

/** Callbacks that wait for the next frame. */
let frames: (() => void)[] = [];
function drawFrame(): void {
  for (const draw of frames.splice(0)) draw();
  vi.runAllTimers();
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('Element', FakeElement);
  vi.stubGlobal('document', { visibilityState: 'visible' });
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => frames.push(draw));
  frames = [];
  handlers.clear();
  watchPresses(page);
});
afterEach(() => {
  drawFrame();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const control = new FakeElement(true);

test('a press on a control holds from its begin until the frame after its end', () => {
  send('pointerdown', { target: control });
  drawFrame();
  expect(isPressed()).toBe(true);
  send('pointerup');
  vi.runAllTimers();
  expect(isPressed()).toBe(true);
  drawFrame();
  expect(isPressed()).toBe(false);
  send('pointerdown', { target: new FakeElement(false) });
  expect(isPressed()).toBe(false);
});

test('a key holds until the next frame; one that repeats does not', () => {
  send('keydown', { repeat: true });
  expect(isPressed()).toBe(false);
  send('keydown', { repeat: false });
  vi.runAllTimers();
  expect(isPressed()).toBe(true);
  drawFrame();
  expect(isPressed()).toBe(false);
});

test('what a press before it, or a key beside it, waited for ends no press that goes on', () => {
  send('pointerdown', { target: control });
  send('pointerup');
  vi.runAllTimers();
  send('pointerdown', { target: control });
  drawFrame();
  expect(isPressed()).toBe(true);
  send('keydown', { repeat: false });
  vi.runAllTimers();
  drawFrame();
  expect(isPressed()).toBe(true);
  send('pointerup');
  vi.runAllTimers();
  drawFrame();
  expect(isPressed()).toBe(false);
});
