// What the Chinese texts are held against: Latin words that engineers use as they are, one Chinese word for each term, and
// full-width punctuation. Pure; `src/chinese.test.ts` holds every text of the project against it.

import type { ChineseText } from './chinese-texts.ts';

const list = (words: string): readonly string[] => words.trim().split(/\s+/);

/** Latin words that a Chinese text may say. What is on none of these lists has a Chinese word. */
const latin: ReadonlySet<string> = new Set([
  // marks, log and quorum
  ...list('LSN LSNs VCL VDL PGCL SGCL SCL NCL NWL CPL LAL SCN MTR WAL PGMRPL MRPL RPL Vw Vr vw N'),
  ...list('durableLsn applyLsn oldestApplyLsn oldestLsn latestLsn consistentLsn pageLsn'),
  ...list('DATA HOLE END minStart maxNWL MinRecoveryPoint memberEpoch geoEpoch minXid nextXid xid xmin xmax'),
  // parts and mechanisms whose names are Latin
  ...list('chunk ChunkServer tablet quorum sealed apply leader inode blktag direntry headTx trim mkfs fsck'),
  ...list(
    'LogIndex OUTDATE Block Journal Raft ParallelRaft Paxos Disk-Paxos Disk PolarSwitch PolarFS look-behind worker span',
  ),
  ...list(
    'PCS HA RO RW AZ GC DUAL MVCC RTO RPO PITR POV InstallToken RecoveryRead InstallHistory OpenVolume DAG',
  ),
  // answers and their codes
  ...list(
    'STALE_READ_POINT READ_POINT_AHEAD NO_SUCH_PAGE NOT_PRIMARY NOT_READY WRONG_EPOCH SCHEMA_LEASE_EXPIRED BACKUP_GAP',
  ),
  ...list('SQLSTATE TRACE DEBUG INFO WARN ERROR ENOSPC'),
  // SQL
  ...list(
    'SQL SELECT INSERT UPDATE DELETE WHERE CREATE DROP ALTER TABLE SET FOR WITH BEGIN ISOLATION LEVEL REPEATABLE READ SERIALIZABLE',
  ),
  ...list(
    'EXPLAIN ANALYZE select sum count begin isolation level read committed repeatable update jsonb vacuum id balance notes',
  ),
  // lines of the tape, patterns of a search and commands of a shell, as they are typed
  ...list(
    'cut for crash freeze wipeDisk switchover addNode addPcs removePcs moveReplica restore to time as reader node offline',
  ),
  ...list(
    'partition padTo session sql me then same request and at commits ls stat cat fmap df journal min flush base',
  ),
  ...list(
    'any rw ro only allBut first packed actions bytes checksum base64 base64url postdb-tape jitter tail latencyFloorUs',
  ),
  ...list('hole open sent fill store log deviceChunks indexSegments eventual near far gcc'),
  // workloads and kinds of dependency
  ...list('register ycsb lost-update write-skew pgbench YCSB TPC-B tpcb ww wr rw rt internal G-single'),
  ...list(
    'transfer tablet-transfer ycsb-a ycsb-b ycsb-c ycsb-d kv-insert kv-tables list-append append-levels append-halves',
  ),
  ...list('counter counter-steps churn indexed serial-tables'),
  // presets, products, sources, files and keys
  ...list(
    'cynosdb polardb postdb-v4 cynosdb-ha cynosdb-pcs cynosdb-ro PostDB CynosDB PolarDB PostgreSQL PGlite Oracle Aurora Lab',
  ),
  ...list(
    'SIGMOD IndexedDB WebAssembly RDMA SPDK Optane CPU I O JSON CSV SVG PNG GIF WebM WebCodecs ZIP EDN Shift Alt Enter Ctrl',
  ),
  // units
  ...list('ms s KB MB KiB GiB MiB B'),
]);

/** Names of nodes, groups, shards, sessions, requests; rule ids; steps of a protocol; one letter of a drawing. */
const names =
  /^(?:(?:rw|ro|ha|cs|cos|store|meta|pcs|n|g|v|d|s|t|r)-?\d+|[A-Z]+-\d+|[A-Z]\d+[a-c]?|cynosdb-\d|p\d\d|v\d|[A-Za-z])$/;

/** A term of English texts and the one Chinese word (or, after `|`, its other form) that a text with it has. */
const terms: readonly (readonly [english: RegExp, chinese: string])[] = [
  [/\bchunk servers?\b/i, 'ChunkServer'],
  [/\bchunks?\b(?! server)/i, 'chunk'],
  [/\btablets?\b/i, 'tablet'],
  [/\blearners?\b/i, '学习者'],
  [/\bquorums?\b/i, '多数派'],
  [/\btokens?\b/i, '令牌'],
  [/\bcheckpoints?\b/i, '检查点'],
  [/\bholes?\b(?!\.)/, '空洞|补洞'],
  [/\bimages?\b/i, '镜像'],
  [/\blens(?:es)?\b/i, '透镜'],
  [/\bsealed\b/i, '封闭'],
  [/\btruncated?\b/i, '截断'],
  [/\bsnapshots?\b/i, '快照'],
  [/\breplay(?:s|ed)\b/i, '回放'],
  [/\bread points?\b/i, '读点'],
  [/\bvolatile\b/i, '未落盘|内存'],
  [/\bmetadata\b/i, '元数据'],
  [/\bdirty\b/i, '脏'],
  [/\bstandby\b/i, '备'],
  [/\barchive[ds]?\b/i, '归档'],
  [/\bbuffer\b/i, '缓冲'],
  [/\b[Tt]races?\b/, '追踪'],
  [/\bmonitors?\b/i, '监控器'],
  [/\binspector\b/i, '检查器'],
];

/** Words that said a term in another way, and what says it. */
const others: ReadonlyMap<string, string> = new Map([
  ['写者', '写节点'],
  ['法定数', '多数派'],
  ['仲裁', '多数派'],
  ['块组', 'chunk'],
  ['块服务器', 'ChunkServer'],
  ['表片', 'tablet'],
  ['映像', '镜像'],
  ['镜头', '透镜'],
  ['重放', '回放'],
  ['封存', '封闭'],
  ['读取点', '读点'],
  ['前世', '之前的启动'],
  ['今世', '本次启动'],
  ['轨迹', '追踪'],
  ['踪迹', '追踪'],
  ['监视器', '监控器'],
  ['同伴', '对等副本'],
  ['擦洗', '巡检'],
  ['毫秒', 'ms'],
]);

const halfWidth =
  /\p{Script=Han}["”’)）]? ?[,;:!?](?=\s|$|\p{Script=Han})|(?<=\p{Script=Han})[(](?=\p{Script=Han})/u;
/** A space between Chinese words. */
const stray = /\p{Script=Han} +\p{Script=Han}/u;

/** What is wrong with one Chinese text: nothing, or a line for each fault. */
export function chineseFaults({ zh, en }: Pick<ChineseText, 'zh' | 'en'>): readonly string[] {
  const found: string[] = [];
  // Other spellings by which a term is found stand in a row, each in its own language.
  const parts = zh.split('|');
  const said = parts.length > 1 ? parts.filter((part) => /\p{Script=Han}/u.test(part)).join('、') : zh;
  // A fact of a lesson is called by an English name in both languages.
  const words = said.replace(/\{\w*\}/g, ' ');
  if (en !== null)
    for (const [word] of words.matchAll(/[A-Za-z]\w*(?:-\w+)*/g))
      if (!latin.has(word) && !names.test(word)) found.push(`Latin word: ${word}`);
  if (en !== null && halfWidth.test(said)) found.push('half-width punctuation');
  if (parts.length === 1 && stray.test(said)) found.push('space between Chinese words');
  for (const [other, one] of others) if (words.includes(other)) found.push(`${other}: ${one} is the word`);
  if (parts.length > 1 || en === null) return found;
  const english = en.replace(/\{\w*\}/g, ' ');
  for (const [term, chinese] of terms)
    if (term.test(english) && !chinese.split('|').some((word) => zh.includes(word)))
      found.push(`${term.source}: ${chinese} is missing`);
  return found;
}
