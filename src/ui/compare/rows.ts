// The one table of a comparison: a row for each question, with its words in both languages, and what each column answers. The page and the
// command line show the same rows. A calculated row says how (FENCE-54).

import type { MessageFamily } from '../../core/kernel/message-label.ts';
import type { BothWords } from '../../run-model/compare/compared.ts';
import type { ClusterPart } from '../../run-model/compare/parts.ts';
import {
  type ComparedReport,
  type Figure,
  type Latencies,
  longestOutage,
} from '../../run-model/compare/report.ts';

/** `us`: virtual µs, shown as ms. */
export type Unit = 'us' | 'bytes' | 'count';

export interface CellPart {
  readonly label: BothWords | null;
  readonly value: number;
  readonly unit: Unit;
  /** The event that the figure stands on; null: it is counted over a stretch, or calculated. */
  readonly event: number | null;
}

export interface Cell {
  readonly parts: readonly CellPart[];
  /** In place of figures, or beside them. */
  readonly words: BothWords | null;
}

export interface ComparedRow {
  readonly id: string;
  readonly label: BothWords;
  readonly means: BothWords;
  /** How it is calculated; null: it was measured in the run. */
  readonly calc: BothWords | null;
  /** A part of the row above it. */
  readonly isPart: boolean;
  readonly cells: readonly Cell[];
}

interface RowKind extends Pick<ComparedRow, 'id' | 'label' | 'means'> {
  readonly calc?: BothWords;
  readonly isPart?: true;
  readonly cell: (report: ComparedReport) => Cell;
}

const words = (en: string, zh: string): BothWords => ({ en, zh });

const part = ({ value, event }: Figure, unit: Unit, label: BothWords | null = null): CellPart[] =>
  value === null ? [] : [{ label, value, unit, event }];
const counted = (value: number, unit: Unit, label: BothWords | null = null): CellPart[] =>
  part({ value, event: null }, unit, label);
const cell = (parts: readonly CellPart[], text: BothWords | null = null): Cell => ({ parts, words: text });
const only = (text: BothWords): Cell => cell([], text);

const noFault = words('no such part', '没有这一部分');
const noReaders = words('no readers apart', '没有单独的只读节点');
const stages = [
  ['before', words('before', '之前')],
  ['during', words('during', '期间')],
  ['after', words('after', '之后')],
] as const;

const percentile =
  (of: 'p50' | 'p95') =>
  (report: ComparedReport): Cell =>
    cell(stages.flatMap(([stage, label]) => part((report[stage] satisfies Latencies)[of], 'us', label)));

/** Per acknowledged commit of the stretch before the fault. */
const perCommit = ({ commitsBefore }: ComparedReport, bytes: number): number =>
  commitsBefore === 0 ? 0 : Math.round(bytes / commitsBefore);
const sum = (bytes: Readonly<Partial<Record<string, number>>>): number =>
  Object.values(bytes).reduce<number>((total, more) => total + (more ?? 0), 0);

export const phaseWords: Readonly<Record<string, BothWords>> = {
  detect: words('noticing that the writer is gone', '检测到写节点失效'),
  appoint: words('choosing and fencing: a new token', '选定与隔离：新令牌'),
  recover: words('recovery until the volume is open', '恢复，直到卷打开'),
  serve: words('the first commit of the new writer', '新写节点的第一次提交'),
  write: words('the write’s own way: log, quorum, answer', '写本身的路：日志、多数派、应答'),
};

const familyWords: Readonly<Record<MessageFamily, BothWords>> = {
  sqlRequest: words('SQL requests', 'SQL 请求'),
  sqlReply: words('SQL replies', 'SQL 应答'),
  wal: words('log, journal and device writes', '日志、日志流与设备写'),
  ack: words('acknowledgements', '确认'),
  holeRequest: words('requests for holes', '空洞请求'),
  holeFill: words('log between replicas', '副本之间的日志'),
  pageRead: words('page reads', '读页请求'),
  pageReply: words('pages', '页'),
  control: words('control', '控制'),
  heartbeat: words('heartbeats', '心跳'),
  fence: words('fencing and recovery', '隔离与恢复'),
  archive: words('archive', '归档'),
};

const partWords: Readonly<Record<ClusterPart, BothWords>> = {
  compute: words('compute nodes', '计算节点'),
  storage: words('storage nodes', '存储节点'),
  control: words('metadata nodes', '元数据节点'),
  client: words('client', '客户端'),
  whole: words('nodes that compute and store', '既计算又存储的节点'),
};

const timeRows: readonly RowKind[] = [
  {
    id: 'rto',
    label: words('RTO', 'RTO 恢复时间'),
    means: words(
      'From the death of a writer to the first commit that its successor acknowledges (FENCE-56), for the volume that waits longest.',
      '从写节点断电到继任者确认的第一次提交（FENCE-56）；取等得最久的卷。',
    ),
    cell: ({ rto, outages, isAbsent, stopAt, faultAt }) => {
      if (isAbsent) return only(noFault);
      if (outages.length === 0) return only(words('no writer was lost', '写节点没有失效'));
      const ms = (stopAt - faultAt) / 1000;
      if (rto.value === null) return only(words(`none within ${ms} ms`, `${ms} ms 内没有`));
      const [{ next } = { next: null }] = outages;
      const volumes = words(
        `${outages.length} volume${outages.length === 1 ? '' : 's'}, to ${next ?? '–'}`,
        `${outages.length} 个卷，转到 ${next ?? '–'}`,
      );
      const idle = words('open again; nobody has written there since', '已重新打开；此后没有人写它');
      return cell(part(rto, 'us'), longestOutage({ outages, stopAt })?.commit === null ? idle : volumes);
    },
  },
  {
    id: 'pause',
    label: words('Longest time without a commit', '最长无提交时间'),
    means: words(
      'Of all clients together, from the fault on. Volumes that keep their writer go on meanwhile.',
      '所有客户端合计，从故障起。写节点仍在的卷照常提交。',
    ),
    cell: ({ pause, isAbsent }) => (isAbsent ? only(noFault) : cell(part(pause, 'us'))),
  },
  {
    id: 'rpo',
    label: words('RPO: acknowledged and lost', 'RPO：已确认而丢失'),
    means: words(
      'Writes that were acknowledged and are not in the rows that are read at the end. It must be 0.',
      '已确认、却不在最后读回的行中的写。必须为 0。',
    ),
    cell: ({ lost, violations }) =>
      cell(
        part(lost, 'count'),
        lost.value === null
          ? words('the last read was not answered', '最后的读没有得到应答')
          : violations.length > 0
            ? words(`rules violated: ${violations.length}`, `违反规则：${violations.length}`)
            : null,
      ),
  },
  {
    id: 'unknown',
    label: words('Outcome unknown to the client', '客户端不知结果'),
    means: words(
      'Writes that were not answered, or whose answer says that nobody knows: they may be there or not.',
      '没有应答，或应答说结果不明的写：可能在，也可能不在。',
    ),
    cell: ({ unknown }) => cell(part(unknown, 'count')),
  },
  {
    id: 'failed',
    label: words('Answered with an error', '以错误应答'),
    means: words(
      'Writes that failed from the fault on: not there, and the client knows it. It may try again.',
      '从故障起失败的写：没有生效，客户端知道，可以再试。',
    ),
    cell: ({ failed, isAbsent }) => (isAbsent ? only(noFault) : cell(part(failed, 'count'))),
  },
  {
    id: 'longest',
    label: words('What the longest wait waited on', '最长的等待在等什么'),
    means: words(
      'The longest phase of the longest outage; where no writer was lost, of the slowest write after the fault.',
      '最长中断里最长的阶段；若写节点没有失效，则是故障之后最慢的写。',
    ),
    cell: ({ longest, isAbsent }) => {
      if (isAbsent) return only(noFault);
      if (longest === null) return only(words('nothing', '无'));
      const on = phaseWords[longest.on] ?? words(`sent again: ${longest.on}`, `重发：${longest.on}`);
      return cell(part(longest, 'us'), on);
    },
  },
  {
    id: 'p50',
    label: words('Commit, p50', '提交 p50'),
    means: words(
      'From a client’s call to its answer, of writes that were acknowledged: before the fault, open at some time of the outage, called after it.',
      '从客户端调用到应答，只计已确认的写：故障之前、中断期间未结束的、之后调用的。',
    ),
    cell: percentile('p50'),
  },
  {
    id: 'p95',
    label: words('Commit, p95', '提交 p95'),
    means: words('As above: 95 of 100 were answered within it.', '同上：百分之九十五在此之内得到应答。'),
    cell: percentile('p95'),
  },
  {
    id: 'staleness',
    label: words('Reader staleness', '只读节点滞后'),
    means: words(
      'From the acknowledgement of a commit to when a reader shows it, from the fault on, over all readers that serve.',
      '从确认一次提交到只读节点可见它的时间；从故障起，对所有在服务的只读节点。',
    ),
    cell: ({ staleness }) =>
      staleness === null
        ? only(noReaders)
        : cell([
            ...part(staleness.median, 'us', words('median', '中位')),
            ...part(staleness.max, 'us', words('max', '最大')),
          ]),
  },
];

const costRows: readonly RowKind[] = [
  {
    id: 'recoveryLsns',
    label: words('Recovery work: LSNs', '恢复工作：LSN'),
    means: words(
      'Between grant and opening: log that was scanned from a checkpoint, copied between replicas, or deleted.',
      '授予令牌到打开之间：从检查点扫描的、在副本之间复制的或删除的日志。',
    ),
    cell: ({ recovery, isAbsent }) =>
      isAbsent
        ? only(noFault)
        : recovery === null
          ? only(words('no recovery', '没有恢复'))
          : cell(part(recovery.lsns, 'count')),
  },
  {
    id: 'recoveryBytes',
    label: words('Recovery work: bytes', '恢复工作：字节'),
    means: words(
      'Bytes on the network from and to the new writer between grant and opening, clients and heartbeats left out.',
      '授予令牌到打开之间，新写节点收发的网络字节，不计客户端与心跳。',
    ),
    cell: ({ recovery, isAbsent }) =>
      isAbsent
        ? only(noFault)
        : recovery === null
          ? only(words('no recovery', '没有恢复'))
          : cell(counted(recovery.bytes, 'bytes')),
  },
  {
    id: 'net',
    label: words('Network bytes per commit', '每次提交的网络字节'),
    means: words(
      'All messages of the 150 ms before the fault, heartbeats too, divided by the commits acknowledged then.',
      '故障前 150 ms 内的全部消息（含心跳），除以其间确认的提交数。',
    ),
    cell: (report) => cell(counted(perCommit(report, sum(report.sent)), 'bytes')),
  },
];

const diskRows: readonly RowKind[] = [
  {
    id: 'disk',
    label: words('Bytes written to disks per commit', '每次提交写盘的字节'),
    means: words('Of the same 150 ms, on all nodes.', '同样的 150 ms，所有节点。'),
    cell: (report) => cell(counted(perCommit(report, sum(report.written)), 'bytes')),
  },
];

const pageRows: readonly RowKind[] = [
  {
    id: 'pages',
    label: words('Page images', '页镜像'),
    means: words(
      'From 150 ms before the fault to 300 ms after it: stored by the writer, or built from the log by storage.',
      '故障前 150 ms 到故障后 300 ms：写节点存下的，或存储由日志造出的。',
    ),
    cell: ({ storedPages, builtPages }) =>
      cell([
        ...counted(storedPages, 'count', words('by the writer', '写节点')),
        ...counted(builtPages, 'count', words('by storage', '存储')),
      ]),
  },
  {
    id: 'copied',
    label: words('Copied to the node that was added', '复制给新节点'),
    means: words(
      'A reader: all that it received until it served. A storage node: base images of its replicas.',
      '只读节点：到能服务为止收到的全部。存储节点：其副本的基础镜像。',
    ),
    cell: ({ copied, isAbsent, faultAt }) => {
      if (isAbsent) return only(noFault);
      if (copied === null) return only(words('none was added', '没有添加'));
      return cell([
        ...counted(copied.bytes, 'bytes'),
        ...counted(copied.pages, 'count', words('pages', '页')),
        ...(copied.serves === null
          ? []
          : part(
              { value: copied.serves.at - faultAt, event: copied.serves.event },
              'us',
              words('serves after', '能服务'),
            )),
      ]);
    },
  },
  {
    id: 'readerDisk',
    label: words('On a reader’s own disk', '只读节点自己的盘'),
    means: words('Most bytes on the disk of a reader at the end.', '结束时只读节点盘上最多的字节。'),
    cell: ({ readerDisk }) => (readerDisk === null ? only(noReaders) : cell(counted(readerDisk, 'bytes'))),
  },
  {
    id: 'stored',
    label: words('Stored by storage, all copies', '存储层的字节（含全部副本）'),
    means: words('Bytes on the disks that hold the data, at the end.', '结束时存数据的盘上的字节。'),
    cell: ({ stored, copies }) =>
      cell(
        counted((stored.storage ?? 0) + (stored.whole ?? 0), 'bytes'),
        words(`${copies} copies`, `${copies} 份`),
      ),
  },
  {
    id: 'calcCopied',
    label: words('A traditional replica would copy', '传统副本要复制'),
    means: words(
      'Where each replica has its own copy of the volume (FENCE-54). Beside it: what a reader here has copied.',
      '每个副本各有一份卷时（FENCE-54）。对照：这里的只读节点复制了多少。',
    ),
    calc: words('volume = stored ÷ copies', '卷 = 存储字节 ÷ 副本数'),
    cell: ({ classic }) => cell(counted(classic.volumeBytes, 'bytes')),
  },
  {
    id: 'calcStart',
    label: words('… and serve after', '……并在此后能服务'),
    means: words(
      'It copies at 100 000 bytes a ms, then applies what was logged meanwhile at 0.05 ms a record (FENCE-54).',
      '以每 ms 100 000 字节复制，再以每条 0.05 ms 应用其间的日志（FENCE-54）。',
    ),
    calc: words(
      'copy = volume ÷ 100 000; copy + copy × records per ms × 0.05',
      '复制 = 卷 ÷ 100 000；复制 + 复制 × 每 ms 记录数 × 0.05',
    ),
    cell: ({ classic }) => cell(counted(classic.startMs * 1000, 'us')),
  },
  {
    id: 'calcStored',
    label: words('N + 1 against N + N', 'N + 1 对 N + N'),
    means: words(
      'Bytes of one copy of the volume: shared by all compute nodes, or one for the writer and each of r replicas (FENCE-54).',
      '卷一份的字节：所有计算节点共享一份，或写节点与 r 个副本各一份（FENCE-54）。',
    ),
    calc: words('volume; (1 + r) × volume', '卷；(1 + r) × 卷'),
    cell: ({ classic }) =>
      cell([
        ...counted(classic.volumeBytes, 'bytes', words('shared', '共享')),
        ...counted(
          classic.storageBytes,
          'bytes',
          words(`each its own, r = ${classic.replicas}`, `各有一份，r = ${classic.replicas}`),
        ),
      ]),
  },
];

/** One row for each kind that any column has. */
function partRows<K extends string>(
  reports: readonly ComparedReport[],
  prefix: string,
  names: Readonly<Record<K, BothWords>>,
  of: (report: ComparedReport) => Readonly<Partial<Record<K, number>>>,
): readonly RowKind[] {
  const kinds = (Object.keys(names) as K[]).filter((kind) => reports.some((one) => (of(one)[kind] ?? 0) > 0));
  return kinds.map((kind) => ({
    id: `${prefix}.${kind}`,
    label: names[kind],
    means: words('A part of the row above.', '上一行的一部分。'),
    isPart: true,
    cell: (report) => cell(counted(perCommit(report, of(report)[kind] ?? 0), 'bytes')),
  }));
}

export function comparedRows(reports: readonly ComparedReport[]): readonly ComparedRow[] {
  const kinds = [
    ...timeRows,
    ...costRows,
    ...partRows(reports, 'net', familyWords, ({ sent }) => sent),
    ...diskRows,
    ...partRows(reports, 'disk', partWords, ({ written }) => written),
    ...pageRows,
  ];
  return kinds.map(({ id, label, means, calc, isPart, cell: of }) => ({
    id,
    label,
    means,
    calc: calc ?? null,
    isPart: isPart === true,
    cells: reports.map(of),
  }));
}
