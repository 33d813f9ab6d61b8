// What Ctrl Z takes back of the view: one drag at once, however long it took; never what no person did.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { present } from '../../base/assert.ts';
import type { Lab } from '../../lab/api.ts';
import { findPreset } from '../../sim/presets.ts';
import { select, selectionStore } from '../../state/selection-store.ts';
import { layOut, layOutFor } from '../canvas/map-layout.ts';
import { mapStore, moveCard, rearrange } from '../model/map-store.ts';
import { redoLast, undoLast, watchViews } from './undo.ts';

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
  stop = watchViews(lab, mapStore, pointer);
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

describe('undo of the view', () => {
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
    layOutFor(cluster, { width: 1000, height: 500 });
    const lifted = at('store-3');
    expect(lifted).not.toEqual(began);
    drag('store-3', [[10, 20]], 1);
    await undoLast(lab);
    expect(at('store-3')).toEqual(lifted);
    expect(mapStore.getState().isAsLaidOut).toBe(true);
  });

  test('an arrangement is taken back with its frames', async () => {
    const { zones, boxes, width, height } = mapStore.getState();
    rearrange(boxes, [], 10, 10);
    await undoLast(lab);
    expect(mapStore.getState()).toMatchObject({ zones, boxes, width, height });
  });

  test('a selection is taken back whole: what it lit is dim no more', async () => {
    select({ kind: 'node', id: 'store-1' });
    const before = selectionStore.getState();
    select({ kind: 'node', id: 'store-2' }, 'add');
    await undoLast(lab);
    const { subjects, subject, nodes, scope, past } = selectionStore.getState();
    expect({ subjects, subject, nodes, scope, past }).toEqual({
      subjects: before.subjects,
      subject: before.subject,
      nodes: before.nodes,
      scope: before.scope,
      past: before.past,
    });
  });
});
