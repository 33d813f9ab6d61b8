// Pictures of documents, made from the code as Mermaid: the folders of the project by what they may import, one commit's way as a run has
// traced it, and the messages by who receives them.

import type { TracedEvent } from '../sim/types.ts';
import { readRecorded } from './event-digest.ts';
import { runTapeText } from './tape-fixture.ts';

const mermaid = (lines: readonly string[]): string => ['```mermaid', ...lines, '```'].join('\n');

/** What lies below a folder, itself as well where it is in a circle. */
function below(arrows: ReadonlyMap<string, readonly string[]>, from: string): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (name: string): void => {
    for (const next of arrows.get(name) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      look(next);
    }
  };
  look(from);
  return found;
}

/** The arrows that no longer way already says; those of a circle all. */
function withoutDetours(
  arrows: ReadonlyMap<string, readonly string[]>,
): readonly (readonly [string, string])[] {
  const reach = new Map([...arrows.keys()].map((name) => [name, below(arrows, name)]));
  const isDetour = (from: string, to: string): boolean =>
    (arrows.get(from) ?? []).some(
      (next) => next !== to && reach.get(next)?.has(to) === true && reach.get(to)?.has(next) !== true,
    );
  return [...arrows].flatMap(([from, list]) =>
    list.filter((to) => !isDetour(from, to)).map((to) => [from, to] as const),
  );
}

const nameOf = (folder: string): string => folder.replaceAll('-', '_');

/** Folders below those that import them; of several ways from one to another the longest is drawn. */
export function drawLayers(list: Readonly<Record<string, { readonly imports: readonly string[] }>>): string {
  const arrows = new Map(Object.entries(list).map(([name, { imports }]) => [name, imports]));
  return mermaid([
    'flowchart TD',
    ...[...arrows.keys()].map((name) => `  ${nameOf(name)}["${name}"]`),
    ...withoutDetours(arrows).map(([from, to]) => `  ${nameOf(from)} --> ${nameOf(to)}`),
  ]);
}

/** Roles and families of messages; on each arrow how many kinds. */
export function drawMessages(kinds: readonly (readonly [family: string, to: string])[]): string {
  const counts = new Map<string, number>();
  for (const [family, to] of kinds) {
    const arrow = `${family} ${to}`;
    counts.set(arrow, (counts.get(arrow) ?? 0) + 1);
  }
  return mermaid([
    'flowchart LR',
    ...[...counts]
      .sort()
      .map(([arrow, count]) => [arrow.split(' '), count] as const)
      .map(([[family = '', to = ''], count]) => `  f_${family}([${family}]) -->|${count}| r_${to}[${to}]`),
  ]);
}

type EventOf<K extends TracedEvent['event']['kind']> = Extract<TracedEvent['event'], { kind: K }>;

const RUN = 'hook-hole.tape';
/** The boot is over, and no fault has begun. */
const FROM_US = 50_000;
const UNTIL_MS = 59;

/** The first commit after the boot of the first minute: what its records and its client's call went through. */
export async function drawCommit(): Promise<string> {
  const { trace } = await runTapeText(readRecorded(RUN), UNTIL_MS);
  const after = trace.filter(({ at }) => at >= FROM_US);
  const all = <K extends TracedEvent['event']['kind']>(kind: K) =>
    after.flatMap(({ at, node, event }) =>
      event.kind === kind ? [{ at, node, event: event as EventOf<K> }] : [],
    );
  const call = all('op.invoke')[0];
  const append = all('mtr.append').find(({ event }) => event.commit);
  if (call === undefined || append === undefined) throw new Error(`no commit in ${RUN}`);
  const scn = append.event.end - 1;
  const first = all('mtr.append').find(({ event }) => event.tx === append.event.tx)?.event.first ?? scn;
  const group = append.event.groups;
  const ms = (at: number): string => (at / 1000).toFixed(2);
  const sends = all('wal.send').filter(({ event }) => event.first <= scn && scn < event.end);
  const durable = all('wal.durable').filter(
    ({ event }) => event.group === group && event.lsns.includes(append.event.end - 1),
  );
  const heard = new Set<string>();
  const seen = all('wal.ackSeen').filter(
    ({ event }) =>
      event.group === group && event.scl >= scn && !heard.has(event.from) && heard.add(event.from),
  );
  const vdl = all('mark.vdl').find(({ event }) => event.value >= scn);
  const ack = all('commit.ack').find(({ event }) => event.scn === scn);
  const back = all('op.return').find(({ event }) => event.client === call.event.client);
  const stores = [...new Set(sends.map(({ event }) => event.to))].sort();
  const steps: readonly (readonly [at: number, line: string])[] = [
    [call.at, `${nameOf(call.node)}->>${nameOf(append.node)}: ${ms(call.at)} SqlRequest, a transfer`],
    [
      append.at,
      `Note over ${nameOf(append.node)}: ${ms(append.at)} records ${first} to ${scn}, the last is the commit record`,
    ],
    ...sends.map(
      ({ at, node, event }) =>
        [
          at,
          `${nameOf(node)}->>${nameOf(event.to)}: ${ms(at)} WriteBatch ${group} ${event.first} to ${event.end - 1}`,
        ] as const,
    ),
    ...durable.map(
      ({ at, node }) =>
        [at, `${nameOf(node)}->>${nameOf(append.node)}: ${ms(at)} durable, WriteAck`] as const,
    ),
    ...seen
      .filter(({ at }) => vdl === undefined || at <= vdl.at)
      .map(
        ({ at, event }) => [at, `Note over ${nameOf(append.node)}: ${ms(at)} hears ${event.from}`] as const,
      ),
    ...(vdl === undefined
      ? []
      : [[vdl.at, `Note over ${nameOf(vdl.node)}: ${ms(vdl.at)} VDL ${vdl.event.value}`] as const]),
    ...(ack === undefined || back === undefined
      ? []
      : [
          [
            ack.at,
            `${nameOf(ack.node)}->>${nameOf(back.node)}: ${ms(ack.at)} SqlReply, at the driver ${ms(back.at)}`,
          ] as const,
        ]),
  ];
  return mermaid([
    'sequenceDiagram',
    ...[call.node, append.node, ...stores].map((node) => `  participant ${nameOf(node)} as ${node}`),
    ...[...steps].sort(([a], [b]) => a - b).map(([, line]) => `  ${line}`),
  ]);
}
