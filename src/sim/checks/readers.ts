// Monitors of readers (docs/spec/readers.md): what a reader shows is whole MTRs at or below VDL, its pages are those that
// the stores serve, a session never goes back, and no page goes away that a session which counts may still read.

import type { NodeId } from '../../base/ids.ts';
import { findNewest, makeNewest, type Newest, recordNewest } from '../../base/newest.ts';
import { pageWords } from '../../core/page/page-key.ts';
import { isCpl } from './log-truth.ts';
import { type Check, expectRule, type Volume, type VolumeModule } from './monitor.ts';

export const readerRules = {
  'ro.mtr-atomic': {
    ids: ['READ-12', 'READ-20'],
    source: 'S002; A17 §4.2.4',
    lens: 'pages',
  },
  'ro.never-ahead': {
    ids: ['READ-10', 'READ-20', 'READ-43', 'LI-4', 'LI-6'],
    source: 'A17 §4.2.4; S002',
    lens: 'pages',
  },
  'ro.same-image': {
    ids: ['READ-23', 'READ-14', 'READ-15'],
    source: 'S002',
    lens: 'chains',
  },
  'ro.session-monotone': {
    ids: ['READ-40', 'READ-41', 'READ-43'],
    source: 'S002; D',
    lens: 'pages',
  },
  'store.read-window': {
    ids: ['READ-24', 'READ-28', 'WAL-25', 'WAL-26', 'FENCE-41'],
    source: 'A17 §4.2.3; S002',
    lens: 'chains',
  },
} as const;

const MAX_IMAGES = 8192;
const MAX_PAGES = 4096;
const MOST_LSNS = 64;
const MAX_SESSIONS = 4096;

interface Readers {
  /** Least read point that each reader may still need, by what it has reported. */
  readonly pins: Map<string, number>;
  /** The writer that each reader's session is with: one that is overtaken answers for its own sessions only. */
  readonly owners: Map<string, NodeId>;
  /** The pin that each reader's session began with: a view below it is of an earlier session, which pins nothing (READ-28). */
  readonly begun: Map<string, number>;
  /** Who was granted the greatest token, where the metadata appoints the writer: only its sessions pin anything. */
  appointed: { node: NodeId; token: number } | null;
  /** LSNs of versions seen of each page, the newest MOST_LSNS, ascending. */
  readonly versions: Newest<number, number[]>;
  /** Digests by `<pageKey>/<pageLsn>`. */
  readonly images: Newest<string, { readonly digest: number; readonly node: NodeId }>;
  /** By `<driver>/<session>`. */
  readonly seen: Newest<string, number>;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof readerRules> {}
  interface VolumeStates {
    readonly readers: Readers;
  }
}

function expectVisible(c: Check, { truth }: Volume, lsn: number, what: string): void {
  expectRule(c, 'ro.never-ahead', lsn <= truth.vdl, () => `${what} ${lsn} while VDL is ${truth.vdl}`);
  expectRule(c, 'ro.mtr-atomic', isCpl(truth, lsn), () => `${what} ${lsn} is inside an MTR`);
}

/** A page was seen so: nobody may see it otherwise at that LSN. */
function expectImage(
  c: Check,
  { readers: { images, versions } }: Volume,
  { blockKey, pageLsn, digest }: { blockKey: number; pageLsn: number; digest: number },
): void {
  const lsns = findNewest(versions, blockKey) ?? [];
  if (!lsns.includes(pageLsn)) {
    const kept = [...lsns, pageLsn].sort((a, b) => a - b).slice(-MOST_LSNS);
    recordNewest(versions, blockKey, kept);
  }
  const key = `${blockKey}/${pageLsn}`;
  const known = findNewest(images, key);
  if (known === undefined) {
    recordNewest(images, key, { digest, node: c.node });
    return;
  }
  if (known.node === c.node) return;
  const say = (): string => `${pageWords(blockKey)} at LSN ${pageLsn} differs from ${known.node}'s`;
  expectRule(c, 'ro.same-image', known.digest === digest, say);
}

/** A version at or below the read point that somebody has seen is not newer than what is read. */
function expectNewest(
  c: Check,
  { readers: { versions } }: Volume,
  { blockKey, readPoint, pageLsn }: { blockKey: number; readPoint: number; pageLsn: number },
): void {
  let newest = -1;
  for (const lsn of findNewest(versions, blockKey) ?? []) if (lsn <= readPoint) newest = lsn;
  const say = (): string =>
    `${pageWords(blockKey)} read at ${readPoint} is of LSN ${pageLsn}; it has a version at ${newest}`;
  expectRule(c, 'ro.same-image', newest <= pageLsn, say);
}

export const readers: VolumeModule<'readers'> = {
  scope: 'volume',
  name: 'readers',
  rules: readerRules,
  make: () => ({
    pins: new Map(),
    owners: new Map(),
    begun: new Map(),
    appointed: null,
    versions: makeNewest(MAX_PAGES),
    images: makeNewest(MAX_IMAGES),
    seen: makeNewest(MAX_SESSIONS),
  }),
  observe: {
    'ro.accepted': ({ node }, { readers: { pins, owners, begun, appointed } }, { reader, pin }) => {
      if (appointed !== null && appointed.node !== node && owners.get(reader) !== node) return;
      if (appointed?.node === reader) return; // a join from before it was appointed, accepted by whom it has overtaken
      pins.set(reader, pin);
      owners.set(reader, node);
      begun.set(reader, pin);
    },
    'ro.revoked': ({ node }, { readers: { pins, owners, appointed } }, { reader }) => {
      const isAppointed = appointed === null || appointed.node === node;
      if (isAppointed || owners.get(reader) === node) pins.delete(reader);
      // joins that wait at the writer before, which has not heard that it is overtaken, begin no session any more
      if (isAppointed) owners.delete(reader);
    },
    'attachment.mode': ({ node }, { readers: state }, { mode, token }) => {
      if (mode !== 'rw' || token < (state.appointed?.token ?? 0)) return;
      state.appointed = { node, token };
      state.pins.delete(node); // its views ended with its part as a reader
    },
    'ro.mrpl': ({ node }, { readers: { pins } }, { mrpl }) => {
      if (pins.has(node)) pins.set(node, Math.max(mrpl, pins.get(node) ?? -1));
    },
    'mark.pgmrpl': (c, { readers: { pins, owners, appointed } }, { value }) => {
      const isAppointed = appointed === null || appointed.node === c.node;
      for (const [reader, pin] of pins)
        if (isAppointed || owners.get(reader) === c.node)
          expectRule(c, 'store.read-window', value <= pin, () => `PGMRPL ${value} above ${pin} of ${reader}`);
    },
    'ro.applied': (c, volume, { applyLsn }) => expectVisible(c, volume, applyLsn, 'the visible LSN is'),
    'ro.pageRead': (c, volume, e) => {
      expectVisible(c, volume, e.readPoint, 'a read point is');
      const say = (): string => `${pageWords(e.blockKey)} at ${e.pageLsn} for read point ${e.readPoint}`;
      expectRule(c, 'ro.mtr-atomic', e.pageLsn <= e.readPoint, say);
      expectNewest(c, volume, e);
      expectImage(c, volume, e);
      const pin = volume.readers.pins.get(c.node) ?? -1;
      const isEarlier = e.readPoint < (volume.readers.begun.get(c.node) ?? -1);
      expectRule(
        c,
        'store.read-window',
        e.readPoint >= pin || isEarlier,
        () => `a read at ${e.readPoint} on ${c.node}, which has reported MRPL ${pin}`,
      );
    },
    'page.served': (c, volume, e) => {
      if (e.error === '' && volume.readers.pins.size > 0) expectImage(c, volume, e);
    },
    'session.read': (c, { readers: { seen } }, { session, from, readPoint, scn, level }) => {
      const key = `${c.node}/${session}`;
      const before = findNewest(seen, key) ?? -1;
      const isHeld = level === 'session' && readPoint >= 0;
      const say = (): string =>
        `session ${session} read at ${readPoint} on ${from} after it had seen ${before}`;
      if (isHeld) expectRule(c, 'ro.session-monotone', readPoint >= before, say);
      recordNewest(seen, key, Math.max(before, readPoint, scn));
    },
  },
};
