// A lesson that is opened while the page shows something else waits for the way back, and says for what.

import { expect, test } from 'vitest';
import type { Lab, RunState } from '../../lab/api.ts';
import { whenReady } from './when-ready.ts';

function fakeLab() {
  let hear: ((run: RunState) => void) | undefined;
  const lab: Pick<Lab, 'subscribe'> = {
    subscribe: ({ onRun }) => {
      hear = onRun;
      return () => {
        hear = undefined;
      };
    },
  };
  return {
    lab,
    show: (mode: RunState['mode']) => hear?.({ mode } as RunState),
    isHeard: () => hear !== undefined,
  };
}

test('E25 in a replay it says so, and goes on when the lab is live again', async () => {
  const { lab, show, isHeard } = fakeLab();
  const said: string[] = [];
  const ready = whenReady(
    lab,
    () => true,
    (mode) => said.push(mode),
  );
  for (const mode of ['BOOTING', 'REPLAY', 'REPLAY', 'TWIN'] as const) show(mode);
  expect(said).toEqual(['REPLAY', 'TWIN']);
  show('PAUSED');
  expect(await ready).toBe(true);
  expect(isHeard()).toBe(false);
});

test('a lesson that was closed meanwhile is not begun', async () => {
  const { lab, show } = fakeLab();
  let isOpen = true;
  const ready = whenReady(
    lab,
    () => isOpen,
    () => undefined,
  );
  show('REPLAY');
  isOpen = false;
  show('LIVE');
  expect(await ready).toBe(false);
});
