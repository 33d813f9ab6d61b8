// What may be wrong with a cluster (PRE-1, PRE-6, PRE-9), one record a kind: whoever has another language says the same of `kind` with `of`.

/** In English, with what each takes in braces. */
export const clusterFaultTexts = {
  nameTaken: '{name} is the name of a preset or an architecture',
  unknownNode: '{node} is no node of {architecture}',
  tooFew: 'a cluster of {architecture} has at least {least} {kind}: here are {count}',
  tooMany: 'a cluster of {architecture} has at most {most} {kind}: here are {count}',
  needsPriority: '{node} needs a priority: a standby may take its place',
  quorumTooLarge: 'a quorum of {quorum} of {copies} copies cannot be met',
  writesMiss: '2 × {write} ≤ {copies}: two writes of {write} of {copies} copies may miss each other',
  readsMiss: '{write} + {read} ≤ {copies}: a read of {read} copies may miss a write of {write}',
  noNode: '{node} is not a node of this cluster',
  twice: '{node} is said twice',
  noRole: '{node} is no {role}',
  otherLayout: '{what} are of another architecture than {architecture}',
  noGroup: 'a cluster of {architecture} has at least one group of stores',
  noTablets: 'a cluster of {architecture} says how many copies a tablet has',
  noChunks: 'a cluster of {architecture} says how many chunks its device has',
  tooFewCopies: '{copies} copies need {copies} nodes that store: here are {count}',
  tooManyWorkers: 'more than {most} nodes have a worker and a database each: it has to be in memory',
  noZone: 'no node is in zone {zone}',
  unknownParameter: 'unknown parameter {name}; did you mean {nearest}?',
  outOfRange: '{name} = {value}: must be a whole number of {unit} from {min} to {max}',
  belowFloor: 'PRE-6: {name} = {value} µs is below {other} = {least} µs',
  linkBelowFloor: 'PRE-6: base = {value} µs from zone {from} to {to} is below {other} = {least} µs',
  notAboveRoundTrip: 'PRE-6: {name} = {value} ms is not above the round trip of {round} µs',
  electionTooShort: 'PRE-6: {name} = {value} is below 4 · {other} = {least}',
  electionReversed: 'PRE-6: {name} = {value} is below {other} = {least}',
  attemptTooLong: 'PRE-6: {name} = {value} is not below {other} = {most}',
  backoffReversed: 'PRE-6: {name} = {value} is above {other} = {most}',
} as const;

type ClusterFaultKind = keyof typeof clusterFaultTexts;

/** What is wrong, and the line of a cluster that says it or would say it otherwise: `node store-2`, `group g1`, `tablets`, `set lal`. */
export interface ClusterFault {
  readonly field: string;
  readonly kind: ClusterFaultKind;
  readonly of: Readonly<Record<string, string | number>>;
  readonly error: string;
}

export function clusterFault(field: string, kind: ClusterFaultKind, of: ClusterFault['of']): ClusterFault {
  const error = clusterFaultTexts[kind].replace(/\{(\w+)\}/g, (_, name: string) => String(of[name]));
  return { field, kind, of, error };
}
