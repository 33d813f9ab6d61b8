// What a committed entry does to the shard map (docs/spec/pcs.md §5, applyMeta; PCS-32, PCS-33): pure, so that every metadata
// node computes the same map. A refused, repeated or needless operation changes nothing and raises no version.

import { present, unreachable } from '../../base/assert.ts';
import { applySetLeader, enterJointStep, learnerStep, leaveJointStep } from './apply-members.ts';
import { createGroup, createShard, rollShard, sealShard, splitGroup } from './apply-shards.ts';
import { type MapOperation, type MapResult, type Outcome, type RequestId, refuse } from './map-operation.ts';
import { makeShardMap, type ShardGroup, type ShardMap } from './shard-map.ts';

/** Of one client; its older requests are not known any more (PCS-32). */
const MAX_ANSWERED = 4096;

export interface MapContent extends ShardMap {
  /** First successful answers, by client and number. */
  readonly answered: Map<string, Map<number, MapResult>>;
}

export const makeMapContent = (): MapContent => ({ ...makeShardMap(), answered: new Map() });

/** Applies one entry in place. `isOpen`: whether the state machine of volumes has this one OPEN (WAL-69). */
export function applyMap(
  map: MapContent,
  operation: MapOperation,
  isOpen: (volume: string) => boolean,
): MapResult {
  const { reqId } = operation;
  const first = reqId && map.answered.get(reqId.client)?.get(reqId.number);
  if (first) return first;
  const outcome = decide(map, operation, isOpen);
  const result: MapResult = {
    error: outcome.kind === 'refused' ? outcome.error : null,
    existing: outcome.kind === 'existing',
    mapVersion: map.mapVersion,
    ...outcome.detail,
  };
  if (reqId && result.error === null) remember(map, reqId, result);
  return result;
}

function remember(map: MapContent, { client, number }: RequestId, result: MapResult): void {
  let answers = map.answered.get(client);
  if (!answers) {
    answers = new Map();
    map.answered.set(client, answers);
  }
  answers.set(number, result);
  if (answers.size <= MAX_ANSWERED) return;
  answers.delete(present(answers.keys().next().value, 'the oldest answer'));
}

function decide(map: MapContent, operation: MapOperation, isOpen: (volume: string) => boolean): Outcome {
  if (operation.kind === 'createGroup') return createGroup(map, operation);
  const group = map.groups.get(operation.group);
  if (!group) return refuse('NO_GROUP');
  return checkSeen(group, operation) ?? checkOpen(group, operation, isOpen) ?? apply(map, group, operation);
}

type OfGroup = Exclude<MapOperation, { kind: 'createGroup' }>;

/** What the proposer saw must be what is (PCS-34); setLeader has a rule of its own for terms. */
function checkSeen(group: ShardGroup, operation: OfGroup): Outcome | null {
  const { kind, term, memberEpoch, geoEpoch } = operation;
  if (kind !== 'setLeader' && term !== undefined && term < group.term)
    return refuse('STALE_TERM', { term: group.term });
  if (memberEpoch !== undefined && memberEpoch !== group.memberEpoch)
    return refuse('WRONG_EPOCH', { memberEpoch: group.memberEpoch });
  if (geoEpoch !== undefined && geoEpoch !== group.geoEpoch)
    return refuse('WRONG_EPOCH', { geoEpoch: group.geoEpoch });
  return null;
}

const needsOpen = new Set<MapOperation['kind']>(['addLearner', 'enterJoint', 'leaveJoint', 'splitGroup']);

/** Sets and ranges must not change under a recovery; a rollback may (WAL-69). */
const checkOpen = (
  { volume }: ShardGroup,
  { kind }: OfGroup,
  isOpen: (volume: string) => boolean,
): Outcome | null => (needsOpen.has(kind) && !isOpen(volume) ? refuse('CHANGE_IN_PROGRESS') : null);

function apply(map: MapContent, group: ShardGroup, operation: OfGroup): Outcome {
  switch (operation.kind) {
    case 'createShard':
      return createShard(map, group, operation);
    case 'rollShard':
      return rollShard(map, group, operation);
    case 'sealShard':
      return sealShard(map, group, operation);
    case 'splitGroup':
      return splitGroup(map, group, operation);
    case 'setLeader':
      return applySetLeader(map, group, operation);
    case 'addLearner':
    case 'removeLearner':
      return learnerStep(map, group, operation);
    case 'enterJoint':
      return enterJointStep(map, group, operation);
    case 'leaveJoint':
    case 'abortJoint':
      return leaveJointStep(map, group, operation);
    default:
      return unreachable(operation);
  }
}
