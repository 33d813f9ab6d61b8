// Texts of the page "Speed".

import { defineTexts } from '../i18n/texts.ts';

const speedTexts = defineTexts({
  'speed.title': ['Speed in this browser', '此浏览器中的速度'],
  'speed.lead': [
    'The lab measures itself, in a window of its own, with a cluster of its own on real disks: about a minute and a half. Your cluster stands meanwhile. Times are wall time, on this machine, as busy as it is.',
    '实验室在单独的窗口里测量自己，用单独的集群和真实的磁盘，约一分半钟。其间你的集群暂停。时间是本机此刻负载下的实际时间。',
  ],
  'speed.back': ['Back to the lab', '返回实验室'],
  'speed.run': ['Measure', '开始测量'],
  'speed.again': ['Measure again', '重新测量'],
  'speed.stop': ['Stop', '停止'],
  'speed.copy': ['Copy as text', '复制为文本'],
  'speed.copied': ['Copied', '已复制'],
  'speed.runs': ['measuring', '测量中'],
  'speed.without': ['Not measured: {{error}}', '未测量：{{error}}'],
  'speed.blocked': [
    'The browser did not open the window. Allow windows of this page, then measure again.',
    '浏览器没有打开窗口。请允许此页面打开窗口，再重新测量。',
  ],
  'speed.closed': [
    'The window was closed. What it had measured stands below.',
    '窗口已关闭。已测得的结果在下面。',
  ],
  'speed.stopped': ['Stopped. What had been measured stands below.', '已停止。已测得的结果在下面。'],
  'speed.hidden': [
    'The window was hidden, and browsers slow what nobody sees. Leave it in sight, then measure again.',
    '窗口被遮住了，而浏览器会放慢看不见的窗口。请让它保持可见，再重新测量。',
  ],
  'speed.live': ['Open the lab, to a cluster at work', '打开实验室，到集群开始工作'],
  'speed.liveText': [
    'From the address to the first live picture: six nodes in workers, each with its disk.',
    '从打开地址到第一幅实时画面：六个节点各在一个 worker 中，各有磁盘。',
  ],
  'speed.sharded': ['Choose “Sharded”', '选择“分片”'],
  'speed.shardedText': [
    'From the choice to a postdb-v4 cluster at work.',
    '从选择到 postdb-v4 集群开始工作。',
  ],
  'speed.sharedDisk': ['Choose “Shared disk”', '选择“共享磁盘”'],
  'speed.sharedDiskText': [
    'From the choice to a polardb cluster at work.',
    '从选择到 polardb 集群开始工作。',
  ],
  'speed.undo': ['Undo a crash', '撤销一次宕机'],
  'speed.undoText': [
    'From the order to the picture of the cluster as it was before; the disks go back, too. Median of ten.',
    '从命令到集群恢复原样的画面，磁盘也一并回退。十次的中位数。',
  ],
  'speed.commits64': ['Durable commits, 64 clients', '持久提交，64 个客户端'],
  'speed.commits64Text': [
    'One writer, three stores, every commit on two disks before it is acknowledged, at maximum speed.',
    '一个写节点、三个存储节点；每次提交先写到两块磁盘才确认；最高速度。',
  ],
  'speed.commits256': ['Durable commits, 256 clients', '持久提交，256 个客户端'],
  'speed.commits256Text': ['The same with more clients.', '同上，客户端更多。'],
  'speed.pglite': ['PGlite, for comparison', 'PGlite，作对比'],
  'speed.pgliteText': [
    'PostgreSQL in this browser on the same kind of disk: the same rows, one after the other, each durable.',
    '同一浏览器、同类磁盘上的 PostgreSQL：同样的行，逐条插入，每条都持久。',
  ],
  'speed.frames': ['Frames a second with 50 nodes', '50 个节点时每秒帧数'],
  'speed.framesText': [
    'The map of fifty nodes while up to {{of}} messages are in flight, at 1:1000.',
    '五十个节点的地图，最多 {{of}} 条消息在途，速度 1:1000。',
  ],
  'speed.framesBefore': [
    'The map of fifty nodes with all its messages, at 1:1000.',
    '五十个节点及其全部消息的地图，速度 1:1000。',
  ],
  'speed.times': ['{{times}} × PGlite', 'PGlite 的 {{times}} 倍'],
  'speed.slowest': ['the slowest {{worst}} ms', '最慢 {{worst}} ms'],
  'speed.worstFrame': ['95 of 100 within {{worst}} ms', '95% 在 {{worst}} ms 以内'],
  'speed.fps': ['{{value}} a second', '每秒 {{value}} 帧'],
  'speed.group.waits': ['What a person waits for', '人要等多久'],
  'speed.group.commits': ['What the cluster does', '集群做多少'],
  'speed.group.screen': ['What the screen shows', '屏幕显示多少'],
});

type Texts = typeof speedTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
