// Texts of the dock's tape editor.

import { defineTexts } from '../i18n/texts.ts';

export const dockTexts = defineTexts({
  en: {
    'tape.actions': 'Actions of the tape',
    'tape.header': 'Header',
    'tape.on': 'Line {{line}} takes part',
    'tape.at': 'Time of line {{line}}, ms',
    'tape.line': 'Action of line {{line}}',
    'tape.remove': 'Remove line {{line}}',
    'tape.add': 'Add an action',
    'tape.run': 'Run edited tape',
    'tape.revert': 'Discard edits',
    'tape.edited': 'edited',
    'tape.drag': 'drag to move in time',
    'tape.none': 'Nothing was done to this run yet. A fault, a statement or a load is one line here.',
    'tape.wrong': 'Line {{line}}: {{error}}',
    'tape.runNote':
      'Runs as a replay in memory; your cluster and its disks stay as they are. Return to live brings them back.',
  },
  zh: {
    'tape.actions': '磁带的动作',
    'tape.header': '头部',
    'tape.on': '第 {{line}} 行参与运行',
    'tape.at': '第 {{line}} 行的时间（毫秒）',
    'tape.line': '第 {{line}} 行的动作',
    'tape.remove': '删除第 {{line}} 行',
    'tape.add': '添加动作',
    'tape.run': '运行编辑后的磁带',
    'tape.revert': '放弃编辑',
    'tape.edited': '已编辑',
    'tape.drag': '拖动以改变时间',
    'tape.none': '还没有对这次运行做任何事。每个故障、语句或负载在这里都是一行。',
    'tape.wrong': '第 {{line}} 行：{{error}}',
    'tape.runNote': '在内存中以重放方式运行；你的集群与磁盘保持原样，“回到实时”即可返回。',
  },
});
