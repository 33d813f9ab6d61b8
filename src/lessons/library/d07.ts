// D07 Definitions across readers (LI-64 to LI-66): CREATE TABLE waits for no reader, DROP TABLE for every one that still reads the table.

import { act, at, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';

const readers = ['ro-1', 'ro-2'] as const;

const words = {
  replayed: { en: '{ro-1} replays the lock', zh: '{ro-1} 回放锁' },
  granted: { en: 'The writer may change the definition', zh: '写节点可以改定义' },
  answered: { en: 'The client gets DROP TABLE', zh: '客户端得到 DROP TABLE' },
} as const;

export const d07: LibraryLesson = {
  rev: 1,
  seeds: ['004'],
  rules: ['ddl.readers-first', 'ddl.no-reader-inside'],
  goal: {
    en: 'A reader scans a table while the writer drops it. The file is the same for both. Who waits?',
    zh: '只读节点正在扫描一张表，写节点要删除它。文件是同一个。谁等谁？',
  },
  start: {
    preset: 'polardb',
    config: { nodeHeartbeatMs: 12 },
    tape: [
      '230.000 sql d1 ddl "create table t (k int primary key, v int)"',
      '260.000 sql d1 ddl "insert into t values (1, 1), (2, 2)"',
      '380.000 session d1 hold ro-1 session',
      '381.000 sql d1 hold "begin; select sum(v) from t"',
    ],
    ms: 440,
    lens: 'shared',
    group: null,
    speed: 2000,
  },
  steps: [
    say(
      at.next,
      'A transaction at {ro-1} has read t and stays open. Nobody reads it at {ro-2}.',
      '{ro-1} 上的一个事务读过 t 且未结束。{ro-2} 上没有读取。',
      {
        claims: [
          'own count ro.replayed node=ro-1 blockKey=603979777 = 1',
          'last sql.end.outcome session=hold = ok',
          'own count ro.replayed node=ro-2 blockKey=603979777 = 0',
        ],
        focus: onNode('ro-1'),
        rule: 'ddl.no-reader-inside',
      },
    ),
    act(at.next, sql('create table u (k int primary key)', 'ddl'), {
      ask: { en: 'Create another table.', zh: '再建一张表。' },
    }),
    predict('create', {
      trigger: at.next,
      ask: {
        en: 'How many readers does CREATE TABLE wait for?',
        zh: 'CREATE TABLE 要等几个只读节点？',
      },
      hint: {
        en: 'Can anybody be reading a table that is not there yet?',
        zh: '还不存在的表，会有节点在读吗？',
      },
      question: { form: 'number', low: 0, high: 2, answer: 'sum ddl.locked.readers.words' },
      reveal: at.on('sql.end', { session: 'ddl' }),
      says: 0,
      afterClaims: ['count ddl.locked = 0', 'last sql.end.outcome session=ddl = ok'],
      after: {
        en: 'None. Its file is a transaction of the file system, which a reader replays before it opens it.',
        zh: '零个。它的文件是文件系统的一个事务，只读节点打开前会先回放。',
      },
      rule: 'ddl.readers-first',
    }),
    act(at.next, sql('drop table t', 'ddl'), {
      key: true,
      ask: { en: 'Drop t at the writer.', zh: '在写节点删除 t。' },
    }),
    predict('who', {
      trigger: at.on('ddl.locked'),
      ask: {
        en: 'The lock is in the log and goes to both readers. Which one does the writer have to wait for?',
        zh: '锁写进日志，传到两个只读节点。写节点要等哪一个？',
      },
      hint: {
        en: 'A reader replays the lock when no statement or transaction of its own has the table.',
        zh: '自己没有语句或事务占用该表时，只读节点才回放锁。',
      },
      question: {
        form: 'nodes',
        slots: [{ id: 'who', text: { en: 'It waits for', zh: '它等待' } }],
        nodes: readers,
        answer: ['other {first ro.lock.node state=replayed} of ro-1 ro-2'],
      },
      reveal: at.on('ro.lock', { state: 'replayed' }),
      says: ['ro-1'],
      facts: { lsn: 'last ddl.locked.lockLsn' },
      claims: ['last ddl.locked.readers = ro-1,ro-2', 'last ro.lock.at = null'],
      afterClaims: [
        'count ro.lock node=ro-2 state=replayed = 1',
        'count ro.lock node=ro-1 state=held = 1',
        'count ro.lock node=ro-1 state=replayed = 0',
        'count ddl.granted = 0',
      ],
      after: {
        en: '{ro-1}, the one with the open transaction. {ro-2} has replayed the lock of LSN {lsn}, and refuses the table from here on.',
        zh: '{ro-1}，有未结束事务的那个。{ro-2} 已回放 LSN {lsn} 的锁，从此不再开放该表。',
      },
      focus: onNode('ro-1'),
      rule: 'ddl.readers-first',
    }),
    act(at.next, sql('select sum(v) from t', 'hold'), {
      ask: { en: 'Read t once more in the open transaction.', zh: '在未结束的事务里再读一次 t。' },
    }),
    say(
      at.on('sql.end', { session: 'hold' }),
      'It still reads the sum, {sum}: no file has gone, and the log goes on arriving. Only the DROP waits.',
      '它仍读到总和 {sum}：文件都在，日志照常到达。等待的只有 DROP。',
      {
        facts: { sum: 'row hold 0' },
        claims: [
          'row hold 0 = 3',
          'last sql.end.outcome session=hold = ok',
          'count relation.removed = 0',
          'count ddl.granted = 0',
          'rw-1 blocks.base/9.0 = 1',
        ],
        focus: onNode('ro-1'),
        rule: 'ddl.no-reader-inside',
      },
    ),
    act(at.next, sql('commit', 'hold'), {
      ask: { en: 'End the transaction at {ro-1}.', zh: '结束 {ro-1} 上的事务。' },
    }),
    predict('order', {
      trigger: at.next,
      ask: { en: 'In which order does it go on?', zh: '接下来的顺序如何？' },
      hint: {
        en: 'The file may go when nobody can open it.',
        zh: '任何节点都无法打开文件之后，文件才能删除。',
      },
      question: {
        form: 'order',
        items: (['answered', 'replayed', 'granted'] as const).map((id) => ({ id, text: words[id] })),
        answer: [
          { item: 'replayed', time: 'last ro.lock.at node=ro-1 state=replayed' },
          { item: 'granted', time: 'last ddl.granted.at' },
          { item: 'answered', time: 'last sql.end.at session=ddl' },
        ],
      },
      reveal: at.on('ro.lock', { node: 'ro-1', state: 'released' }),
      says: ['replayed', 'granted', 'answered'],
      claims: ['count ddl.granted = 0'],
      afterClaims: [
        'last ro.lock.at node=ro-1 state=replayed < last ddl.granted.at',
        'last ddl.granted.at < last sql.end.at session=ddl',
        'count ro.lock node=ro-1 state=released = 1',
      ],
      after: {
        en: 'Readers first, then the definition, then the answer. The files go once no view and no recovery needs them.',
        zh: '先只读节点，再改定义，最后回复。没有视图与恢复需要时，文件才删除。',
      },
      rule: 'ddl.readers-first',
    }),
    free(40, 'Read t again, or make it anew.', '再读 t，或重新建表。', [
      { text: { en: 'Read t at {ro-1}', zh: '在 {ro-1} 读 t' }, line: 'sql d1 hold "select sum(v) from t"' },
      {
        text: { en: 'Create t again', zh: '重新建 t' },
        line: 'sql d1 ddl "create table t (k int primary key)"',
      },
    ]),
  ],
  pass: [
    'last ddl.granted.at > last ddl.locked.at',
    'count ro.lock state=cancelled = 0',
    'count sql.end session=hold outcome!=ok = 0',
    'violations = 0',
  ],
  passWords: {
    en: 'the DROP waited for the reader, no statement of the reader failed, and the order is that of the run',
    zh: 'DROP 等待了只读节点，其语句无一失败，顺序与运行一致',
  },
  challenge: {
    goal: {
      en: 'Have the DROP answered although the transaction at {ro-1} never ends. One fault, 150 ms.',
      zh: '{ro-1} 上的事务始终不结束，仍让 DROP 得到回复。最多一次故障，150 ms 之内。',
    },
    hints: [
      {
        en: 'Whom does the writer wait for: for sessions, or for slots?',
        zh: '写节点等的是会话，还是槽位？',
      },
      { en: 'DROP TABLE t, then crash {ro-1} for 3 ms.', zh: 'DROP TABLE t，然后 crash {ro-1} 3 ms。' },
    ],
    budget: { faults: 1, ms: 150 },
    pass: ['last ddl.granted.at > last ddl.locked.at', 'last sql.end.at session=ddl > last ddl.granted.at'],
    solution: [
      { ms: 1, action: sql('drop table t', 'ddl') },
      { ms: 20, action: line('crash ro-1 for 3.000 ms') },
    ],
  },
};
