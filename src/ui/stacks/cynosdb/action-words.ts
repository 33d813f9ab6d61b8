// Words of the actions on replicas, the archive, volumes and the writer's buffer.

import { type ActionWords, actionWordsOf } from '../../faults/action-table.ts';
import type { Translate } from '../../i18n/i18n.ts';
import { pageText } from '../../model/known-names.ts';
import '../../../words/cynosdb/agent.en.json';
import '../../../words/cynosdb/reader.en.json';
import '../../../words/cynosdb/word.en.json';

const groupText = (group: string | null, t: Translate): string => group ?? t('word.everyGroup');

export const actionWords: readonly ActionWords[] = [
  actionWordsOf(['pauseHoles', 'resumeHoles'], ({ kind, node }, t) => t(`word.${kind}`, { node })),
  actionWordsOf(['padTo'], ({ upTo }, t) => t('word.padTo', { lsn: upTo })),
  actionWordsOf(['moveReplica'], ({ node, group, to }, t) =>
    t('word.moveReplica', { node, group: groupText(group, t), to }),
  ),
  actionWordsOf(['nameArchiver'], ({ node, group }, t) =>
    t('word.nameArchiver', { node, group: groupText(group, t) }),
  ),
  actionWordsOf(['rollbackMove'], ({ group }, t) => t('word.rollbackMove', { group: groupText(group, t) })),
  actionWordsOf(['addPcs', 'removePcs', 'transferPcs'], ({ kind, node }, t) => t(`word.${kind}`, { node })),
  actionWordsOf(['putConfig'], ({ scope, key, value }, t) =>
    value === 'unset' ? t('word.unsetConfig', { scope, key }) : t('word.putConfig', { scope, key, value }),
  ),
  actionWordsOf(['ask'], ({ nodes, command }, t) =>
    t('word.ask', { nodes: nodes.join(t('list.comma')), command: command.kind }),
  ),
  actionWordsOf(['editConfig'], ({ node, key, value }, t) => t('word.editConfig', { node, key, value })),
  actionWordsOf(['restore'], ({ source, volume }, t) => t('word.restore', { source, volume })),
  actionWordsOf(['cancelRestore', 'dropVolume'], ({ kind, volume }, t) => t(`word.${kind}`, { volume })),
  actionWordsOf(['readPage'], ({ node, blockKey, readPoint }, t) =>
    t('word.readPage', { node, page: pageText(blockKey), point: readPoint }),
  ),
  actionWordsOf(['revokeReader'], ({ node, reader }, t) => t('word.revokeReader', { node, reader })),
  actionWordsOf(['switchover', 'moveToHa'], ({ kind, node }, t) => t(`word.${kind}`, { node })),
  actionWordsOf(['checkpoint'], ({ node }, t) => t('word.checkpoint', { node })),
  actionWordsOf(['evictPage', 'pinPage', 'unpinPage'], ({ kind, node, blockKey }, t) =>
    t(`word.${kind}`, { node, page: pageText(blockKey) }),
  ),
];
