// Tape actions of clients: a statement or a cancel in a session of a driver, and workloads that start, change and stop.

import type { Time } from '../../base/ids.ts';
import { nextBetween, nextChance } from '../../base/prng.ts';
import { readLevels } from '../../core/client/driver-readers.ts';
import { readersOf } from '../../core/kernel/attachments.ts';
import type { ClientRequest, StatementTree } from '../../core/kernel/client-calls.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { type WorkloadSpec, workloadKindNames } from '../../core/kernel/workload-spec.ts';
import { type Refusal, refusal } from '../../presets/refusals.ts';
import type { Fabric } from '../fabric-state.ts';
import { commandAgent, commandNode } from '../node-commands.ts';
import { checkName, peekToken, takeName, takeWord, type Words } from '../tape-tokens.ts';
import type { NodeCommand } from '../types.ts';
import { printWorkload, readWorkload, readWorkloadChange, workloadFields } from '../workload-words.ts';
import { type Arg, checkVolume, count, oneOf, optional, text, texts } from './args.ts';
import { defineAction } from './define.ts';
import { pick } from './targets.ts';

/** What a session or workload is called when its line does not say. */
const MAIN_NAME = 'main';

const printName = (name: string): string | null => (name === MAIN_NAME ? null : name);

/** A workload's name; left out of the line when it is `main`. */
const nameArg: Arg<string> = {
  read(words, name) {
    const token = peekToken(words);
    if (token === undefined || token.isQuoted || token.text.includes('=')) return MAIN_NAME;
    return takeName(words, name);
  },
  print: printName,
  draw: (prng) => pick(prng, [MAIN_NAME, 'console', 'w-2']),
};

/** `@v2` is the session `main` of volume v2. */
function readSession(words: Words): string {
  const token = peekToken(words);
  if (token === undefined || token.isQuoted) return MAIN_NAME;
  const word = takeWord(words, 'session');
  const [, name = '', volume] = /^([^@]*)(?:@(.*))?$/.exec(word) ?? [];
  const found = name === '' && volume !== undefined ? MAIN_NAME : checkName(name, 'session');
  return volume === undefined ? found : `${found}@${checkVolume(volume)}`;
}

/** A session: a name, and `@volume` behind it when it is not the first volume; left out when it is `main`. */
const session: Arg<string> = {
  read: readSession,
  print: printName,
  draw: (prng) => pick(prng, [MAIN_NAME, 'console', `${MAIN_NAME}@v2`]),
};

/** The session of a person, or `lists/2`: that of a workload's client. Nobody else's statements go there. */
const askingSession: Arg<string> = {
  read(words) {
    const [, workload, client] = /^([^/]*)\/(\d{1,6})$/.exec(peekToken(words)?.text ?? '') ?? [];
    if (workload === undefined || client === undefined) return readSession(words);
    takeWord(words, 'session');
    return `${checkName(workload, 'workload')}/${Number(client)}`;
  },
  print: printName,
  draw: (prng) => pick(prng, [MAIN_NAME, 'console', `${MAIN_NAME}@v2`, `${MAIN_NAME}/3`]),
};

/** Fields of a workload as `<field>=<value>`; in a partial one those that are given. */
const workloadArg = <Spec extends Partial<WorkloadSpec>>(isPartial: boolean): Arg<Spec> => ({
  read(words) {
    return (isPartial ? readWorkloadChange(words) : readWorkload(words)) as Spec;
  },
  print: printWorkload,
  draw(prng) {
    const spec: Record<string, unknown> = {};
    if (!isPartial) spec.kind = pick(prng, workloadKindNames);
    for (const { name, min, max } of workloadFields) {
      if (!isPartial || name === 'clients') spec[name] = nextBetween(prng, min, Math.min(max, min + 50));
    }
    if (!isPartial) spec.load = nextChance(prng, 1, 2);
    return spec as Spec;
  },
});

/** Name of the request of the action at this place: its time and its place among those of that time. The reply carries it. */
export function requestIdAt(tape: readonly { readonly at: Time }[], index: number): string {
  const at = tape[index]?.at;
  let place = 0;
  while (index - place > 0 && tape[index - place - 1]?.at === at) place++;
  return `q${at}.${place}`;
}

/** The request of the action that is being done. */
function request(
  { tape, position }: Fabric,
  content: ClientRequest,
  statements: readonly StatementTree[],
): NodeCommand {
  const requestId = requestIdAt(tape, position - 1);
  return { kind: 'clientRequest', requestId, request: content, statements };
}

/** Always said, because a target follows. */
const saidSession: Arg<string> = { ...session, print: (name) => name };

/** `any`, `rw`, `ro`, or a reader. */
const readTarget: Arg<string> = {
  read: (words, name) => takeName(words, name),
  print: (target) => target,
  draw: (prng) => pick(prng, ['any', 'rw', 'ro']),
};
const visibleLsn = count(0, Number.MAX_SAFE_INTEGER, 0);

function checkTarget(target: string, cluster: ClusterSpec): Refusal | null {
  // PCS-97: of reads over several groups
  if (cluster.placement !== undefined) {
    const nodes = cluster.nodes.flatMap(({ id, roles }) => (roles.includes('compute') ? [id as string] : []));
    if (['any', ...nodes].includes(target)) return null;
    return refusal('gatherTarget', { known: nodes, found: target });
  }
  const readers: readonly string[] = readersOf(cluster);
  if (readers.length === 0) return refusal('noReaders', { preset: cluster.preset });
  if (['any', 'rw', 'ro', ...readers].includes(target)) return null;
  return refusal('readTarget', { known: readers, found: target });
}

export const clientActions = {
  /** The driver sends the text as one request of the session. */
  sql: defineAction({
    target: 'driver',
    args: { session, text: text(), params: texts(true) },
    do(fabric, { node, session, text, params }, { edge }) {
      const content = { kind: 'sql', session, text, params } as const;
      return commandNode(fabric, node, request(fabric, content, edge.parse(text)));
    },
  }),
  /** Where a session's statements go from here on in a cluster with readers, and what its reads wait for (READ-42, READ-46). */
  session: defineAction({
    target: 'driver',
    args: {
      session: saidSession,
      target: readTarget,
      level: oneOf(readLevels, ''),
      waitLsn: optional(visibleLsn),
    },
    check: ({ target }, cluster) => checkTarget(target, cluster),
    do: (fabric, { node, session, target, level, waitLsn }) =>
      commandAgent(fabric, node, { kind: 'session', session, target, level, waitLsn: waitLsn ?? -1 }),
  }),
  /** The driver cancels what the session’s request under way does. */
  cancel: defineAction({
    target: 'driver',
    args: { session: askingSession },
    do: (fabric, { node, session }) =>
      commandNode(fabric, node, request(fabric, { kind: 'cancel', session }, [])),
  }),
  /** The session’s client is gone: what it asked is given up, and what it has open is rolled back. */
  disconnect: defineAction({
    target: 'driver',
    args: { session },
    do: (fabric, { node, session }) => commandAgent(fabric, node, { kind: 'endSession', session }),
  }),
  /** The driver begins a load with clients of its own. */
  workload: defineAction({
    target: 'driver',
    args: { name: nameArg, spec: workloadArg<WorkloadSpec>(false) },
    do(fabric, { node, name, spec }, { edge, textsOf }) {
      const statements = textsOf(spec).flatMap((text) => edge.parse(text));
      return commandAgent(fabric, node, { kind: 'workload', name, spec, statements });
    },
  }),
  /** Changes a load that runs. */
  workloadSet: defineAction({
    target: 'driver',
    args: { name: nameArg, spec: workloadArg<Partial<WorkloadSpec>>(true) },
    do: (fabric, { node, name, spec }) => commandAgent(fabric, node, { kind: 'workloadSet', name, spec }),
  }),
  /** Ends a load. */
  workloadStop: defineAction({
    target: 'driver',
    args: { name: nameArg },
    do: (fabric, { node, name }) => commandAgent(fabric, node, { kind: 'workloadStop', name }),
  }),
};
