// Monitors of the writer's watermarks (docs/spec/wal.md §4): PGCL, VCL and VDL claim no more than write quorums hold and no
// less than the writer knows, never fall, and commits are acknowledged at VDL and survive every recovery.

import type { NodeId } from '../../base/ids.ts';
import { countBefore } from '../../base/sorted.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import { groupTruth, isCpl } from './log-truth.ts';
import { type Check, expectRule, type Volume, type VolumeModule } from './monitor.ts';
import { isOvertaken } from './overtaken.ts';

export const watermarkRules = {
  'wal.pgcl-true': { ids: ['WAL-15'], source: 'A18 §2.3', lens: 'wal' },
  'wal.quorum-overlap': {
    ids: ['WAL-15', 'WAL-16'],
    source: 'A17 §4.1; A18 §2.3',
    lens: 'wal',
  },
  'wal.vcl-exact': { ids: ['WAL-16'], source: 'A18 Fig 3', lens: 'wal' },
  'wal.own-term-counts': {
    ids: ['WAL-15'],
    source: 'A18; Raft §5.4.2',
    lens: 'wal',
  },
  'wal.vdl-is-cpl': { ids: ['WAL-17'], source: 'S002; A17 §4.1', lens: 'mtr' },
  'wal.marks-monotone': {
    ids: ['WAL-18'],
    source: 'A17 §4.1; D',
    lens: 'wal',
  },
  'wal.acked-at-vdl': {
    ids: ['WAL-19', 'WAL-5'],
    source: 'A17 §4.2.2; A18 §2.3; S002',
    lens: 'mtr',
  },
  'wal.acked-survives': {
    ids: ['WAL-20', 'WAL-55'],
    source: 'A17 §4.3; S002',
    lens: 'wal',
  },
} as const;

/** Highest value claimed, by term, then by the writer's node. */
type Claims = Map<number, Map<NodeId, number>>;

interface Watermarks {
  readonly vcl: Claims;
  readonly vdl: Claims;
  /** By group. */
  readonly pgcl: Map<string, Claims>;
  /** The term in which each node writes: a writer that was deposed counts what was acknowledged to it (vector F10). */
  readonly terms: Map<NodeId, number>;
  highestVdl: number;
  highestAckedScn: number;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof watermarkRules> {}
  interface VolumeStates {
    readonly watermarks: Watermarks;
  }
}

const claimed = (claims: Claims | undefined, term: number, node: NodeId): number =>
  claims?.get(term)?.get(node) ?? -1;

interface Claim {
  readonly kind: string;
  readonly term: number;
  readonly value: number;
}

function expectMonotone(c: Check, claims: Claims, group: string, { kind, term, value }: Claim): void {
  const { node } = c;
  let ofTerm = claims.get(term);
  if (ofTerm === undefined) {
    ofTerm = new Map();
    claims.set(term, ofTerm);
  }
  const before = ofTerm.get(node) ?? -1;
  expectRule(
    c,
    'wal.marks-monotone',
    value >= before,
    () => `${kind} ${group} went from ${before} to ${value} in term ${term}`,
  );
  ofTerm.set(node, Math.max(before, value));
}

/** WAL-16: no lower than the records and PGCLs that the writer itself has traced allow; an idle group holds nothing back. */
function expectExact(c: Check, volume: Volume, e: TraceOf<'mark.vcl'>): void {
  const { truth, recoveries, watermarks } = volume;
  if (truth.isLearning || e.term !== truth.term) return;
  const start = e.term === 1 ? 0 : (recoveries.computed.get(e.term)?.vdlPrime ?? 0);
  let expected = truth.tail;
  for (const group of truth.groups) {
    const pgcl = Math.max(start, claimed(watermarks.pgcl.get(group.id), e.term, c.node));
    if (pgcl < group.base) return; // what lies between is forgotten
    const next = group.lsns[countBefore(group.lsns, (lsn) => lsn <= pgcl)];
    if (next !== undefined) expected = Math.min(expected, next - 1);
  }
  const say = (): string => `VCL ${e.value}; the PGCLs reported allow ${expected}`;
  expectRule(c, 'wal.vcl-exact', e.value >= expected, say);
}

function onPgcl(c: Check, { truth, watermarks }: Volume, e: TraceOf<'mark.pgcl'>): void {
  let claims = watermarks.pgcl.get(e.group);
  if (claims === undefined) {
    claims = new Map();
    watermarks.pgcl.set(e.group, claims);
  }
  expectMonotone(c, claims, e.group, e);
  const group = groupTruth(truth, e.group);
  if (group === undefined || e.term !== truth.term) return;
  expectRule(
    c,
    'wal.pgcl-true',
    e.value <= group.pgcl,
    () => `PGCL ${e.value} of ${e.group}; its quorum holds ${group.pgcl}`,
  );
}

function onVdl(c: Check, { truth, watermarks }: Volume, e: TraceOf<'mark.vdl'>): void {
  const { highestVdl } = watermarks;
  expectMonotone(c, watermarks.vdl, '', e);
  expectRule(
    c,
    'wal.marks-monotone',
    e.term < truth.term || e.value >= highestVdl,
    () => `VDL ${e.value} after VDL ${highestVdl}`,
  );
  expectRule(
    c,
    'wal.quorum-overlap',
    e.value <= truth.vcl,
    () => `VDL ${e.value} is above the quorum's ${truth.vcl}`,
  );
  expectRule(
    c,
    'wal.vdl-is-cpl',
    e.term !== truth.term || isCpl(truth, e.value),
    () => `VDL ${e.value} is inside an MTR`,
  );
  watermarks.highestVdl = Math.max(highestVdl, e.value);
}

export const watermarks: VolumeModule<'watermarks'> = {
  scope: 'volume',
  name: 'watermarks',
  rules: watermarkRules,
  make: ({ origin }) => ({
    vcl: new Map(),
    vdl: new Map(),
    pgcl: new Map(),
    terms: new Map(),
    highestVdl: origin?.lsn ?? 0,
    highestAckedScn: -1,
  }),
  observe: {
    'mark.pgcl': onPgcl,
    'mark.vcl': (c, volume, e) => {
      const { truth, watermarks: state } = volume;
      expectExact(c, volume, e);
      expectMonotone(c, state.vcl, '', e);
      const say = (): string => `VCL ${e.value} is above the quorum's ${truth.vcl}`;
      expectRule(c, 'wal.quorum-overlap', e.value <= truth.vcl, say);
    },
    'mark.vdl': onVdl,
    'wal.ackSeen': (c, { truth, watermarks: { terms } }, { from, token, counted }) => {
      const own = Math.min(truth.term, terms.get(c.node) ?? truth.term);
      const say = (): string => `an ack of ${from} under token ${token} is counted in term ${own}`;
      expectRule(c, 'wal.own-term-counts', !counted || token >= own, say);
    },
    'mtr.append': ({ node }, { watermarks: { terms } }, { term }) => {
      terms.set(node, term);
    },
    'commit.ack': (c, { truth, watermarks: state }, { scn, vdl }) => {
      expectRule(
        c,
        'wal.acked-at-vdl',
        scn <= truth.vdl && scn <= vdl,
        () => `SCN ${scn} acknowledged at VDL ${vdl}; the quorum's is ${truth.vdl}`,
      );
      state.highestAckedScn = Math.max(state.highestAckedScn, scn);
    },
    'recovery.computed': (c, volume, { token, vdlPrime }) => {
      if (isOvertaken(volume, token)) return;
      const { highestAckedScn, highestVdl } = volume.watermarks;
      const kept = Math.max(highestAckedScn, highestVdl);
      expectRule(
        c,
        'wal.acked-survives',
        vdlPrime >= kept,
        () => `recovery ${token} keeps ${vdlPrime}; ${kept} was acknowledged or reported durable`,
      );
    },
  },
};
