// F06 A reader for free: a reader is added to shared storage; it registers, copies nothing, and fetches the pages that a statement asks for.

import {
  act,
  at,
  both,
  free,
  type LibraryLesson,
  line,
  onNode,
  predict,
  type ScriptAction,
  say,
  sql,
} from '../format.ts';

const FETCHED = 'count ro.replayed node=ro-3 source=STORAGE';

/** There only once it was added. */
const readAt = (text: string): ScriptAction =>
  both(line('session d1 me {last ro.ready.node node=ro-3} session'), sql(text, 'me'));

const rows = Array.from({ length: 60 }, (_, i) => `(${i + 1}, repeat('x', 300))`).join(', ');

export const f06: LibraryLesson = {
  rev: 1,
  seeds: ['003', '002'],
  rules: ['ro.never-behind', 'ro.same-image'],
  goal: {
    en: 'Reads need one more node. What has to be copied before it can answer?',
    zh: '读负载需要再加一个节点。它回答之前要复制什么？',
  },
  start: {
    preset: 'polardb',
    config: { pageBytes: 4096 },
    tape: [
      '230.000 sql d1 "create table docs (id int primary key, v text)"',
      `260.000 sql d1 "insert into docs values ${rows}"`,
    ],
    ms: 420,
    lens: 'disk',
    group: null,
    speed: 1000,
  },
  steps: [
    say(
      at.next,
      'Two readers share the files of {rw-1}. The volume’s pages are on the chunk servers, three copies of each block.',
      '两个只读节点共享 {rw-1} 的文件。卷的页在 ChunkServer 上，每块三副本。',
      {
        claims: [
          'cs-1 chunk.chunks = 6',
          'cs-2 chunk.chunks = 6',
          'cs-3 chunk.chunks = 6',
          'ro-1 mount.mode = ro',
          'ro-2 mount.mode = ro',
          'count page.stored > 0',
          'rw-1 blocks.base/9.0 > 0',
        ],
        focus: onNode('cs-1'),
        rule: 'chunk.majority',
      },
    ),
    act(at.next, line('addNode ro-3 reader b'), {
      key: true,
      ask: { en: 'Add a third reader in zone b.', zh: '在可用区 b 增加第三个只读节点。' },
    }),
    predict('copied', {
      trigger: at.next,
      ask: {
        en: 'How many pages of the volume does {ro-3} fetch until it is ready to read?',
        zh: '在准备好读之前，{ro-3} 要取卷里的多少个页？',
      },
      hint: {
        en: 'Its files are those of everybody. What does it need beside them?',
        zh: '文件是大家共有的。除此之外它还需要什么？',
      },
      question: { form: 'number', low: 0, high: 100, answer: FETCHED },
      reveal: at.on('ro.ready', { node: 'ro-3' }),
      says: 0,
      afterClaims: [
        'count ro.replayed node=ro-3 = 0',
        'count fs.mounted node=ro-3 mode=ro = 1',
        'count slot.given reader=ro-3 = 1',
        'ro-3 mount.headTx = rw-1 mount.headTx',
      ],
      after: {
        en: 'None: it mounts the file system, gets a slot, and reads the log’s metadata since the last saved table.',
        zh: '零个：它挂载文件系统，得到槽位，再读取日志元数据。',
      },
      focus: onNode('ro-3'),
      rule: 'ro.never-behind',
    }),
    act(at.next, readAt('select length(v) from docs where id = 7'), {
      ask: { en: 'Read one row at {ro-3}.', zh: '在 {ro-3} 读一行。' },
    }),
    predict('read', {
      trigger: at.next,
      ask: {
        en: '{all} pages of the volume are stored. How many of them has {ro-3} fetched once it has answered?',
        zh: '卷里已写入 {all} 个页。回答之后，{ro-3} 一共取了其中多少个？',
      },
      hint: {
        en: 'Catalogue and state of transactions, the way down one index, one page of the table.',
        zh: '目录与事务状态，索引的一条路径，表的一页。',
      },
      question: { form: 'number', low: 0, high: 60, answer: FETCHED },
      reveal: at.on('sql.end', { session: 'me' }),
      says: null,
      facts: { all: 'kinds page.stored.blockKey', pages: 'kinds ro.replayed.blockKey node=ro-3' },
      afterClaims: [
        'row me 0 = 300',
        'kinds ro.replayed.blockKey node=ro-3 source=STORAGE < kinds page.stored.blockKey',
        'last sql.end.outcome session=me = ok',
      ],
      after: {
        en: '{pages}, those on the way to the row. A standby with its own disk would copy all first (calculated, not simulated).',
        zh: '{pages} 个，即通往该行的页。自带磁盘的备库要先复制全部（计算值，非模拟）。',
      },
      focus: onNode('ro-3'),
      rule: 'ro.same-image',
    }),
    say(
      at.next,
      'No token, chunk or session changed, nothing is stored twice: storage and readers grow apart.',
      '令牌、chunk、会话都没变，数据也没有多存一份：存储与只读节点各自扩容。',
      {
        claims: [
          'count token.grant = 1',
          'count chunk.move = 0',
          'count slot.dropped = 0',
          'count ro.lost = 0',
          'ro-3 status = up',
          'kinds chunk.made.node = 3',
        ],
        rule: 'page.flush-gate',
      },
    ),
    free(40, 'Add a fourth one, or remove {ro-3}.', '再加第四个，或移除 {ro-3}。', [
      { text: { en: 'Add ro-4 in zone c', zh: '在可用区 c 增加 ro-4' }, line: 'addNode ro-4 reader c' },
      { text: { en: 'Remove {ro-3}', zh: '移除 {ro-3}' }, line: 'removeNode ro-3' },
    ]),
  ],
  pass: ['row me 0 = 300', 'count ro.ready node=ro-3 > 0', 'violations = 0'],
  passWords: {
    en: 'the new reader was ready with no page of the volume, and has answered a read',
    zh: '新只读节点未取卷中任何页就已就绪，并回答了一次读取',
  },
  challenge: {
    goal: {
      en: 'Have a new reader answer while a chunk server is down. One fault, 150 ms.',
      zh: '在一台 ChunkServer 宕机时让新加的只读节点作出回答。最多一次故障，150 ms 之内。',
    },
    hints: [
      {
        en: 'Two of three servers are a majority, for reads as well.',
        zh: '三台中的两台就是多数，读也一样。',
      },
      {
        en: 'crash {cs-3}, addNode {ro-3} reader b; once it is ready open a session there and count the rows.',
        zh: 'crash {cs-3}，addNode {ro-3} reader b；就绪后在其上开会话并数行。',
      },
    ],
    budget: { faults: 1, ms: 150 },
    pass: ['row me 0 = 60', 'cs-1 status = down or cs-2 status = down or cs-3 status = down'],
    solution: [
      { ms: 1, action: both(line('crash cs-3'), line('addNode ro-3 reader b')) },
      { ms: 80, action: readAt('select count(*) from docs') },
    ],
  },
};
