// Monitors of pages (docs/spec/wal.md WAL-10, WAL-34, WAL-35): what leaves the writer's buffer is durable, what a replica
// serves is as of the read point and the same at every replica.

import type { NodeId } from '../../base/ids.ts';
import { findNewest, makeNewest, type Newest, recordNewest } from '../../base/newest.ts';
import { pageWords } from '../../core/page/page-key.ts';
import { expectRule, type VolumeModule } from './monitor.ts';

export const pageRules = {
  'buffer.evict-below-vdl': { ids: ['WAL-10'], source: 'A17 §4.2.3; D', lens: 'pages' },
  'page.same-bytes': {
    ids: ['WAL-35'],
    source: 'A17 §3; D',
    lens: 'chains',
  },
  'page.read-point': { ids: ['WAL-34', 'WAL-35'], source: 'S002 多版本读; A17', lens: 'chains' },
} as const;

/** Digests kept; the oldest are forgotten. */
const MAX_SERVED = 4096;
const MAX_VERSIONS = 8192;

/** Digests of pages that replicas served. */
interface Pages {
  /** By `<pageKey>/<read point>/<term>`. */
  readonly served: Newest<string, { readonly digest: number; readonly node: NodeId }>;
  /** By `<pageKey>/<pageLsn>`: what a volume restored from this one must serve. */
  readonly versions: Newest<string, number>;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof pageRules> {}
  interface VolumeStates {
    readonly pages: Pages;
  }
}

export const pages: VolumeModule<'pages'> = {
  scope: 'volume',
  name: 'pages',
  rules: pageRules,
  make: () => ({ served: makeNewest(MAX_SERVED), versions: makeNewest(MAX_VERSIONS) }),
  observe: {
    'page.evict': (c, { truth }, { dirty, pageLsn }) => {
      const say = (): string => `page at LSN ${pageLsn} left the buffer while VDL is ${truth.vdl}`;
      expectRule(c, 'buffer.evict-below-vdl', !dirty || pageLsn <= truth.vdl, say);
    },
    'page.served': (c, { truth, pages: { served } }, e) => {
      if (e.error !== '') return;
      expectRule(
        c,
        'page.read-point',
        e.pageLsn <= e.readPoint,
        () => `${pageWords(e.blockKey)} at ${e.pageLsn} for read point ${e.readPoint}`,
      );
      const key = `${e.blockKey}/${Math.min(e.readPoint, e.groupReadPoint)}/${truth.term}`;
      const known = findNewest(served, key);
      if (known === undefined) {
        recordNewest(served, key, { digest: e.digest, node: c.node });
        return;
      }
      expectRule(
        c,
        'page.same-bytes',
        known.digest === e.digest,
        () => `${pageWords(e.blockKey)} at read point ${e.readPoint} differs from ${known.node}'s`,
      );
    },
  },
};
