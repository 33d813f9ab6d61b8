// A claim of a run that is followed from here on: *Run until …* and what a served cluster is to do once. It asks what events say and no
// node, so that it is so at the same event live, in a replay and headless:
//
//   violation | milestone | hole.open at store-3 | VDL(v1) >= 1000 and SCL(store-3, g2) >= 120 | commits > 50 or time >= 120

import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Volume } from '../../sim/checks/monitor.ts';
import type { Known } from '../../sim/known.ts';
import type { Predicate } from './fact.ts';
import { attempt, BadFact, type Read } from './fault.ts';
import { parsePredicate } from './parse.ts';
import { followedNumbers, type Vocabulary } from './terms.ts';

const CONDITION_LIMIT = 200;

type Tables = Pick<Known, 'gauges' | 'presets' | 'trace'>;
/** A volume of the run, the cluster's own or a restored one. */
type KnownVolume = Pick<Volume, 'id' | 'groups' | 'isGone'>;

/** `volumes`: those that the run has now (`Monitors.volumes`). */
function vocabularyOf(
  { gauges, presets, trace }: Tables,
  cluster: ClusterSpec,
  volumes: readonly KnownVolume[],
): Vocabulary {
  const stack = presets.stackOf(cluster);
  const there = volumes.filter(({ isGone }) => !isGone);
  const ids = (of: readonly { readonly id: string }[]): readonly string[] => of.map(({ id }) => id);
  return {
    kinds: trace.traceKinds,
    fieldsOf: trace.traceFields,
    gauges: new Map([...gauges.compared].filter(([, { stacks }]) => stacks.includes(stack))),
    mutants: [],
    columns: [],
    names: {
      node: ids(cluster.nodes),
      group: [...new Set([...ids(cluster.groups), ...there.flatMap(({ groups }) => [...groups.keys()])])],
      volume: [...new Set([cluster.volume, ...ids(there)])],
    },
    isFollowed: true,
  };
}

export const readCondition = (
  tables: Tables,
  text: string,
  cluster: ClusterSpec,
  volumes: readonly KnownVolume[],
): Read<Predicate> =>
  attempt(() => {
    if (text.length > CONDITION_LIMIT)
      throw new BadFact(text, CONDITION_LIMIT, { code: 'tooLong', limit: `${CONDITION_LIMIT}` });
    return parsePredicate(vocabularyOf(tables, cluster, volumes), text);
  });

/** What a condition may begin with in this cluster, for who writes one: each number with the first thing that has it, then events. */
export function conditionStarts(tables: Tables, cluster: ClusterSpec): readonly string[] {
  const v = vocabularyOf(tables, cluster, []);
  const [node, group] = [cluster.groups[0]?.replicas[0] ?? cluster.nodes[0]?.id, cluster.groups[0]?.id];
  const places = {
    cluster: '',
    volume: '',
    group: `(${group})`,
    node: `(${node})`,
    replica: `(${node}, ${group})`,
  };
  const numbers = followedNumbers(v).map(
    (word) => `${word}${places[v.gauges.get(word)?.scope ?? 'cluster']} >= `,
  );
  return [...numbers, 'violation', 'milestone', ...v.kinds];
}
