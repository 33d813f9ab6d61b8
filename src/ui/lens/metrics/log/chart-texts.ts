// Texts of the charts, phases and lanes of a replicated log.

import { defineTexts } from '../../../i18n/texts.ts';

const chartTexts = defineTexts({
  'metrics.lag': ['Slowest replica behind its tail, LSNs', '最慢副本落后于尾部的 LSN 数'],
  'metrics.waiting': ['Commits waiting', '等待中的提交'],
  'metrics.openHoles': ['Holes open', '未填的空洞'],
  'metrics.fillTime': ['Hole fill time, ms', '空洞填充时间（毫秒）'],
  'metrics.filled': ['filled after', '填满用时'],
  'metrics.oldestHole': ['oldest open', '最早未填的已开'],
  'metrics.buffer': ['Pages in the writer’s buffer', '写节点缓冲池中的页'],
  'metrics.dirty': ['dirty', '脏页'],
  'metrics.pinned': ['kept until VDL', '须留到 VDL'],
  'metrics.proposals': ['Metadata proposals committed', '已提交的元数据提案'],
  'phase.recovery': ['recovery of the writer', '写节点恢复'],
  'phase.move': ['members change', '成员变更'],
  'phase.restore': ['restore', '恢复到时间点'],
  'phase.noQuorum': ['below the write quorum', '低于写多数派'],
  'phase.outage': ['object store away', '对象存储不可用'],
  'metrics.mark.phase': ['Hatched band', '斜纹带'],
  'metrics.mark.phaseText': [
    'A phase: R the writer recovers, M members change, P a restore to a point in time, Q a group is below its write quorum, O the object store is away.',
    '一个阶段：R 写节点恢复，M 成员变更，P 恢复到时间点，Q 某组低于写多数派，O 对象存储不可用。',
  ],
  'metrics.mark.point': ['Dot', '圆点'],
  'metrics.mark.pointText': ['A hole was filled then, after this time.', '此刻有空洞填满，用时如纵轴所示。'],
  'timeline.commits': ['commits', '提交'],
  'timeline.vdl': ['VDL', 'VDL'],
  'timeline.holes': ['holes', '空洞'],
  'metrics.behind': ['VCL − VDL', 'VCL − VDL'],
  'metrics.readerLag': ['Slowest reader behind VDL, LSNs', '最慢只读节点落后 VDL 的 LSN 数'],
});

type Texts = typeof chartTexts;
declare module '../../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
