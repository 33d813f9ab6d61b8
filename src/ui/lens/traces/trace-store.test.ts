import { expect, test } from 'vitest';
import type { Lab, RunMode, RunState } from '../../../lab/api.ts';
import type { TraceQuery } from '../../../run-model/spans/span.ts';
import { frameStore } from '../../../state/frame-store.ts';
import { runStore } from '../../../state/run-store.ts';
import { loadTrace } from './trace-store.ts';

const answered = { target: { kind: 'request', request: 'd1-7' }, at: 900 } as const;

test('the trace of an answer that came before the picture of its instant is found; in the past it is as known then', async () => {
  const asked: TraceQuery[] = [];
  const lab = {
    trace: async (query: TraceQuery) => {
      asked.push(query);
      return null;
    },
  } as unknown as Lab;
  const before = [frameStore.getState(), runStore.getState()] as const;
  const look = async (mode: RunMode): Promise<number> => {
    runStore.setState({
      run: { runId: 'a', shown: 'main', mode, isReplay: false, branches: [] } as unknown as RunState,
    });
    await loadTrace(lab, answered);
    return asked.at(-1)?.until ?? -1;
  };
  // The picture is of an instant before the statement was asked.
  frameStore.setState({ frame: { time: 800 } } as never);
  expect(await look('PAUSED')).toBeGreaterThan(answered.at);
  expect(await look('LIVE')).toBeGreaterThan(answered.at);
  expect(await look('REVIEW')).toBe(800);
  frameStore.setState(before[0], true);
  runStore.setState(before[1], true);
});
