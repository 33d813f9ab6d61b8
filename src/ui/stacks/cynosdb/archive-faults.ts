// What a person does to the backup (WAL-40…42, F31): another archiver, an object that rots, one that is lost, the object
// store's disk replaced. That it is away or slow are faults of any node and link.

import { ArchiveRestore, FileWarning, FileX, HardDriveDownload } from 'lucide-react';
import { hasBackup } from '../../../state/role-views.ts';
import {
  act,
  type FaultContext,
  type FaultEntry,
  hasRole,
  isUp,
  subjectNode,
  unless,
  whileDown,
} from '../../faults/entry.ts';

const isObjectStore = (context: FaultContext): boolean => hasRole(context, 'objectStore');
const isBackedUp = ({ frame }: FaultContext): boolean => hasBackup(frame.cluster);
const OBJECTS = 'object/';
/** How long a replaced disk keeps its node away. */
const REPLACE_US = 5_000;

export const archiveFaults: readonly FaultEntry[] = [
  {
    id: 'nameArchiver',
    target: 'node',
    section: 'replica',
    label: 'fault.nameArchiver',
    icon: ArchiveRestore,
    does: 'operation.nameArchiver',
    shown: (context) => hasRole(context, 'store') && isBackedUp(context),
    ...unless(whileDown),
    effect: (context) => act({ kind: 'nameArchiver', node: subjectNode(context), group: null }),
  },
  {
    id: 'rotObject',
    target: 'node',
    section: 'disk',
    label: 'fault.rotObject',
    icon: FileWarning,
    shown: isObjectStore,
    enabled: isUp,
    effect: (context) => act({ kind: 'bitRot', node: subjectNode(context), prefix: OBJECTS, pick: null }),
  },
  {
    id: 'loseObject',
    target: 'node',
    section: 'disk',
    label: 'fault.loseObject',
    icon: FileX,
    shown: isObjectStore,
    enabled: isUp,
    effect: (context) => act({ kind: 'diskLoseWrite', node: subjectNode(context), prefix: OBJECTS }),
  },
  {
    id: 'wipeObjects',
    target: 'node',
    section: 'disk',
    label: 'fault.wipeDisk',
    icon: HardDriveDownload,
    shown: isObjectStore,
    enabled: isUp,
    effect: (context) => act({ kind: 'wipeDisk', node: subjectNode(context), forUs: REPLACE_US }),
  },
];
