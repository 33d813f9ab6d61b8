// What Ctrl Z takes back of the view: one drag at once, however long it took; never what no person did.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { present } from '../../base/assert.ts';
import type { Lab, RunState } from '../../lab/api.ts';
import { findPreset } from '../../stacks/presets.ts';
import { runStore } from '../../state/run-store.ts';
import { select } from '../../state/selection-store.ts';
import { settingsStore } from '../../state/settings-store.ts';
import { layOut, layOutFor } from '../canvas/map-layout.ts';
import { mapStore, moveCard, rearrange } from '../model/map-store.ts';
import { redoLast, undoLast, watchDeeds } from './undo.ts';

const { cluster } = present(findPreset('hook-hole') ?? undefined, 'the hook');
const lab = { subscribe: () => () => undefined } as unknown as Lab;
const at = (id: string): readonly number[] => {
  const box = present(mapStore.getState().boxes[id], id);
  return [box.x, box.y];
};

let stop: () => void = () => undefined;
let pointer: EventTarget;
let wall = 0;

beforeEach(() => {
  wall += 10_000;
  vi.spyOn(performance, 'now').mockImplementation(() => wall);
  mapStore.setState({ preset: '' });
  pointer = new EventTarget();
  stop = watchDeeds(lab, mapStore, pointer);
  layOut(cluster);
});
afterEach(() => {
  stop();
  vi.restoreAllMocks();
});

/** Moves a card under one press of the pointer, with this many wall ms between two moves. */
function drag(id: string, ways: readonly (readonly [number, number])[], betweenMs: number): void {
  pointer.dispatchEvent(new Event('pointerdown'));
  for (const [x, y] of ways) {
    wall += betweenMs;
    moveCard(id, x, y);
  }
  pointer.dispatchEvent(new Event('pointerup'));
}

describe('undo', () => {
  test('a drag is one change, however slowly it goes; two drags are two, however fast', async () => {
    const began = at('store-3');
    drag('store-3', [[10, 20], [30, 40], [50, 60]], 2000); // biome-ignore format: one way
    drag('store-3', [[70, 80], [90, 100]], 1); // biome-ignore format: one way
    await undoLast(lab);
    expect(at('store-3')).toEqual([50, 60]);
    await undoLast(lab);
    expect(at('store-3')).toEqual(began);
    await redoLast(lab);
    await redoLast(lab);
    expect(at('store-3')).toEqual([90, 100]);
  });

  test('what the pane arranges by itself is nothing to take back', async () => {
    const began = at('store-3');
    layOutFor(cluster, { width: 1000, height: 500 }, 'expert');
    const lifted = at('store-3');
    expect(lifted).not.toEqual(began);
    drag('store-3', [[10, 20]], 1);
    await undoLast(lab);
    expect(at('store-3')).toEqual(lifted);
    expect(mapStore.getState().isAsLaidOut).toBe(true);
  });

  test('figures of another height are nothing to take back, also of cards that were moved', async () => {
    layOutFor(cluster, { width: 1000, height: 500 }, 'expert');
    drag('store-3', [[10, 20]], 1);
    const { height } = mapStore.getState().boxes['store-3'] ?? {};
    layOutFor(cluster, { width: 1000, height: 500 }, 'plain');
    expect(mapStore.getState().boxes['store-3']?.height).not.toBe(height);
    await undoLast(lab);
    expect(at('store-3')).not.toEqual([10, 20]);
  });

  test('an arrangement is taken back with its frames', async () => {
    const { zones, boxes, width, height } = mapStore.getState();
    rearrange(boxes, [], 10, 10);
    await undoLast(lab);
    expect(mapStore.getState()).toMatchObject({ zones, boxes, width, height });
  });

  test('what is looked at is nothing to take back: the action before it is', async () => {
    const undo = vi.fn(async () => ({ ok: true as const, line: '1.000 crash rw-1' }));
    let hear: Parameters<Lab['subscribe']>[0] | undefined;
    const live = {
      subscribe: (listener: typeof hear) => {
        hear = listener;
        return () => undefined;
      },
      undo,
    } as unknown as Lab;
    stop();
    stop = watchDeeds(live, mapStore, pointer);
    const run = { undo: '1.000 crash rw-1', runId: 'r', mode: 'LIVE' } as unknown as RunState;
    hear?.onRun?.({ ...run, undo: null });
    hear?.onRun?.(run);
    runStore.setState({ run });
    select({ kind: 'node', id: 'store-1' });
    settingsStore.setState({ lens: 'pages' });
    await undoLast(live);
    expect(undo).toHaveBeenCalledOnce();
    expect(settingsStore.getState().lens).toBe('pages');
    runStore.setState({ run: null });
  });
});
