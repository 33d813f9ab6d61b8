// What a structure check of a volume's pages finds, and where: kinds with their words in both languages, and the report.

import type { PageKey } from '../../core/page/page-key.ts';

/** `fsck.<kind>`; the numbers of a finding stand beside its words. */
export const findingTexts = {
  'fsck.page.missing': ['a page that its relation counts is not there', '关系登记的页不存在'],
  'fsck.page.beyond': ['a page lies beyond the size of its relation', '页超出所属关系的大小'],
  'fsck.page.damaged': ['the bytes of a page are not sound', '页内容不完好'],
  'fsck.page.kind': ['a page is of another kind than its place asks for', '页的类型与其位置不符'],
  'fsck.page.ahead': ['pageLsn lies above the read point', 'pageLsn 高于读点'],
  'fsck.volume.missing': ['the volume has pages and no metadata page', '卷有页却没有元数据页'],
  'fsck.clog.missing': ['a page of the commit log is not there', '提交日志缺页'],
  'fsck.clog.beyond': ['an xid that was never given out is committed', '从未分配的 xid 被记为已提交'],
  'fsck.catalog.row': ['a row of the catalog cannot be read', '目录中的一行无法读取'],
  'fsck.catalog.twice': ['two relations have one name or one number', '两个关系同名或同号'],
  'fsck.sequence.state': ['a sequence stands outside of its bounds', '序列的当前值超出其范围'],
  'fsck.clients.entry': [
    'an entry of the client table is at the wrong place, or twice',
    '客户端表的条目位置错误或重复',
  ],
  'fsck.heap.xid': ['a row names an xid that was never given out', '行版本引用了从未分配的 xid'],
  'fsck.heap.frozen': ['a frozen row was never committed', '已冻结的行版本从未提交'],
  'fsck.heap.row': ['the bytes of a row do not fit its columns', '行内容与列定义不符'],
  'fsck.heap.link': ['a link between versions leads to nothing, or to another row', '版本链指向空槽或别的行'],
  'fsck.heap.orphan': [
    'a committed version is reached by no link, or by several',
    '已提交版本无链可达，或被多条链指向',
  ],
  'fsck.index.level': ['a child is not one level below its parent', '子页不在父页的下一层'],
  'fsck.index.order': [
    'entries are out of order or outside of the bounds that the parent gives',
    '索引项乱序或超出父页界限',
  ],
  'fsck.index.sibling': ['the right sibling link skips or invents a page', '右兄弟指针跳页或指向错误的页'],
  'fsck.index.reach': ['a page of the index is reached twice, or not at all', '索引页被多次到达或不可达'],
  'fsck.index.dangling': ['an index entry leads to no row', '索引项没有对应的堆行'],
  'fsck.index.key': ['an index entry and its row have different keys', '索引项与其堆行的键不同'],
  'fsck.index.twice': ['two index entries lead to one row', '两个索引项指向同一行'],
  'fsck.index.missing': ['a row of the heap has no index entry', '堆行没有索引项'],
  'fsck.paths.differ': ['heap scan and index scan see different rows', '堆扫描与索引扫描所见的行不同'],
  'fsck.paths.twice': ['one unique key has two visible rows', '同一唯一键有两行可见'],
  'fsck.large.missing': [
    'a large value of a row is not there, or not what was written',
    '某行的大值缺失，或与写入的内容不符',
  ],
  'fsck.large.twice': ['two rows have one large value', '两行共用同一个大值'],
  'fsck.large.orphan': ['a large value belongs to no row', '大值不属于任何行'],
  'fsck.space.map': ['the free-space map contradicts itself', '空闲空间映射自相矛盾'],
} as const satisfies Readonly<Record<string, readonly [en: string, zh: string]>>;

type KindOf<K> = K extends `fsck.${infer Kind}` ? Kind : never;
export type FindingKind = KindOf<keyof typeof findingTexts>;

export interface Finding {
  readonly kind: FindingKind;
  /** Empty: of the system's own pages, or of no table. */
  readonly table: string;
  readonly blockKey: PageKey;
  /** Slot of a heap page or entry of an index page; −1: the page. */
  readonly place: number;
  /** Numbers and names only. */
  readonly detail: string;
}

export interface FsckReport {
  readonly volume: string;
  /** The read point: pages are as of this LSN. */
  readonly at: number;
  readonly pages: number;
  readonly tables: number;
  /** Visible rows of all tables, and entries of their indexes. */
  readonly rows: number;
  readonly entries: number;
  /** Values of visible rows that are stored out of line. */
  readonly large: number;
  /** Pages of the indexes: leaves, leaves without an entry, inner pages, and the greatest number of levels. */
  readonly leaves: number;
  readonly emptyLeaves: number;
  readonly innerPages: number;
  readonly levels: number;
  /** Of all findings the first MOST_FINDINGS. */
  readonly findings: readonly Finding[];
  readonly found: number;
}

export const MOST_FINDINGS = 100;
