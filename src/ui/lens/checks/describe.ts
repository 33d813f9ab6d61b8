// Lens 4.10 in words.

import { type Translate, translateLoose } from '../../i18n/i18n.ts';
import type { OperationModel } from './operations.ts';
import type { BoardModel } from './project.ts';
import '../../../words/lens/checks.en.json';

export const describeBoard = ({ counts }: BoardModel, t: Translate): string => t('checks.describe', counts);

export function describeOperations(model: OperationModel, t: Translate): string {
  const said = t('checks.historyDescribe', {
    count: model.bars.length,
    clients: model.clients.length,
    ...model.outcomes,
  });
  if (model.key === null) {
    const { faultyKeys } = model;
    return faultyKeys.length === 0
      ? said
      : `${said} ${t('checks.illegalKeys', { keys: faultyKeys.join(t('list.comma')) })}`;
  }
  const { key, fault } = model;
  const reason = fault === null ? '' : translateLoose(`checks.reason.${fault}`, {});
  return `${said} ${fault === null ? t('checks.legal', { key }) : t('checks.illegal', { key, reason })}`;
}
