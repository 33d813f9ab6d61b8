// Texts of the bar about builds: a newer one, one that another tab took, a part that is missing.

import { defineTexts } from '../i18n/texts.ts';

const buildTexts = defineTexts({
  'build.update': ['Update', '更新'],
  'build.next': [
    'A newer build of the lab is ready. Update loads the page anew; the run goes on from its disks.',
    '实验室有新版本。更新会重新加载页面，运行从磁盘继续。',
  ],
  'build.nextOther': [
    'A newer build is ready: engine {{engine}}, stored format {{format}}. It does not open this run, which is of engine {{mine}}, format {{myFormat}}. Export its tape first, or go on here: this page stays on its build until you update.',
    '新版本已就绪：引擎 {{engine}}，存储格式 {{format}}。它不能打开本次运行（引擎 {{mine}}，存储格式 {{myFormat}}）。请先导出磁带，或在此继续：更新之前，此页面一直使用当前版本。',
  ],
  'build.nextUnknown': [
    'A newer build is ready. It does not say whether it opens this run. Export its tape first, or go on here: this page stays on its build until you update.',
    '新版本已就绪，但未说明能否打开本次运行。请先导出磁带，或在此继续：更新之前，此页面一直使用当前版本。',
  ],
  'build.replaced': [
    'Another tab has updated the lab. This page is of the build before, and parts that it has not loaded may be missing: export the tape if you need it, then reload.',
    '另一个标签页已更新实验室。此页面仍是旧版本，尚未加载的部分可能缺失：需要时请先导出磁带，再重新加载。',
  ],
  'build.missing': [
    'A part of the lab could not be loaded: there is no connection, or its host has a newer build. The run and its disks are as they were. Reload when the connection is back.',
    '实验室的一部分无法加载：网络已断开，或主机上已是新版本。运行及其磁盘保持原样。恢复连接后请重新加载。',
  ],
});

type Texts = typeof buildTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
