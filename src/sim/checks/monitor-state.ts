// What the monitors remember of a trace, and how a rule is put to the test: the first violation of each rule is kept, and
// how often each rule was tested is counted.

import type { NodeId, Time } from '../../base/ids.ts';
import { makeNewest, type Newest } from '../../base/newest.ts';
import type { ClusterSpec } from '../../core/kernel/door.ts';
import { type ArchiveWatch, makeArchiveWatch } from './archive-watch.ts';
import { type LogTruth, makeLogTruth } from './log-truth.ts';
import { makeRecordSums, type RecordSums } from './record-sums.ts';
import { makeReplicaWatch, type ReplicaWatch } from './replica-watch.ts';
import { makeRestoreWatch, type RestoreWatch } from './restore-watch.ts';
import { type RuleSlug, ruleSlugs } from './rules.ts';

export interface Violation {
  readonly rule: RuleSlug;
  readonly at: Time;
  readonly node: NodeId | null;
  readonly message: string;
}

export interface LiveRequest {
  readonly first: number;
  readonly last: number;
}

export interface Monitors {
  readonly truth: LogTruth;
  readonly lal: number;
  readonly violations: Violation[];
  readonly exercised: Record<RuleSlug, number>;
  /** Highest value claimed so far, by `<node>/<mark>/<group>/<term>`. */
  readonly marks: Map<string, number>;
  highestVdl: number;
  highestAckedScn: number;
  lastToken: number;
  readonly computed: Map<number, { readonly vdlPrime: number; readonly startLsn: number }>;
  /** Highest token each replica has installed, by `<node>/<group>`. */
  readonly tokens: Map<string, number>;
  /** Token that a replica had installed when its disk was lost: it counts in the R1 that heard of it (WAL-71). */
  readonly lostTokens: Map<string, number>;
  /** History each replica works under, by `<node>/<group>`. */
  readonly epochs: Map<string, number>;
  /** Live gap requests by `<node>/<group>`, then by counter. */
  readonly requests: Map<string, Map<number, LiveRequest>>;
  /** Highest SCL each replica has acknowledged and not been told to truncate, by `<node>/<group>`. */
  readonly acked: Map<string, number>;
  /** Members by group as the metadata committed them last. */
  readonly members: Map<string, { readonly memberEpoch: number; readonly sets: string }>;
  /** memberEpoch that each replica has installed, by `<node>/<group>`. */
  readonly memberEpochs: Map<string, number>;
  /** Replicas whose disk was lost and that no base image has made anew, by `<node>/<group>`. */
  readonly lost: Set<string>;
  /** Those of them whose disk was put back to an earlier state: it may turn out that nothing was taken back. */
  readonly rolledBack: Set<string>;
  /** Base of the image that is loaded whole, by `<node>/<group>`: a power cut may come before it is told as installed. */
  readonly loadedImages: Map<string, number>;
  highestPgmrpl: number;
  readonly watch: ReplicaWatch;
  readonly archive: ArchiveWatch;
  readonly restores: RestoreWatch;
  readonly sums: RecordSums;
  /** Digest of pages served, by `<blockKey>/<read point>/<term>`; the oldest are forgotten. */
  readonly pages: Newest<string, { readonly digest: number; readonly node: NodeId }>;
}

const MAX_VIOLATIONS = 100;
/** Digests of served pages kept. */
const MAX_PAGES = 4096;

/** `isResumed`: the run began before what the monitors see (a lab reopened from its disks). */
export function makeMonitors(cluster: ClusterSpec, lal: number, isResumed = false): Monitors {
  const exercised = Object.fromEntries(ruleSlugs.map((slug) => [slug, 0])) as Record<RuleSlug, number>;
  return {
    truth: makeLogTruth(cluster, isResumed),
    lal,
    violations: [],
    exercised,
    marks: new Map(),
    highestVdl: 0,
    highestAckedScn: -1,
    lastToken: 0,
    computed: new Map(),
    tokens: new Map(),
    lostTokens: new Map(),
    epochs: new Map(),
    requests: new Map(),
    acked: new Map(),
    // a lab that was reopened may have changed its members before
    members: new Map(
      isResumed
        ? []
        : cluster.groups.map(({ id, replicas }) => [id, { memberEpoch: 1, sets: replicas.join(',') }]),
    ),
    memberEpochs: new Map(),
    lost: new Set(),
    rolledBack: new Set(),
    loadedImages: new Map(),
    highestPgmrpl: 0,
    watch: makeReplicaWatch(),
    archive: makeArchiveWatch(cluster, isResumed),
    restores: makeRestoreWatch(),
    sums: makeRecordSums(),
    pages: makeNewest(MAX_PAGES),
  };
}

/** Notes that a rule was put to the test, and its violation when `holds` is false. */
export function expectRule(
  m: Monitors,
  rule: RuleSlug,
  holds: boolean,
  at: Time,
  node: NodeId | null,
  say: () => string,
): void {
  m.exercised[rule]++;
  if (
    holds ||
    m.violations.length >= MAX_VIOLATIONS ||
    m.violations.some((violation) => violation.rule === rule)
  )
    return;
  m.violations.push({ rule, at, node, message: say() });
}
