// Which keyframe an undo goes back to.

import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import { makeRecorder } from '../run-model/recorder/recorder.ts';
import { makeFabric } from '../sim/fabric-state.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { known } from '../stacks/known.ts';
import { toyRun } from '../stacks/toy/testing/toy-world.ts';
import { makeLiveKeyframes } from './live-keyframes.ts';

const heal = (at: number): TapeAction => ({ kind: 'healAll', at: at as Time });

test('E19 an undo goes back to a keyframe only if nothing else was done since it was taken', async () => {
  const spec = toyRun(1, []);
  const fabric = makeFabric(spec);
  const recorder = makeRecorder(known, spec.cluster, spec.params.lal);
  const keyframes = makeLiveKeyframes(() => undefined);
  const take = () => keyframes.take({ fabric, recorder, ports: new Map(), images: new Map() });
  const [first, second] = [heal(10), heal(20)];
  expect(keyframes.before([], 10)).toBeNull();
  await take();
  fabric.tape.push(first);
  fabric.position = 1;
  fabric.now = 15 as Time;
  expect(keyframes.before([], 10)?.time).toBe(0);
  // The second was done without a keyframe of its own: from the older one the first would still have to be done.
  fabric.tape.push(second);
  fabric.position = 2;
  fabric.now = 25 as Time;
  expect(keyframes.before([first], 20)).toBeNull();
  await take();
  expect(keyframes.before([first, second], 30)?.time).toBe(25);
  expect(keyframes.before([second, first], 30)).toBeNull();
  // What lies after the time is not before it.
  expect(keyframes.before([first, second], 24)).toBeNull();
});
