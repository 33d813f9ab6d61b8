// Monitors of fencing (docs/spec/failover.md): tokens are granted once and ascending, a replica's token and its installed
// history survive any crash, and a replica takes nothing under a lower token.

import type { NodeId } from '../../base/ids.ts';
import { attachedNodes, haGroupOf } from '../../core/kernel/attachments.ts';
import {
  type Check,
  expectRule,
  type Group,
  type GroupModule,
  type VolumeFacts,
  type VolumeModule,
} from './monitor.ts';
import { isOvertaken } from './overtaken.ts';

export const fencingRules = {
  'fence.stale-refused': {
    ids: ['WAL-46', 'FENCE-5'],
    source: 'S002 Fencing',
    lens: 'recovery',
  },
  'fence.epoch-monotone': {
    ids: ['WAL-48', 'HOLE-58'],
    source: 'D',
    lens: 'recovery',
  },
  'fence.token-monotone': {
    ids: ['FENCE-4', 'WAL-48'],
    source: 'S002',
    lens: 'recovery',
  },
  'fence.token-unique': {
    ids: ['FENCE-1', 'FENCE-2'],
    source: 'S002; D',
    lens: 'recovery',
  },
  'fence.token-chosen': {
    ids: ['FENCE-2', 'FENCE-18'],
    source: 'S002',
    lens: 'pcs',
  },
  'fence.stale-write-inert': {
    ids: ['FENCE-5', 'FENCE-14', 'FENCE-26'],
    source: 'S002',
    lens: 'recovery',
  },
  'fence.cut-off-replaced': {
    ids: ['FENCE-57'],
    source: 'D',
    lens: 'recovery',
  },
  'fence.handoff-whole': {
    ids: ['FENCE-33'],
    source: 'S002; D',
    lens: 'recovery',
  },
} as const;

/** By node of the replica. */
interface Fencing {
  /** Highest token installed. */
  readonly tokens: Map<NodeId, number>;
  /** Token installed when the disk was lost: it counts in the R1 that it answered (WAL-71). */
  readonly lostTokens: Map<NodeId, number>;
  /** Term of the history that the replica works under. */
  readonly epochs: Map<NodeId, number>;
  /** Term of the last history that it has installed, kept when the disk is lost: it counts in the R5 that it answered. */
  readonly histories: Map<NodeId, number>;
}

interface Grants {
  highest: number;
  /** By token: who it was granted to, or who began to work under it where the grant was not traced. */
  readonly holders: Map<number, string>;
  /** Who may write the volume; nobody: it is not known. */
  chosen: readonly string[];
  /** VDL′ by the token of the recovery that computed it: of the last few. */
  kept: { readonly token: number; readonly vdlPrime: number }[];
  /** How often in a row the metadata found that the holder of this token is cut off and a standby is not. */
  cutOff: { token: number; times: number };
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof fencingRules> {}
  interface VolumeStates {
    readonly grants: Grants;
  }
  interface GroupStates {
    readonly fencing: Fencing;
  }
}

/** The token that counts in a read quorum. */
export const installedToken = ({ fencing }: Group, node: NodeId): number =>
  Math.max(fencing.tokens.get(node) ?? 0, fencing.lostTokens.get(node) ?? 0);

function expectHolder(c: Check, { holders }: Grants, token: number, node: string): void {
  const holder = holders.get(token) ?? node;
  holders.set(token, holder);
  expectRule(c, 'fence.token-unique', holder === node, () => `${node} and ${holder} have token ${token}`);
}

/** Recoveries whose results late acknowledgements are held against. */
const MOST_KEPT = 32;

function expectInert(c: Check, scn: number, { token, vdlPrime }: Grants['kept'][number]): void {
  const say = (): string => `SCN ${scn} is acknowledged under an earlier token; ${token} kept ${vdlPrime}`;
  expectRule(c, 'fence.stale-write-inert', scn <= vdlPrime, say);
}

/** Heartbeats' times, one after the other: many times what a grant takes to be committed, with an election of the metadata's leader in between. */
const MOST_CUT_OFF = 40;

/** The HA group, or every node with an attachment. Whom an HA group has taken in before the run was resumed is not known. */
function mayWrite(cluster: VolumeFacts['cluster'], isResumed: boolean): NodeId[] {
  const members = haGroupOf(cluster).map(({ node }) => node);
  if (members.length === 0) return attachedNodes(cluster);
  return isResumed ? [] : members;
}

export const tokenGrants: VolumeModule<'grants'> = {
  scope: 'volume',
  name: 'grants',
  rules: {},
  make: ({ origin, cluster, isResumed }) => ({
    highest: origin?.token ?? 0,
    holders: new Map(),
    kept: [],
    cutOff: { token: 0, times: 0 },
    chosen: origin === null ? mayWrite(cluster, isResumed) : [origin.writer],
  }),
  observe: {
    'token.grant': (c, { grants }, { token, holder }) => {
      const { highest, chosen } = grants;
      if (chosen.length > 0)
        expectRule(
          c,
          'fence.token-chosen',
          chosen.some((id) => id === holder),
          () => `${holder} got token ${token}`,
        );
      expectRule(c, 'fence.token-unique', token > highest, () => `token ${token} after ${highest}`);
      grants.highest = Math.max(highest, token);
      expectHolder(c, grants, token, holder);
    },
    'recovery.step': (c, { grants }, { step, token }) => {
      if (step === 'R1') expectHolder(c, grants, token, c.node);
    },
    'recovery.computed': (c, volume, { token, vdlPrime }) => {
      if (isOvertaken(volume, token)) return;
      const { grants, watermarks } = volume;
      expectInert(c, watermarks.highestAckedScn, { token, vdlPrime });
      grants.kept = [...grants.kept, { token, vdlPrime }].slice(-MOST_KEPT);
    },
    'commit.ack': (c, { grants, watermarks }, { scn, term }) => {
      const own = watermarks.terms.get(c.node) ?? term;
      for (const one of grants.kept) if (one.token > own) expectInert(c, scn, one);
    },
    'ha.cutOff': (c, { grants }, { token, writer, standby, silentUs }) => {
      const times = grants.cutOff.token === token ? grants.cutOff.times + 1 : 1;
      grants.cutOff = { token, times };
      const say = (): string =>
        `for ${silentUs / 1000} ms no write quorum has answered ${writer}, and one answers ${standby}; token ${token} still stands`;
      expectRule(c, 'fence.cut-off-replaced', times <= MOST_CUT_OFF, say);
    },
    'ha.applied': (_, { grants }, { node }) => {
      if (grants.chosen.length > 0 && !grants.chosen.includes(node)) grants.chosen = [...grants.chosen, node];
    },
    'attachment.freeze': (c, { truth }, { state, token, vdl }) => {
      if (state !== 'handoff' || truth.isLearning || token !== truth.term) return;
      const say = (): string => `hands over at VDL ${vdl}; it has allocated up to ${truth.tail}`;
      expectRule(c, 'fence.handoff-whole', vdl >= truth.tail, say);
    },
  },
};

export const fencing: GroupModule<'fencing'> = {
  scope: 'group',
  name: 'fencing',
  rules: fencingRules,
  make: () => ({ tokens: new Map(), lostTokens: new Map(), epochs: new Map(), histories: new Map() }),
  forget: (group, node, why) => {
    const { tokens, lostTokens, epochs } = group.fencing;
    const token = installedToken(group, node);
    tokens.delete(node);
    epochs.delete(node);
    if (why === 'lost') lostTokens.set(node, token);
    else lostTokens.delete(node);
  },
  observe: {
    'wal.receive': (c, { id, fencing: { tokens } }, { token }) => {
      const installed = tokens.get(c.node) ?? 0;
      const say = (): string => `${id} takes a batch of token ${token} after installing ${installed}`;
      expectRule(c, 'fence.stale-refused', token >= installed, say);
    },
    'wal.ack': (c, { id, fencing: { tokens } }, { token }) => {
      const installed = tokens.get(c.node) ?? 0;
      const say = (): string => `${id} acknowledges under token ${token} after installing ${installed}`;
      expectRule(c, 'fence.token-monotone', token >= installed, say);
    },
    'token.install': (c, { id, fencing: { tokens } }, { token }) => {
      const before = tokens.get(c.node) ?? 0;
      const say = (): string => `${id} installs token ${token} after ${before}`;
      expectRule(c, 'fence.token-monotone', token >= before, say);
      tokens.set(c.node, Math.max(before, token));
    },
    // A sync that failed may have kept what it was to write: what the disk holds at open counts, an epoch above the known
    // one is no fault.
    'store.open': (c, { id, fencing: { tokens, epochs, histories } }, { maxToken, volumeEpoch }) => {
      const known = epochs.get(c.node) ?? 0;
      expectRule(
        c,
        'fence.epoch-monotone',
        volumeEpoch >= known,
        () => `${id} opens under history ${volumeEpoch} after installing ${known}`,
      );
      const installed = tokens.get(c.node) ?? 0;
      expectRule(
        c,
        'fence.token-monotone',
        maxToken >= installed,
        () => `${id} opens with token ${maxToken} after installing ${installed}`,
      );
      tokens.set(c.node, Math.max(installed, maxToken));
      // what was written of an installation survived the crash that came before it was said
      histories.set(c.node, Math.max(histories.get(c.node) ?? 0, volumeEpoch));
    },
    'recovery.history': ({ node }, { fencing: { epochs, histories } }, { token }) => {
      epochs.set(node, Math.max(epochs.get(node) ?? 0, token));
      histories.set(node, token);
    },
  },
};
