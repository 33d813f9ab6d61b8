// Words of claims, in both languages: each sentence names its one subject.

import { addTexts, type Chinese } from '../i18n/texts.ts';

const en = {
  'story.mark.pgcl.ruleOff': '{{group}}: PGCL moves to LSN {{value}}.',
  'story.mark.vcl.ruleOff': 'VCL moves to LSN {{value}}.',
  'story.mark.vdl.ruleOff': 'VDL moves to {{value}}.',
  'story.mark.vdlMany.ruleOff': 'VDL moves from {{first}} to {{value}}.',
  'story.mark.pgmrpl.ruleOff': 'PGMRPL moves to LSN {{value}}.',
  'story.mark.scl.ruleOff': '{{node}}: SCL of {{group}} moves to LSN {{value}}.',
  'story.commit.ack.ruleOff': 'LSN {{scn}}: commit acknowledged.',
  'story.commit.many.ruleOff': '{{count}} commits acknowledged, the last at LSN {{scn}}.',
  'story.commit.cut.ruleOff': '{{nodes}} is cut off. LSN {{scn}}: commit acknowledged.',
  'story.commit.down.ruleOff': '{{nodes}} is down. LSN {{scn}}: commit acknowledged.',
  'story.commit.healed.ruleOff': 'LSN {{scn}}: the commit that waited is acknowledged.',
  'story.token.grant.ruleOff': '{{holder}} gets token {{token}}.',
  'story.token.install.ruleOff': '{{node}} wrote token {{token}} for {{group}} to its disk.',
  'story.token.many.ruleOff': '{{count}} replicas wrote token {{token}} to disk.',
  'story.recovery.doneAcked.ruleOff': 'The volume is open with token {{token}}.',
  'story.mark.pgcl': '{{group}}: every record up to LSN {{value}} is on a write quorum (PGCL).',
  'story.mark.vcl':
    'The volume is complete up to LSN {{value}}: nothing below is missing at its quorum (VCL).',
  'story.mark.vdl': 'VDL moves to {{value}}: what lies at or below it survives.',
  'story.mark.vdlMany': 'VDL moves from {{first}} to {{value}}: what lies at or below it survives.',
  'story.mark.pgmrpl': 'Nobody reads below LSN {{value}} any more: older page versions may go.',
  'story.mark.scl': '{{node}} has every record of {{group}} up to LSN {{value}} on its disk (SCL).',
  'story.commit.ack': 'LSN {{scn}} is durable on {{vw}} of {{n}}: commit acknowledged.',
  'story.commit.many':
    '{{count}} commits acknowledged, the last at LSN {{scn}}: durable on {{vw}} of {{n}} each.',
  'story.commit.cut':
    '{{nodes}} is cut off, yet LSN {{scn}} is durable on {{vw}} of {{n}}: commit acknowledged. The slowest is not awaited.',
  'story.commit.down':
    '{{nodes}} is down, yet LSN {{scn}} is durable on {{vw}} of {{n}}: commit acknowledged. The slowest is not awaited.',
  'story.commit.healed':
    'A quorum is back: LSN {{scn}} is durable on {{vw}} of {{n}}, the commit that waited is acknowledged. None failed.',
  'story.hole.healed':
    '{{node}} missed {{records}} records and filled the hole from {{from}}, not from the writer.',
  'story.hole.healedUnseen':
    '{{node}} missed {{records}} records. No client waited. It filled the hole from {{from}}, not from the writer.',
  'story.token.grant':
    '{{holder}} gets token {{token}}: stores will refuse an older writer, so two never commit at once.',
  'story.token.install':
    '{{node}} wrote token {{token}} for {{group}} to its disk: an older writer is shut out here.',
  'story.token.many':
    '{{count}} replicas wrote token {{token}} to disk: an older writer finds no quorum any more.',
  'story.meta.writer': 'Metadata: {{writer}} is the writer with token {{token}}, the volume is {{state}}.',
  'volumeState.CREATING': 'being created',
  'volumeState.FENCING': 'shutting out older writers',
  'volumeState.RECOVERING': 'recovering',
  'volumeState.OPEN': 'open',
  'volumeState.FREEZING': 'being frozen',
  'story.recovery.done': 'The volume is open with token {{token}}, VDL {{vdl}}.',
  'story.recovery.handedOver.ruleOff':
    'The volume is open with token {{token}}: {{writer}} handed it over at LSN {{lsn}}.',
  'story.recovery.handedOver':
    'The volume is open with token {{token}}, as {{writer}} handed it over at LSN {{lsn}}: every commit is in it, no record is discarded.',
  'story.recovery.doneAcked':
    'The volume is open with token {{token}}: every acknowledged commit, the last at LSN {{acked}}, is in it; others may be gone.',
  'story.mark.belief':
    '{{node}} still takes {{value}} for {{mark}}: its token {{term}} is older than token {{newest}}, which counts.',
} as const;

const zh: Chinese<typeof en> = {
  'story.mark.pgcl.ruleOff': '{{group}}：PGCL 升至 LSN {{value}}。',
  'story.mark.vcl.ruleOff': 'VCL 升至 LSN {{value}}。',
  'story.mark.vdl.ruleOff': 'VDL 升至 {{value}}。',
  'story.mark.vdlMany.ruleOff': 'VDL 从 {{first}} 升至 {{value}}。',
  'story.mark.pgmrpl.ruleOff': 'PGMRPL 升至 LSN {{value}}。',
  'story.mark.scl.ruleOff': '{{node}}：{{group}} 的 SCL 升至 LSN {{value}}。',
  'story.commit.ack.ruleOff': 'LSN {{scn}}：提交确认。',
  'story.commit.many.ruleOff': '{{count}} 次提交确认，末次 LSN {{scn}}。',
  'story.commit.cut.ruleOff': '{{nodes}} 已断开。LSN {{scn}}：提交确认。',
  'story.commit.down.ruleOff': '{{nodes}} 已宕机。LSN {{scn}}：提交确认。',
  'story.commit.healed.ruleOff': 'LSN {{scn}}：等待的提交得到确认。',
  'story.token.grant.ruleOff': '{{holder}} 获得令牌 {{token}}。',
  'story.token.install.ruleOff': '{{node}} 为 {{group}} 持久化令牌 {{token}}。',
  'story.token.many.ruleOff': '{{count}} 个副本持久化令牌 {{token}}。',
  'story.recovery.doneAcked.ruleOff': '卷以令牌 {{token}} 打开。',
  'story.mark.pgcl': '{{group}}：LSN {{value}} 及以下都已达写多数派（PGCL）。',
  'story.mark.vcl': '全卷在 LSN {{value}} 及以下于多数派完整（VCL）。',
  'story.mark.vdl': 'VDL 升至 {{value}}：其下皆不会丢失。',
  'story.mark.vdlMany': 'VDL 从 {{first}} 升至 {{value}}：其下皆不会丢失。',
  'story.mark.pgmrpl': '再无人读 LSN {{value}} 以下：旧页版本可回收。',
  'story.mark.scl': '{{node}} 磁盘上已有 {{group}} 至 LSN {{value}} 的全部记录（SCL）。',
  'story.commit.ack': 'LSN {{scn}} 已在 {{n}} 个副本中的 {{vw}} 个上持久：提交确认。',
  'story.commit.many': '{{count}} 次提交确认，末次 LSN {{scn}}：各在 {{n}} 个副本中的 {{vw}} 个上持久。',
  'story.commit.cut':
    '{{nodes}} 已断开，LSN {{scn}} 仍在 {{n}} 个副本中的 {{vw}} 个上持久：照常确认，不等最慢者。',
  'story.commit.down':
    '{{nodes}} 已宕机，LSN {{scn}} 仍在 {{n}} 个副本中的 {{vw}} 个上持久：照常确认，不等最慢者。',
  'story.commit.healed':
    '多数派恢复：LSN {{scn}} 已在 {{n}} 个副本中的 {{vw}} 个上持久，等待的提交得到确认。',
  'story.hole.healed': '{{node}} 缺 {{records}} 条记录，空洞由 {{from}} 而非写节点填上。',
  'story.hole.healedUnseen': '{{node}} 缺 {{records}} 条记录，无客户端等待，空洞由 {{from}} 而非写节点填上。',
  'story.token.grant': '{{holder}} 获得令牌 {{token}}：存储将拒绝旧写节点，两个写节点不会同时提交。',
  'story.token.install': '{{node}} 为 {{group}} 持久化令牌 {{token}}：旧写节点在此被拒。',
  'story.token.many': '{{count}} 个副本持久化令牌 {{token}}：旧写节点再无多数派。',
  'story.meta.writer': '元数据：{{writer}} 以令牌 {{token}} 为写节点，卷{{state}}。',
  'volumeState.CREATING': '正在创建',
  'volumeState.FENCING': '正在排除旧写节点',
  'volumeState.RECOVERING': '正在恢复',
  'volumeState.OPEN': '已打开',
  'volumeState.FREEZING': '正在冻结',
  'story.recovery.done': '卷以令牌 {{token}} 打开，VDL {{vdl}}。',
  'story.recovery.handedOver.ruleOff': '卷以令牌 {{token}} 打开：{{writer}} 在 LSN {{lsn}} 交接。',
  'story.recovery.handedOver':
    '卷以令牌 {{token}} 打开，即 {{writer}} 在 LSN {{lsn}} 交接时的内容：提交全部保留，未丢弃任何记录。',
  'story.recovery.doneAcked':
    '卷以令牌 {{token}} 打开：已确认的提交（至 LSN {{acked}}）都在，未确认的可能已丢。',
  'story.mark.belief':
    '{{node}} 仍以 {{value}} 为 {{mark}}：其令牌 {{term}} 已旧，以令牌 {{newest}} 的为准。',
};

addTexts({ en, zh });

type Texts = typeof en;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
