// Rules of CynosDB that no monitor watches: what captions, legends and *Why?* name beside those that one does.

import '../../../words/cynosdb/rules.en.json';
import type { Rule } from '../../../sim/checks/monitor.ts';

export const explainedRules = {
  'ha.choice': { ids: ['FENCE-18', 'FENCE-20', 'FENCE-19'], source: 'S002', lens: 'recovery' },
  'ha.planned': { ids: ['FENCE-33', 'FENCE-34'], source: 'S002; D', lens: 'recovery' },
  'ro.start': { ids: ['READ-30', 'READ-24'], source: 'S002', lens: 'journal' },
  'node.life': { ids: ['PCS-3', 'PCS-79', 'PCS-100'], source: 'S000; S002', lens: 'journal' },
  'ro.gap-free': { ids: ['READ-7', 'READ-4'], source: 'D', lens: 'journal' },
  'ro.never-waits': { ids: ['READ-9'], source: 'S002; D', lens: 'journal' },
  'hole.found': { ids: ['HOLE-8', 'WAL-2'], source: 'S001', lens: 'wal' },
  'hole.split': { ids: ['HOLE-13', 'HOLE-11'], source: 'S001', lens: 'wal' },
  'hole.ring': { ids: ['HOLE-25', 'HOLE-29', 'HOLE-30'], source: 'S001', lens: 'wal' },
  'hole.fill': { ids: ['HOLE-35', 'HOLE-36'], source: 'S001', lens: 'wal' },
  'hole.timeout': { ids: ['HOLE-37', 'HOLE-60'], source: 'S001', lens: 'wal' },
  'hole.ignored': { ids: ['HOLE-34'], source: 'S001; D', lens: 'wal' },
  'answer.late': { ids: ['FENCE-59'], source: 'D', lens: 'spaceTime' },
  'hole.rebuild': { ids: ['HOLE-53', 'HOLE-52'], source: 'S001', lens: 'wal' },
  'hole.saved': { ids: ['HOLE-51', 'HOLE-52'], source: 'S001', lens: 'wal' },
  'wal.scl': { ids: ['WAL-14'], source: 'A18 §2.3', lens: 'wal' },
  'wal.vcl': { ids: ['WAL-16'], source: 'A18 Fig 3', lens: 'wal' },
  'wal.quorum-lost': { ids: ['WAL-16', 'WAL-19', 'WAL-20', 'WAL-34'], source: 'A17; S002', lens: 'mtr' },
  'wal.failed-write': { ids: ['WAL-28'], source: 'A17 §3.3; D', lens: 'wal' },
  'wal.refusal': { ids: ['WAL-46', 'WAL-47'], source: 'A18 §2.4; S002 Fencing', lens: 'recovery' },
  'wal.conflict': { ids: ['HOLE-16', 'WAL-31'], source: 'S002 日志链; D', lens: 'wal' },
  'page.materialise': { ids: ['WAL-32', 'WAL-33'], source: 'A17 §3.3; S002 异步回放', lens: 'chains' },
  'page.scrub': { ids: ['WAL-39', 'HOLE-55'], source: 'A17 §3.3', lens: 'wal' },
  'gc.floor': { ids: ['WAL-36', 'WAL-25'], source: 'A17; S002 日志回收', lens: 'chains' },
  'member.step': { ids: ['WAL-62', 'WAL-69'], source: 'A18 §4.1', lens: 'wal' },
  'member.dual': { ids: ['WAL-63', 'WAL-65'], source: 'A18 §4.1', lens: 'wal' },
  'member.catchup': { ids: ['WAL-64', 'WAL-70'], source: 'A18 §4; D', lens: 'wal' },
  'member.removed': { ids: ['WAL-66'], source: 'A18 §4.1; D', lens: 'wal' },
  'backup.archiver': { ids: ['WAL-40'], source: 'S002; A17 §3.3', lens: 'chains' },
  'backup.base': { ids: ['WAL-41'], source: 'A17 §3.3; D', lens: 'chains' },
  'backup.object-lost': { ids: ['WAL-41', 'WAL-43'], source: 'D', lens: 'chains' },
  'member.base': { ids: ['WAL-71', 'HOLE-39'], source: 'A18 §4; D', lens: 'chains' },
  'token.grant': { ids: ['FENCE-1', 'FENCE-2'], source: 'S002; D', lens: 'recovery' },
  'token.install': { ids: ['WAL-50', 'FENCE-5'], source: 'S002 Fencing', lens: 'recovery' },
  'recovery.order': { ids: ['WAL-50', 'WAL-52', 'FENCE-32'], source: 'A17 §4.3; S002', lens: 'recovery' },
  'recovery.compute': { ids: ['WAL-52', 'WAL-53', 'WAL-55'], source: 'A17 §4.3', lens: 'wal' },
  'fence.stop': { ids: ['FENCE-14', 'WAL-13'], source: 'S002 HA Fencing', lens: 'recovery' },
  'client.unknown': { ids: ['FENCE-43', 'FENCE-44'], source: 'Raft dissertation §6.3', lens: 'checks' },
  'restore.restorable': { ids: ['WAL-43', 'WAL-44'], source: 'S002; D', lens: 'recovery' },
  'raft.election': {
    ids: ['PCS-9', 'PCS-10', 'PCS-13'],
    source: 'Raft §5.2, §5.4.1; Thesis 9.6',
    lens: 'pcs',
  },
  'raft.check-quorum': { ids: ['PCS-14', 'PCS-31'], source: 'Thesis 6.2', lens: 'pcs' },
  'raft.snapshot': { ids: ['PCS-28', 'PCS-29'], source: 'Raft §7', lens: 'pcs' },
  'pcs.outage': { ids: ['PCS-31'], source: 'S000; D', lens: 'pcs' },
} as const satisfies Readonly<Record<string, Rule>>;

type Rules = typeof explainedRules;
declare module '../../rules/explained.ts' {
  interface ExplainedRules extends Rules {}
}
