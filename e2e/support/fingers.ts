// Fingers on the screen, by the browser's own input: it makes pointer events, taps, long presses and scrolling of them.
import type { Locator, Page } from '@playwright/test';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Fingers {
  /** Puts as many fingers down as there are points, or moves those that are down. */
  down(...at: readonly Point[]): Promise<void>;
  move(...to: readonly Point[]): Promise<void>;
  up(): Promise<void>;
  /** From one place to another, in steps that a drag is known by. */
  drag(from: readonly Point[], to: readonly Point[]): Promise<void>;
}

const steps = 8;

export async function makeFingers(page: Page): Promise<Fingers> {
  const session = await page.context().newCDPSession(page);
  const send = async (type: 'touchStart' | 'touchMove' | 'touchEnd', at: readonly Point[]): Promise<void> => {
    await session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: at.map(({ x, y }, id) => ({ x, y, id })),
    });
  };
  const fingers: Fingers = {
    down: (...at) => send('touchStart', at),
    move: (...to) => send('touchMove', to),
    up: () => send('touchEnd', []),
    async drag(from, to) {
      await fingers.down(...from);
      for (let step = 1; step <= steps; step++)
        await fingers.move(
          ...from.map((start, i) => {
            const end = to[i] ?? start;
            return {
              x: start.x + ((end.x - start.x) * step) / steps,
              y: start.y + ((end.y - start.y) * step) / steps,
            };
          }),
        );
      await fingers.up();
    },
  };
  return fingers;
}

export async function middleOf(locator: Locator): Promise<Point> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('it is not on the screen');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
