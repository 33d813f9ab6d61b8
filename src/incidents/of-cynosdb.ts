// Incidents over a shared log.

import type { Incident } from './incident.ts';

const inTurn = (level: string): readonly string[] => [
  '100.000 sql d1 setup "CREATE TABLE shifts (id int PRIMARY KEY, on_call int)"',
  '120.000 sql d1 setup "INSERT INTO shifts VALUES (1, 1), (2, 1)"',
  ...['alice', 'bob'].map((who) => `150.000 sql d1 ${who} "BEGIN ISOLATION LEVEL ${level}"`),
  ...['alice', 'bob'].map((who) => `155.000 sql d1 ${who} "SELECT count(*) FROM shifts WHERE on_call = 1"`),
  '162.000 sql d1 alice "UPDATE shifts SET on_call = 0 WHERE id = 1"',
  '162.500 sql d1 bob "UPDATE shifts SET on_call = 0 WHERE id = 2"',
  '172.000 sql d1 alice "COMMIT"',
  '176.000 sql d1 bob "COMMIT"',
  '200.000 sql d1 check "SELECT count(*) FROM shifts WHERE on_call = 1"',
];

/** Full to the end, so that nobody has to wait for it. */
const full = (stores: readonly string[]): readonly string[] => [
  '100.000 sql d1 setup "CREATE TABLE notes (id int PRIMARY KEY)"',
  ...stores.map((store) => `150.000 diskFull ${store} for 100.000 ms`),
  '200.000 sql d1 late "INSERT INTO notes VALUES (1)"',
];

const slow = (stores: readonly string[]): readonly string[] =>
  stores.map((store) => `150.000 diskSlow ${store} 20000 % for 100.000 ms`);

export const cynosdbIncidents: readonly Incident[] = [
  {
    id: 'old-primary',
    cluster: 'cynosdb-ha',
    seed: 5,
    fromMs: 149,
    untilMs: 330,
    // The new writer is far from the stores, so that the old one wakes while it recovers.
    actions: [
      '150.000 latency ha-1 > store-1 store-2 store-3 : 15.000 ms for 100.000 ms',
      '150.000 freeze rw-1 for 50.000 ms',
    ],
    counterpart: { off: 'store.no-token-check' },
    difference: { kind: 'rule', rule: 'fence.stale-refused' },
    words: {
      title: { en: 'An old primary wakes', zh: '旧主苏醒' },
      known: {
        en: 'Split brain after a failover: a host freezes its writer, a standby is promoted, and the old writer goes on where it was.',
        zh: '故障切换后的脑裂：宿主机冻住了写节点，备节点被提升，旧写节点醒来后接着写。',
      },
      holds: {
        en: 'The stores have the token of the new writer. They refuse the log of the old one, which steps down.',
        zh: '存储节点已有新写节点的令牌，拒绝旧写节点的日志；旧写节点退下。',
      },
      breaks: {
        en: 'The stores take the log of any writer: two writers fill one volume.',
        zh: '存储节点接受任何写节点的日志：两个写节点写同一个卷。',
      },
    },
  },
  {
    id: 'grey-failure',
    cluster: 'cynosdb',
    seed: 5,
    fromMs: 149,
    untilMs: 260,
    actions: slow(['store-3']),
    counterpart: { actions: slow(['store-2', 'store-3']) },
    difference: { kind: 'commits', between: [160, 250], holds: 10, breaks: 2 },
    words: {
      title: { en: 'A disk that is only slow', zh: '只是变慢的磁盘' },
      known: {
        en: 'Grey failure: a disk answers everything, two hundred times later. No health check fails.',
        zh: '灰色故障：磁盘什么都应答，只是慢了两百倍，健康检查一切正常。',
      },
      holds: {
        en: 'Two of three copies are enough. No commit waits for the slow store, which catches up afterwards.',
        zh: '三份副本里有两份就够。提交不等慢的存储节点，它事后追上。',
      },
      breaks: {
        en: 'No rule protects against a second one: with two slow disks of three every commit waits for one of them.',
        zh: '没有规则能防第二块：三块盘慢了两块，每个提交都要等其中一块。',
      },
    },
  },
  {
    id: 'write-skew',
    cluster: 'cynosdb',
    seed: 5,
    fromMs: 149,
    untilMs: 230,
    actions: inTurn('SERIALIZABLE'),
    counterpart: { actions: inTurn('REPEATABLE READ') },
    difference: { kind: 'answer', session: 'check', holds: '1', breaks: '0' },
    words: {
      title: { en: 'Both doctors leave', zh: '两位医生都下班了' },
      known: {
        en: 'Write skew: two transactions read the same rows, each changes another one, and together they break what both have checked.',
        zh: '写偏斜：两个事务读同样的行，各改其中一行，合起来违反了各自检查过的条件。',
      },
      holds: {
        en: 'Under SERIALIZABLE one of the two is refused with 40001. One doctor stays on call.',
        zh: 'SERIALIZABLE 之下其中一个以 40001 被拒绝，仍有一位医生值班。',
      },
      breaks: {
        en: 'Under REPEATABLE READ both commit: snapshot isolation does not see it. Nobody is on call.',
        zh: 'REPEATABLE READ 之下两个都提交：快照隔离发现不了，没人值班。',
      },
    },
  },
  {
    id: 'full-disk',
    cluster: 'cynosdb',
    seed: 5,
    fromMs: 149,
    untilMs: 300,
    actions: full(['store-3']),
    counterpart: { actions: full(['store-2', 'store-3']) },
    difference: { kind: 'answer', session: 'late', holds: 'INSERT 0 1', breaks: 'error 53100' },
    words: {
      title: { en: 'A full disk', zh: '磁盘写满' },
      known: {
        en: 'ENOSPC: a disk takes nothing more, and everything that waits for it stops.',
        zh: 'ENOSPC：磁盘写不进任何东西，等它的一切都停住。',
      },
      holds: {
        en: 'One full store of three refuses nobody: the others are a write quorum.',
        zh: '三个存储节点满了一个，谁也不受影响：另外两个构成写多数派。',
      },
      breaks: {
        en: 'With two full stores no quorum has room. What is on its way waits; new writes are refused with 53100 and the stores’ names; reads go on.',
        zh: '满了两个就没有多数派可写。途中的写等待，新的写以 53100 被拒绝并写明存储节点；读照常。',
      },
    },
  },
  {
    id: 'stale-read',
    cluster: 'cynosdb-ro',
    seed: 5,
    fromMs: 199,
    untilMs: 500,
    actions: ['200.000 latency rw-1 > ro-1 : 30.000 ms'],
    counterpart: { off: 'reader.ignores-bound' },
    difference: { kind: 'rule', rule: 'ro.session-monotone' },
    words: {
      title: { en: 'My own write is gone', zh: '刚写的不见了' },
      known: {
        en: 'A stale read at a replica: somebody saves, reloads the page, and sees the old value.',
        zh: '副本上的陈旧读：保存之后刷新页面，看到的还是旧值。',
      },
      holds: {
        en: 'A read says which LSN its session has seen. The reader, 30 ms behind, waits until it has that.',
        zh: '读请求带着会话见过的 LSN。落后 30 ms 的只读节点等到有了它才应答。',
      },
      breaks: {
        en: 'The reader answers at once with what it has: the session goes back in time.',
        zh: '只读节点立刻用手头的数据应答：会话回到了过去。',
      },
    },
  },
  {
    id: 'retry',
    cluster: 'cynosdb',
    seed: 5,
    fromMs: 149,
    untilMs: 330,
    actions: [
      '100.000 sql d1 setup "CREATE TABLE payments (id int PRIMARY KEY, times int)"',
      '120.000 sql d1 setup "INSERT INTO payments VALUES (1, 0)"',
      '150.000 sql d1 pay "UPDATE payments SET times = times + 1 WHERE id = 1"',
      '150.300 cut rw-1 > d1 for 6.000 ms',
      '155.000 crash rw-1 for 10.000 ms',
      '300.000 sql d1 check "SELECT times FROM payments"',
    ],
    counterpart: { off: 'engine.forgets-clients' },
    difference: { kind: 'answer', session: 'check', holds: '1', breaks: '2' },
    words: {
      title: { en: 'A payment is made twice', zh: '一笔款付了两次' },
      known: {
        en: 'The writer dies after a commit and before its reply. The client tries again, and nobody can tell that from a second payment.',
        zh: '写节点在提交之后、应答之前死去。客户端重试，谁也分不清这是重试还是第二笔。',
      },
      holds: {
        en: 'With each commit its request is on record. The recovered writer finds this one there, and only answers again.',
        zh: '每次提交都记下它的请求。恢复后的写节点查到这一个已执行，只重发应答。',
      },
      breaks: {
        en: 'The recovered writer does not look: the retry is carried out, too.',
        zh: '恢复后的写节点不去查：重试又执行了一遍。',
      },
    },
  },
  {
    id: 'lost-disk-in-move',
    cluster: 'cynosdb-pcs',
    seed: 5,
    fromMs: 149,
    untilMs: 400,
    actions: ['150.000 moveReplica store-3 store-4', '152.000 wipeDisk store-2 for 10.000 ms'],
    counterpart: { off: 'store.lost-rejoins' },
    difference: { kind: 'rule', rule: 'member.lost-is-learner' },
    words: {
      title: { en: 'A disk is lost during a move', zh: '搬移途中丢盘' },
      known: {
        en: 'A replica moves to another store, and just then a second store comes back with an empty disk.',
        zh: '一个副本正搬往别的存储节点，偏偏这时另一个存储节点带着空盘回来。',
      },
      holds: {
        en: 'An empty store is no member any more: it is made anew as a learner, and counts once it is whole.',
        zh: '空盘的存储节点不再是成员：先作为学习者重建，齐全之后才计入多数派。',
      },
      breaks: {
        en: 'It takes its old place with nothing in it: a quorum counts a copy that is not there.',
        zh: '它空着手回到原位：多数派里算进了一份不存在的副本。',
      },
    },
  },
  {
    id: 'election-storm',
    cluster: 'cynosdb-pcs',
    seed: 5,
    fromMs: 149,
    untilMs: 500,
    actions: [
      '150.000 crash pcs-1 for 20.000 ms',
      '150.000 crash pcs-2 for 20.000 ms',
      '150.000 crash pcs-3 for 20.000 ms',
    ],
    counterpart: { set: ['electionMaxMs', 20] },
    difference: { kind: 'events', event: 'raft.leader', on: 'holds', least: 1 },
    words: {
      title: { en: 'An election storm', zh: '选举风暴' },
      known: {
        en: 'All members start at one time and ask for votes at one time: nobody gets a majority, and they try again together.',
        zh: '所有成员同时启动、同时拉票：谁也得不到多数，又一起重来。',
      },
      holds: {
        en: 'Each member waits a random time before it asks. One is first, and leads.',
        zh: '每个成员在拉票之前随机等待，先醒的那个当选。',
      },
      breaks: {
        en: 'With the same waiting time for all, votes split again and again.',
        zh: '等待时间都一样，选票一再被瓜分。',
      },
    },
  },
];
