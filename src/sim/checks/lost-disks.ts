// Monitors of replicas whose disk lost what was durable (docs/spec/wal.md WAL-71, WAL-75): wiped or put back to an earlier
// state, they take part again as a base image makes them, and an image is of a point that is durable.

import type { NodeId } from '../../base/ids.ts';
import { baseTruth, dropTruth, groupTruth, loseTruth, remakeTruth, trueScl } from './log-truth.ts';
import {
  type Check,
  expectRule,
  forgetReplica,
  type Group,
  type GroupModule,
  type Volume,
  type VolumeModule,
} from './monitor.ts';

export const lostDiskRules = {
  'member.lost-is-learner': {
    ids: ['WAL-71'],
    source: 'D',
    lens: 'wal',
  },
  'member.rollback-found': {
    ids: ['WAL-75'],
    source: 'D',
    lens: 'wal',
  },
  'base.in-bounds': {
    ids: ['WAL-71'],
    source: 'D',
    lens: 'chains',
  },
} as const;

/** By node of the replica. */
interface LostDisks {
  /** Nodes whose replica has installed a token; null: any may have, before what the monitors see. */
  readonly begun: Set<NodeId> | null;
  /** The disk was lost, and no base image has made the replica anew. */
  readonly lost: Set<NodeId>;
  /** The disk was put back to an earlier state: it may turn out that nothing was taken back. */
  readonly rolledBack: Set<NodeId>;
  /** Base of the image that is loaded whole: a power cut may come before its installation is traced. */
  readonly loadedImages: Map<NodeId, number>;
}

interface Opening {
  /** The metadata has said of a writer that the volume is open. */
  isOpened: boolean;
  /** Its groups are made one by one (PCS-39). */
  readonly isMade: boolean;
}

interface ReadFloor {
  highestPgmrpl: number;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof lostDiskRules> {}
  interface VolumeStates {
    readonly readFloor: ReadFloor;
    readonly opening: Opening;
  }
  interface GroupStates {
    readonly lostDisks: LostDisks;
  }
}

const raiseFloor = (_: Check, { readFloor }: Volume, { pgmrpl }: { readonly pgmrpl: number }): void => {
  if (pgmrpl > readFloor.highestPgmrpl) readFloor.highestPgmrpl = pgmrpl;
};

/** The highest PGMRPL of the volume, whoever reported it. */
export const readFloor: VolumeModule<'readFloor'> = {
  scope: 'volume',
  name: 'readFloor',
  rules: {},
  make: ({ origin }) => ({ highestPgmrpl: Math.max(0, origin?.lsn ?? 0) }),
  observe: {
    'mark.known': raiseFloor,
    'store.open': raiseFloor,
    'mark.pgmrpl': (c, volume, { value }) => raiseFloor(c, volume, { pgmrpl: value }),
  },
};

/** PCS-120: until a volume of groups that are made one by one is open, a replica may be made from nothing. */
export const opening: VolumeModule<'opening'> = {
  scope: 'volume',
  name: 'opening',
  rules: {},
  make: ({ isResumed, isMade = false }) => ({ isOpened: isResumed || !isMade, isMade }),
  observe: {
    'meta.writer': (_, { opening: state }, { state: said }) => {
      if (said === 'OPEN') state.isOpened = true;
    },
  },
};

/**
 * Is there anything on the disk that the replica could lose? PCS-120: of a volume whose groups are made one by one, once it is open; of
 * another, once the replica has a token or a record.
 */
function hasPart(
  { lostDisks }: Group,
  { opening: { isOpened, isMade } }: Volume,
  node: NodeId,
  scl: number,
): boolean {
  return isOpened && (isMade || scl >= 0 || (lostDisks.begun?.has(node) ?? true));
}

function onDiskLost(c: Check, group: Group, volume: Volume, mode: 'wiped' | 'rolledBack'): void {
  const { lost, rolledBack } = group.lostDisks;
  const truth = groupTruth(volume.truth, group.id);
  if (!truth) return;
  // An earlier disk may bring back a replica that has deleted itself since, as no member any more (seed 209).
  if (mode === 'rolledBack') rolledBack.add(c.node);
  else rolledBack.delete(c.node);
  if (!truth.replicas.has(c.node)) return;
  const isLost = hasPart(group, volume, c.node, trueScl(truth, c.node));
  if (isLost) loseTruth(truth, c.node);
  else remakeTruth(truth, c.node);
  forgetReplica(c, group, c.node, 'lost');
  if (isLost) lost.add(c.node);
}

function expectNotLost(c: Check, { id, lostDisks }: Group, what: string): void {
  const say = (): string => `${id} ${what} after its disk was lost, without a base image`;
  expectRule(c, 'member.lost-is-learner', !lostDisks.lost.has(c.node), say);
}

export const lostDisks: GroupModule<'lostDisks'> = {
  scope: 'group',
  name: 'lostDisks',
  rules: lostDiskRules,
  make: ({ isResumed, origin }) => ({
    begun: isResumed || origin !== null ? null : new Set(),
    lost: new Set(),
    rolledBack: new Set(),
    loadedImages: new Map(),
  }),
  observe: {
    'node.down': (c, group, { mode }, volume) => {
      if (mode === 'wiped' || mode === 'rolledBack') onDiskLost(c, group, volume, mode);
    },
    'wal.ack': (c, group) => expectNotLost(c, group, 'acknowledges'),
    'token.install': (c, group) => {
      group.lostDisks.begun?.add(c.node);
      expectNotLost(c, group, 'installs a token');
    },
    /**
     * WAL-75: a replica begins to serve. If its disk was put back, nothing that the metadata had heard of it may be missing;
     * it then goes on from what it has, as any replica does.
     */
    'disk.checked': (c, { id, lostDisks: state }, e) => {
      if (!state.rolledBack.has(c.node)) return;
      const isBehind = e.memberEpoch < e.knownEpoch || e.sequence < e.knownSequence || e.scl < e.knownScl;
      expectRule(
        c,
        'member.rollback-found',
        !isBehind,
        () =>
          `${id} begins at memberEpoch ${e.memberEpoch}, superblock ${e.sequence}, SCL ${e.scl}; it had reported ` +
          `${e.knownEpoch}, ${e.knownSequence}, ${e.knownScl}`,
      );
      if (!isBehind) state.lost.delete(c.node);
    },
    /** No false alarm: the disk was put back, or it has lost something that it had made durable. */
    'disk.rolledBack': (c, group, e, volume) => {
      const { node } = c;
      const truth = groupTruth(volume.truth, group.id);
      const isKnown = group.lostDisks.rolledBack.has(node);
      const isTrue =
        volume.truth.isLearning ||
        isKnown ||
        (truth !== undefined && trueScl(truth, node) > e.scl) ||
        (group.members.installed.get(node) ?? 0) > e.memberEpoch;
      const say = (): string => `${group.id} is deleted as rolled back, but its disk has lost nothing`;
      expectRule(c, 'member.rollback-found', isTrue, say);
      if (!isKnown) onDiskLost(c, group, volume, 'rolledBack');
    },
    'member.dropped': (c, group, _, { truth }) => {
      const log = groupTruth(truth, group.id);
      if (log) dropTruth(log, c.node);
      forgetReplica(c, group, c.node, 'replaced');
    },
    'base.chunk': ({ node }, { lostDisks: { loadedImages } }, { base, pages, total }) => {
      if (pages === total) loadedImages.set(node, base);
    },
    'base.installed': (c, group, { base, why }, volume) => {
      const { truth } = volume;
      const { highestPgmrpl } = volume.readFloor;
      const { lost, rolledBack, loadedImages } = group.lostDisks;
      expectRule(
        c,
        'base.in-bounds',
        truth.isLearning || base <= Math.min(truth.vdl, highestPgmrpl),
        () => `${group.id} image at ${base}; VDL ${truth.vdl}, PGMRPL ${highestPgmrpl}`,
      );
      if (why === 'learner') {
        forgetReplica(c, group, c.node, 'replaced');
        lost.delete(c.node);
        rolledBack.delete(c.node);
      }
      loadedImages.delete(c.node);
      const log = groupTruth(truth, group.id);
      if (log) baseTruth(truth, log, c.node, base);
    },
    /** A superblock whose log begins at an image that was loaded whole is what that image made. */
    'store.open': ({ node }, { id, lostDisks: state }, { logFloor }, { truth }) => {
      const group = groupTruth(truth, id);
      if (!group) return;
      if (state.rolledBack.delete(node) && !state.lost.has(node)) baseTruth(truth, group, node, logFloor);
      if (state.loadedImages.get(node) !== logFloor) return;
      state.loadedImages.delete(node);
      state.lost.delete(node);
      baseTruth(truth, group, node, logFloor);
    },
  },
};
