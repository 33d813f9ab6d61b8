// Words of what blocks progress: the obstacles that every architecture has, and the parts of the sentence around them.

import { defineTexts } from '../i18n/texts.ts';

const waitTexts = defineTexts({
  'waits.title': ['What blocks progress now', '当前阻塞进展的原因'],
  'waits.sentence': ['{{what}}: {{causes}}', '{{what}}：{{causes}}'],
  'waits.more_one': '{{sentence}}; one other wait',
  'waits.more_other': ['{{sentence}}; {{count}} other waits', '{{sentence}}；另有 {{count}} 项等待'],
  'waits.since': ['since {{time}}', '已 {{time}}'],
  'waits.all': ['End all {{count}} causes', '全部解除（{{count}}）'],
  'waits.noWay': ['No single action ends it', '没有单个操作可以解除'],
  'obstacle.down': ['{{a}} is down', '{{a}} 已宕机'],
  'obstacle.manyDown': ['{{nodes}} are down', '{{nodes}} 已宕机'],
  'obstacle.manyFrozen': ['{{nodes}} are frozen', '{{nodes}} 已冻结'],
  'obstacle.frozen': ['{{a}} is frozen', '{{a}} 已冻结'],
  'obstacle.failed': ['the engine of {{a}} stopped', '{{a}} 的引擎已停止'],
  'obstacle.cut': ['the link {{a}}–{{b}} is cut', '{{a}}–{{b}} 链路已断开'],
  'obstacle.held': ['the link {{a}}–{{b}} holds its messages', '{{a}}–{{b}} 链路扣留消息'],
  'obstacle.loss': ['the link {{a}}–{{b}} loses messages', '{{a}}–{{b}} 链路丢失消息'],
  'obstacle.slowLink': ['the link {{a}}–{{b}} is slow', '{{a}}–{{b}} 链路缓慢'],
  'obstacle.diskStall': ['the disk of {{a}} does not answer', '{{a}} 的磁盘无响应'],
  'obstacle.diskFull': ['the disk of {{a}} is full', '{{a}} 的磁盘已满'],
  'obstacle.diskFailSync': ['the disk of {{a}} fails to sync', '{{a}} 的磁盘同步失败'],
  'obstacle.diskFailRead': ['the disk of {{a}} fails to read', '{{a}} 的磁盘读取失败'],
  'obstacle.slowDisk': ['the disk of {{a}} is slow', '{{a}} 的磁盘缓慢'],
  'obstacle.slowCpu': ['the processor of {{a}} is slow', '{{a}} 的处理器缓慢'],
});

type Texts = typeof waitTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
