// Words for the rules of readers.

import type { RuleSlug } from '../../../sim/checks/monitor.ts';
import type { RuleWords } from '../../rules/rule-words.ts';

export const readerRules: Readonly<Partial<Record<RuleSlug, RuleWords>>> = {
  'ro.mtr-atomic': {
    title: { en: 'Whole MTRs only', zh: '只见完整的 MTR' },
    text: {
      en: 'The visible LSN of a reader moves from CPL to CPL, so an index split is seen whole or not at all.',
      zh: '只读节点的可见 LSN 从一个 CPL 到下一个 CPL，索引分裂要么全见，要么不见。',
    },
    source: 'S002; A17 §4.2.4',
    lens: 'pages',
  },
  'ro.never-ahead': {
    title: { en: 'Never ahead of VDL', zh: '不超前于 VDL' },
    text: {
      en: 'A reader holds records back until VDL covers their MTR: what it shows survives any crash of the writer.',
      zh: '只读节点把记录留到 VDL 覆盖其 MTR 之后：所见之物不会因写节点宕机而消失。',
    },
    source: 'A17 §4.2.4; S002',
    lens: 'pages',
  },
  'ro.same-image': {
    title: { en: 'Same page on every node', zh: '各节点页面相同' },
    text: {
      en: 'A page at a read point is the same on the writer, on every reader and at the stores, however it came to be there.',
      zh: '同一读点上的页，在写节点、各只读节点与存储上完全相同，不论其来路。',
    },
    source: 'S002',
    lens: 'chains',
  },
  'ro.session-monotone': {
    title: { en: 'Sessions never go back', zh: '会话不回退' },
    text: {
      en: 'A session reads at or above everything it has read or committed, on whichever node: the reader waits for its LSN.',
      zh: '会话在任何节点上的读都不低于它已读到和已提交的：只读节点先等到该 LSN。',
    },
    source: 'S002; D',
    lens: 'pages',
  },
  'store.read-window': {
    title: { en: 'Pinned versions stay', zh: '被钉住的版本保留' },
    text: {
      en: 'PGMRPL never passes the least read point of a reader before its session is revoked; below it stores answer STALE_READ_POINT.',
      zh: '会话被撤销之前，PGMRPL 不会越过只读节点的最小读点；更低的读点得到 STALE_READ_POINT。',
    },
    source: 'A17 §4.2.3; S002',
    lens: 'chains',
  },
};
