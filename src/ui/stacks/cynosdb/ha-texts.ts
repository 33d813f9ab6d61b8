// Captions of the HA group: who is chosen to write, a planned switchover, and a node that changes its part.

import { defineTexts } from '../../i18n/texts.ts';

const haTexts = defineTexts({
  'story.ha.first': [
    'The metadata chooses {{candidate}} to make the volume: it is the first of the HA group.',
    '元数据选定 {{candidate}} 创建卷：它是 HA 组的第一个。',
  ],
  'story.ha.silent': [
    '{{from}} has been silent too long: {{candidate}} is chosen, priority {{priority}}, applied up to {{applyLsn}}.',
    '{{from}} 静默过久：选定 {{candidate}}，优先级 {{priority}}，已应用到 {{applyLsn}}。',
  ],
  'story.ha.restarted': [
    '{{from}} started anew, its token is void: {{candidate}} is chosen, priority {{priority}}, applied up to {{applyLsn}}.',
    '{{from}} 已重启，令牌作废：选定 {{candidate}}，优先级 {{priority}}，已应用到 {{applyLsn}}。',
  ],
  'story.ha.cutOff': [
    '{{from}} is up, but no write quorum of stores answers it; one answers {{candidate}}, which is chosen, priority {{priority}}, applied up to {{applyLsn}}.',
    '{{from}} 在线，但没有写多数派的存储节点应答它；{{candidate}} 能得到应答，因此选定 {{candidate}}，优先级 {{priority}}，已应用到 {{applyLsn}}。',
  ],
  'story.ha.none': [
    'No node of the HA group is up: no token is granted, and {{node}} keeps looking.',
    'HA 组无节点在线：不授予令牌，{{node}} 继续寻找。',
  ],
  'story.ha.begin': [
    'Planned switchover to {{target}}: the writer takes no new requests and drains.',
    '计划切换到 {{target}}：写节点不再接新请求，开始排空。',
  ],
  'story.ha.givenUp': [
    'The switchover to {{target}} is given up ({{why}}): no token was granted, so the old writer goes on.',
    '放弃切换到 {{target}}（{{why}}）：未授予令牌，原写节点继续。',
  ],
  'story.ha.refused': [
    'The switchover to {{target}} is refused: {{why}}.',
    '切换到 {{target}} 被拒绝：{{why}}。',
  ],
  'story.ha.member': [
    '{{member}} is a standby from now on, with priority {{priority}}: it may be promoted.',
    '{{member}} 成为备机，优先级 {{priority}}：可以被提升。',
  ],
  'story.attachment.rw': [
    '{{node}} becomes the writer under token {{token}}, without a restart.',
    '{{node}} 以令牌 {{token}} 转为写节点，无需重启。',
  ],
  'story.attachment.kept': [
    '{{node}} goes on with {{count}} pages of its buffer, as of VDL′ {{vdl}}.',
    '{{node}} 沿用缓冲中的 {{count}} 页，均为 VDL′ {{vdl}} 时的内容。',
  ],
  'story.attachment.cold': [
    '{{node}} lacks records up to VDL′ {{vdl}}: it lets its {{count}} buffered pages go and reads them from the stores.',
    '{{node}} 缺 VDL′ {{vdl}} 之前的记录：弃去缓冲中的 {{count}} 页，改从存储读取。',
  ],
  'story.attachment.ro': [
    '{{node}} is fenced by a newer token: it writes no more and reads the volume from now on.',
    '{{node}} 被更新的令牌隔离：不再写，从此只读该卷。',
  ],
  'story.attachment.roLost': [
    '{{node}} is the writer no more: it reads the volume from now on.',
    '{{node}} 不再是写节点：从此只读该卷。',
  ],
  'story.attachment.freeze': [
    '{{node}} drains: what runs may end, new requests are asked to wait.',
    '{{node}} 排空：在跑的可以结束，新请求须等待。',
  ],
  'story.attachment.handoff.ruleOff': [
    '{{node}} hands over at VDL {{vdl}}.',
    '{{node}} 在 VDL {{vdl}} 交接。',
  ],
  'story.attachment.handoff': [
    '{{node}} hands over at VDL {{vdl}}: all that it has allocated is durable, nothing will be discarded.',
    '{{node}} 在 VDL {{vdl}} 交接：已分配的都已持久，不会丢弃任何记录。',
  ],
  'story.attachment.thaw': [
    '{{node}} goes on writing under token {{token}}: no other was granted.',
    '{{node}} 以令牌 {{token}} 继续写：没有授予别的令牌。',
  ],
});

type Texts = typeof haTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
