// F05 Catch up 5 to 10 (S003): a reader replays the transactions between its head and the writer's; one that the tail has passed loads anew.

import { manyTables } from '../file-nodes.ts';
import { act, at, both, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';

const MORE_TABLES = ['a', 'b', 'c', 'd']
  .map((name) => `create table ${name} (id int primary key)`)
  .join('; ');
/** The first sync of the reader since it was mounted. */
const MODE = 'first fs.synced.mode node=ro-2 from>0';

export const f05: LibraryLesson = {
  rev: 2,
  seeds: ['003'],
  rules: ['pfs.sync-exact', 'pfs.journal-atomic'],
  goal: {
    en: 'Files come and go at the writer. How does a reader, which copies nothing, know where they lie?',
    zh: '写节点不断建删文件。什么都不复制的只读节点，如何知道它们在哪里？',
  },
  start: {
    preset: 'polardb',
    config: { nodeHeartbeatMs: 12 },
    tape: manyTables(18, 230, 20),
    ms: 740,
    lens: 'disk',
    group: null,
    speed: 3000,
  },
  steps: [
    say(
      at.next,
      'Both readers mounted the device early and know the first {own} transactions of the file system. {rw-1} has made more since.',
      '两个只读节点很早就挂载了设备，只知道文件系统的前 {own} 个事务。此后 {rw-1} 又做了许多。',
      {
        facts: { own: 'ro-1 mount.headTx' },
        claims: [
          'own ro-1 mount.headTx = 7',
          'own ro-2 mount.headTx = 7',
          'rw-1 mount.headTx > 20',
          'rw-1 mount.leader.tailTx = 0',
        ],
        focus: onNode('ro-1'),
        rule: 'pfs.sync-exact',
      },
    ),
    act(at.next, both(line('session d1 me ro-1 session'), sql('select count(*) from t0', 'me')), {
      key: true,
      ask: { en: 'Read a table at {ro-1}.', zh: '在 {ro-1} 读一张表。' },
    }),
    predict('replayed', {
      trigger: at.next,
      ask: {
        en: 'Before {ro-1} reads a file it polls the leader record. How many transactions does it replay?',
        zh: '{ro-1} 读文件之前先查看 leader 记录。它要回放多少个事务？',
      },
      hint: {
        en: 'The head of {rw-1} less the head of {ro-1}: the lens has both under “Heads of mounts”.',
        zh: '{rw-1} 的头减去 {ro-1} 的头：两者都在透镜的“各挂载的头”里。',
      },
      question: {
        form: 'number',
        low: 0,
        high: 128,
        answer: 'first fs.synced.txs node=ro-1 from>0',
      },
      reveal: at.on('fs.synced', { node: 'ro-1' }),
      says: null,
      facts: {
        from: 'first fs.synced.from node=ro-1 from=7',
        to: 'first fs.synced.to node=ro-1 from=7',
        txs: 'first fs.synced.txs node=ro-1 from=7',
      },
      claims: ['own ro-1 mount.headTx = 7'],
      afterClaims: [
        'first fs.synced.mode node=ro-1 from=7 = REPLAY',
        'first fs.synced.to node=ro-1 from=7 = rw-1 mount.headTx',
        'ro-1 mount.headTx = rw-1 mount.headTx',
      ],
      after: {
        en: 'Those from {from} to {to}, as whole objects from the ring: {txs} transactions. No file of the database was copied.',
        zh: '从 {from} 到 {to}，共 {txs} 个事务，从环中按整个对象回放。数据库文件一个也没有复制。',
      },
      focus: onNode('ro-1'),
      rule: 'pfs.sync-exact',
    }),
    act(at.on('sql.end', { session: 'me' }), sql(MORE_TABLES), {
      ask: { en: 'Create four more tables: eight more files.', zh: '再建四张表：又多八个文件。' },
    }),
    say(
      at.when('rw-1 mount.leader.tailTx > ro-2 mount.headTx'),
      'The ring was trimmed: its tail, {tail}, has passed the head of {ro-2}, {own}, which has still read nothing.',
      '环已 trim：尾 {tail} 越过了 {ro-2} 的头 {own}，而 {ro-2} 仍未读过任何文件。',
      {
        facts: { tail: 'rw-1 mount.leader.tailTx', own: 'ro-2 mount.headTx' },
        claims: [
          'own rw-1 mount.leader.tailTx = 32',
          'own ro-2 mount.headTx = 7',
          'count fs.synced node=ro-2 from=7 = 0',
        ],
        focus: onNode('ro-2'),
        rule: 'pfs.sync-exact',
      },
    ),
    act(at.next, both(line('session d1 late ro-2 session'), sql('select count(*) from t1', 'late')), {
      ask: { en: 'Read a table at {ro-2}.', zh: '在 {ro-2} 读一张表。' },
    }),
    predict('lapped', {
      trigger: at.next,
      ask: {
        en: 'Transactions that {ro-2} lacks are no longer in the ring. What does it do?',
        zh: '{ro-2} 缺少的事务已不在环中。它怎么办？',
      },
      hint: {
        en: 'Where is what the trim has written back?',
        zh: 'trim 写回的内容在哪里？',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'REPLAY', text: { en: 'It replays what the ring still has', zh: '回放环中剩余的事务' } },
          { id: 'RELOAD', text: { en: 'It loads superblocks and ring anew', zh: '重新装载超级块与环' } },
          { id: 'NONE', text: { en: 'It reads with the metadata it has', zh: '用手头的元数据读取' } },
        ],
        answer: [
          { option: 'REPLAY', claims: [`${MODE} = REPLAY`] },
          { option: 'RELOAD', claims: [`${MODE} = RELOAD`] },
          { option: 'NONE', claims: [`${MODE} = NONE`] },
        ],
      },
      reveal: at.on('fs.synced', { node: 'ro-2' }),
      says: 'RELOAD',
      facts: { to: 'ro-2 mount.headTx' },
      claims: ['rw-1 mount.leader.tailTx > ro-2 mount.headTx'],
      afterClaims: [
        'first fs.synced.mode node=ro-2 from=7 = RELOAD',
        'ro-2 mount.headTx >= rw-1 mount.leader.tailTx',
      ],
      after: {
        en: 'It loads anew: the superblocks have what was trimmed, the ring the rest. Its head is {to}.',
        zh: '重新装载：已 trim 的在超级块里，其余在环中。它的头是 {to}。',
      },
      focus: onNode('ro-2'),
      rule: 'pfs.sync-exact',
    }),
    say(
      at.on('sql.end', { session: 'late' }),
      'Nobody waited for the slow one: the trim went on, and catching up cost {ro-2} one load of the metadata.',
      '不等待最慢节点：trim 照常进行，{ro-2} 追上只需装载一次元数据。',
      {
        claims: [
          'last sql.end.session = late',
          'last sql.end.outcome = ok',
          'row late 0 = 0',
          'count fs.synced node=ro-2 mode=RELOAD = 1',
          'own rw-1 mount.leader.tailTx = 32',
        ],
        rule: 'pfs.sync-exact',
      },
    ),
    free(40, 'Read other tables, or let more files come.', '再读其他表，或继续建文件。', [
      {
        text: { en: 'Read t2 at {ro-1}', zh: '在 {ro-1} 读 t2' },
        line: 'sql d1 me "select count(*) from t2"',
      },
    ]),
  ],
  pass: [
    'count fs.synced node=ro-1 mode=REPLAY > 0',
    'count fs.synced node=ro-2 mode=RELOAD > 0',
    'row late 0 = 0',
    'violations = 0',
  ],
  passWords: {
    en: 'one reader replayed up to the writer’s head, the other loaded anew, and both have read',
    zh: '一个只读节点回放到写节点的头，另一个重新装载，两者都读到了表',
  },
  challenge: {
    goal: {
      en: 'Have {ro-1} lapped as well: it loads the metadata anew and counts the rows of a table. No fault, 250 ms.',
      zh: '让 {ro-1} 也被越过：它重新装载元数据，并数出一张表的行。不用故障，250 ms 之内。',
    },
    hints: [
      {
        en: 'The tail moves as files are made. A read brings a reader to the head.',
        zh: '尾随着建文件前移。读取会使只读节点追到头。',
      },
      {
        en: 'Make a few more tables; when the tail has passed the head of {ro-1}, open a session there and count.',
        zh: '再建几张表；尾越过 {ro-1} 的头之后，在其上开会话并计数。',
      },
    ],
    budget: { faults: 0, ms: 250 },
    pass: ['count fs.synced node=ro-1 mode=RELOAD > 0', 'row me 0 = 0'],
    solution: [
      ...Array.from({ length: 6 }, (_, i) => ({
        ms: 1 + i * 20,
        action: sql(`create table more${i} (id int primary key)`),
      })),
      { ms: 180, action: both(line('session d1 me ro-1 session'), sql('select count(*) from t0', 'me')) },
    ],
  },
};
