// Why a replica, or a leadership, is moved to another node, in words: the planner's reason (core/placement/plan-reason.ts) or a person's order.
// One table for every part that says it: captions, *Shard placement* and *Shared disk*.

import type { PlannedOpView } from '../../core/pcs/pcs-view.ts';
import type { MessageKey, Translate } from '../i18n/i18n.ts';
import { defineTexts } from '../i18n/texts.ts';

/** `order`: a person's; `lost`: the replica lost its disk. */
type MoveReason = PlannedOpView['why'] | 'order' | 'lost';

const planTexts = defineTexts({
  'plan.why.BALANCE': [
    '{{from}} costs more than {{to}} by more than the tolerance',
    '{{from}} 负载高于 {{to}}，超出容差',
  ],
  'plan.why.ZONE': ['{{to}} is in a zone that the group lacks', '{{to}} 所在的可用区该组还没有'],
  'plan.why.REPAIR': ['{{from}} is held to be down', '{{from}} 被判定宕机'],
  'plan.why.DRAIN': ['{{from}} is drained', '{{from}} 按命令排空'],
  'plan.why.FEW': ['the group has fewer replicas than it is to have', '该组副本数不足'],
  'plan.why.SURPLUS': ['the group has more replicas than it is to have', '该组副本数多余'],
  'plan.why.transfer': [
    '{{from}} leads more than {{to}} by more than the tolerance',
    '{{from}} 的主副本多于 {{to}}，差额超出容差',
  ],
  'plan.why.ISOLATE': [
    '{{from}} leads a hot group that no split would help: its other groups are led elsewhere',
    '{{from}} 主持一个分裂也无助的热组：其余组改由他处主持',
  ],
  'plan.why.order': ['a person’s order', '人工命令'],
  'plan.why.lost': ['{{from}} has lost its disk', '{{from}} 丢失了磁盘'],
  'plan.why.NO_QUORUM': [
    'blocked: too few of its replicas are up to change members',
    '受阻：存活副本不足，无法变更成员',
  ],
  'plan.why.NO_TARGET': ['blocked: no node may take a replica', '受阻：没有节点可接收副本'],
});

type Texts = typeof planTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}

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
