// Why a replica, or a leadership, is moved to another node, in words: the planner's reason (core/placement/plan-reason.ts) or a person's order.
// One table for every part that says it: captions, *Shard placement* and *Shared disk*.

import '../../words/model-plan.en.json';
import type { PlannedOpView } from '../../core/pcs/pcs-view.ts';
import type { MessageKey, Translate } from '../i18n/i18n.ts';

/** `order`: a person's; `lost`: the replica lost its disk. */
type MoveReason = PlannedOpView['why'] | 'order' | 'lost';

/** Of the name of a reason that has no words: an event may come from a newer engine. */
const UNKNOWN_LETTERS = 12;

const keys = {
  BALANCE: 'plan.why.BALANCE',
  ZONE: 'plan.why.ZONE',
  REPAIR: 'plan.why.REPAIR',
  DRAIN: 'plan.why.DRAIN',
  FEW: 'plan.why.FEW',
  SURPLUS: 'plan.why.SURPLUS',
  transfer: 'plan.why.transfer',
  ISOLATE: 'plan.why.ISOLATE',
  order: 'plan.why.order',
  lost: 'plan.why.lost',
  NO_QUORUM: 'plan.why.NO_QUORUM',
  NO_TARGET: 'plan.why.NO_TARGET',
} as const satisfies Readonly<Record<MoveReason, MessageKey>>;

const isReason = (why: string): why is MoveReason => why in keys;

/** `from`, `to`: empty where the operator takes nothing away or adds nothing. A reason without words is said by its name, cut where it is long. */
export const whyText = (why: string, from: string, to: string, t: Translate): string =>
  isReason(why) ? t(keys[why], { from, to }) : why.slice(0, UNKNOWN_LETTERS);
