// What the stores take from a lab, in which order.

import { expect, test } from 'vitest';
import { present } from '../base/assert.ts';
import type { LabListener, RunState } from '../lab/api.ts';
import { makeLabCore } from '../lab/lab-core.ts';
import type { WorldFrame } from '../run-model/picture/frame.ts';
import { recordKeyframe } from '../run-model/picture/keyframe.ts';
import { known } from '../stacks/known.ts';
import { toyEdge } from '../stacks/toy/testing/toy-world.ts';
import { connectStores } from './connect.ts';
import { frameStore } from './frame-store.ts';
import { runStore } from './run-store.ts';

const recorded = recordKeyframe(known, 'toy', 1, toyEdge);
if ('error' in recorded) throw new Error(recorded.error);
const { frame } = recorded;
const first = present(frame.nodes[0], 'a node').id;
const picture = (status: 'up' | 'down'): WorldFrame => ({
  ...frame,
  nodes: frame.nodes.map((node) => (node.id === first ? { ...node, status } : node)),
});
const shownStatus = (): unknown => frameStore.getState().nodes[first]?.status;

const { state } = makeLabCore({
  lab: 'test',
  storage: 'memory',
  fallback: { preset: 'toy', seed: 1 },
  replay: null,
  failpoint: null,
  keyframe: null,
});

test('E19 a word of another run comes with its picture, however soon that is after the last', () => {
  let current: RunState = { ...state(), runId: 'before', mode: 'PAUSED' };
  const listeners: LabListener[] = [];
  const subscribe = (listener: LabListener) => {
    listeners.push(listener);
    return () => undefined;
  };
  connectStores({ run: () => current, subscribe }, null);
  const [lab] = listeners;
  lab?.onFrame?.(picture('down'));
  const said: unknown[] = [];
  runStore.subscribe(({ run }) => said.push([run?.runId, shownStatus()]));
  // Components get at most 30 pictures a second: this one waits for its turn, but not longer than for a word of its run.
  lab?.onFrame?.(picture('up'));
  expect(shownStatus()).toBe('down');
  current = { ...current, runId: 'after', mode: 'LIVE' };
  lab?.onRun?.(current);
  expect(said).toEqual([['after', 'up']]);
});
