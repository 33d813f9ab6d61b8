// Words of the waits of a `cynosdb` cluster (src/stacks/cynosdb/waits.ts) and of their own obstacles: what waits, and for whom.

import { defineTexts } from '../../i18n/texts.ts';

const waitTexts = defineTexts({
  'wait.request_one': 'One request of {{node}} reaches no open writer of {{volume}}',
  'wait.request_other': [
    '{{count}} requests of {{node}} reach no open writer of {{volume}}',
    '{{node}} 的 {{count}} 个请求找不到 {{volume}} 的可用写节点',
  ],
  'wait.commit_one': 'One commit of {{node}} waits for its log to be durable, {{have}} of {{need}} answers',
  'wait.commit_other': [
    '{{count}} commits of {{node}} wait for their log to be durable, {{have}} of {{need}} answers',
    '{{node}} 的 {{count}} 个提交等待日志持久化，已有 {{have}}/{{need}} 个应答',
  ],
  'wait.log_one': 'A statement at {{node}} waits for room in the log (LAL)',
  'wait.log_other': [
    '{{count}} statements at {{node}} wait for room in the log (LAL)',
    '{{node}} 上 {{count}} 条语句等待日志空间（LAL）',
  ],
  'wait.buffer_one': 'A statement at {{node}} waits for a free buffer frame',
  'wait.buffer_other': [
    '{{count}} statements at {{node}} wait for a free buffer frame',
    '{{node}} 上 {{count}} 条语句等待空闲缓冲页框',
  ],
  'wait.page_one': 'A statement at {{node}} waits for a page from storage',
  'wait.page_other': [
    '{{count}} statements at {{node}} wait for pages from storage',
    '{{node}} 上 {{count}} 条语句等待存储返回页',
  ],
  'wait.metadata_one': 'A statement at {{node}} waits for the PCS, whose views it reads',
  'wait.metadata_other': [
    '{{count}} statements at {{node}} wait for the PCS, whose views they read',
    '{{node}} 上 {{count}} 条语句等待 PCS 返回其视图的行',
  ],
  'wait.lock_one': 'A statement at {{node}} waits for a row lock',
  'wait.lock_other': [
    '{{count}} statements at {{node}} wait for row locks',
    '{{node}} 上 {{count}} 条语句等待行锁',
  ],
  'wait.opening': [
    '{{node}} cannot finish opening {{volume}} (step {{step}}): {{have}} of {{need}} answers',
    '{{node}} 无法完成 {{volume}} 的打开（步骤 {{step}}）：已有 {{have}}/{{need}} 个应答',
  ],
  'wait.hole': [
    '{{node}} lacks records of {{group}} and can get them from nobody',
    '{{node}} 缺少 {{group}} 的记录，无处可取',
  ],
  'wait.check': [
    '{{node}} may not serve {{group}} before the metadata has checked its disk (WAL-75)',
    '元数据核对磁盘之前，{{node}} 不能服务 {{group}}（WAL-75）',
  ],
  'wait.members': [
    'The change of members of {{group}} stands at its step {{step}}',
    '{{group}} 的成员变更停在步骤 {{step}}',
  ],
  'wait.restore': [
    'The restore of {{volume}} stands at {{have}} of {{need}} replicas',
    '{{volume}} 的恢复停在 {{have}}/{{need}} 个副本',
  ],
  'wait.pcsChange': [
    'The change of the metadata’s members stands at its step {{step}}',
    '元数据的成员变更停在步骤 {{step}}',
  ],
  'wait.identity': [
    '{{node}} takes no part in the metadata: its disk is not the one that made its promises ({{step}})',
    '{{node}} 不参与元数据：其磁盘并非作出承诺的那一块（{{step}}）',
  ],
  'obstacle.diskNotOwn': ['{{a}} waits for a new identity', '{{a}} 等待新的身份'],
  'obstacle.repairPaused': ['hole repair of {{a}} is paused', '{{a}} 的空洞修复已暂停'],
  'obstacle.idleTransaction': [
    'session {{of}} of {{a}} holds the lock in an open transaction',
    '{{a}} 的会话 {{of}} 在未结束的事务中持有锁',
  ],
  'obstacle.replicaRefuses': [
    'the replica of {{of}} on {{a}} refuses to serve',
    '{{a}} 上 {{of}} 的副本拒绝服务',
  ],
  'obstacle.replicaLost': ['{{a}} has lost its replica of {{of}}', '{{a}} 丢失了 {{of}} 的副本'],
  'obstacle.replicaDamaged': [
    'the replica of {{of}} on {{a}} is damaged and abstains',
    '{{a}} 上 {{of}} 的副本已损坏，弃权',
  ],
  'obstacle.noLeader': [
    'no leader: {{of}} of the PCS nodes must answer',
    '没有领导者：PCS 节点须有 {{of}} 应答',
  ],
  'obstacle.noVolume': ['no writer of {{of}} is known', '{{of}} 没有已知的写节点'],
});

type Texts = typeof waitTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
