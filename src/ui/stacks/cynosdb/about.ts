// What is modelled of CynosDB and what is not: true for what exists in this version; a part that is built later changes its words on
// the same day.

import '../../../words/cynosdb/model.en.json';
import { disagreementsOf, modelRowsOf } from '../../rules/model-row.ts';

export const modelRows = modelRowsOf([
  {
    id: 'quorum',
    ids: ['WAL-14', 'WAL-15', 'WAL-16', 'WAL-17', 'WAL-19', 'WAL-20'],
    areas: ['wal', 'commit'],
    source: 'S002; A17; A18',
  },
  {
    id: 'holes',
    ids: ['HOLE-4', 'HOLE-13', 'HOLE-19', 'HOLE-24', 'HOLE-25', 'HOLE-53'],
    areas: ['hole'],
    source: 'S001',
  },
  {
    id: 'recovery',
    ids: ['WAL-50', 'WAL-51', 'WAL-52', 'WAL-53', 'WAL-58', 'HOLE-43'],
    areas: ['recovery', 'cluster', 'ha', 'wal.truncated'],
    source: 'A17 §4.3; S001; S002',
  },
  {
    id: 'fencing',
    ids: ['FENCE-1', 'FENCE-4', 'FENCE-5', 'FENCE-14', 'WAL-46', 'WAL-48'],
    areas: ['fence', 'token', 'answer', 'wal.refusal'],
    source: 'S002 HA Fencing; A18 §2.4',
  },
  {
    id: 'pages',
    ids: ['WAL-32', 'WAL-34', 'WAL-35', 'WAL-36', 'WAL-39'],
    areas: ['page', 'read', 'gc', 'buffer', 'scrub'],
    source: 'S002; A17 §3',
  },
  {
    id: 'archive',
    ids: ['WAL-40', 'WAL-41', 'WAL-42', 'WAL-43', 'WAL-44', 'WAL-45'],
    areas: ['archive', 'backup', 'restore'],
    source: 'S002; A17 §3.3; D',
  },
  {
    id: 'members',
    ids: ['WAL-62', 'WAL-63', 'WAL-64', 'WAL-66', 'WAL-71'],
    areas: ['member', 'base', 'group'],
    source: 'S000; A18 §4',
  },
  {
    id: 'metadata',
    ids: ['PCS-5', 'PCS-7', 'PCS-102', 'PCS-103', 'PCS-104'],
    areas: ['raft', 'pcs'],
    source: 'S000; Raft dissertation',
  },
  {
    id: 'configuration',
    ids: ['PCS-90', 'PCS-91', 'PCS-92', 'PCS-99'],
    areas: ['config', 'agent'],
    source: 'S000',
  },
  {
    id: 'readers',
    ids: ['READ-4', 'READ-10', 'READ-20', 'READ-26', 'READ-30', 'READ-41'],
    areas: ['ro', 'store.read-window', 'node.life'],
    source: 'S002',
  },
  { id: 'sql', ids: ['WAL-5', 'WAL-9', 'WAL-22', 'WAL-60'], areas: ['tx', 'lock'], source: 'S002; S000' },
]);

export const disagreements = disagreementsOf(['WAL-5', 'WAL-16', 'WAL-53', 'HOLE-28']);
