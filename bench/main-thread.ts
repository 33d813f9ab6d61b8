// From a browser's trace: how long script ran on the page's main thread in each of its frames.

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** µs; `tdur` is what of `dur` the thread itself had: what another process took is not our script's. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
}

/** What runs script, or hands it its data. They nest; time is counted once. */
const scriptNames = new Set([
  'FunctionCall',
  'EvaluateScript',
  'RunMicrotasks',
  'TimerFire',
  'FireAnimationFrame',
  'EventDispatch',
  'HandlePostMessage',
  'v8.callFunction',
]);

/** The main thread of the page: the one that has most animation frames. */
function pageThread(events: readonly TraceEvent[]): string {
  const counts = new Map<string, number>();
  for (const { name, pid, tid } of events)
    if (name === 'FireAnimationFrame') counts.set(`${pid}.${tid}`, (counts.get(`${pid}.${tid}`) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

/** Once in every frame that is drawn. */
const frameName = 'PrePaint';

/** Script ms of each frame, from one frame's painting to the next. */
export function mainThreadScript(trace: Buffer): readonly number[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { readonly traceEvents: readonly TraceEvent[] };
  const thread = pageThread(traceEvents);
  const own = traceEvents
    .filter(({ pid, tid }) => `${pid}.${tid}` === thread)
    .toSorted((a, b) => a.ts - b.ts);
  const starts = own.filter(({ name }) => name === frameName).map(({ ts }) => ts);
  const script: number[] = [];
  let frame = -1;
  let busyUntil = 0;
  for (const { name, ph, ts, dur = 0, tdur = dur } of own) {
    while (frame + 1 < starts.length && (starts[frame + 1] ?? 0) <= ts) {
      frame++;
      script[frame] = 0;
    }
    if (ph !== 'X' || !scriptNames.has(name) || frame < 0) continue;
    const from = Math.max(ts, busyUntil);
    const until = ts + dur;
    if (until <= from) continue;
    script[frame] = (script[frame] ?? 0) + ((until - from) * (dur === 0 ? 1 : tdur / dur)) / 1000;
    busyUntil = until;
  }
  return script;
}
