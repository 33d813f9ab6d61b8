// Facts about the chosen event of lens 4.7: its relation to a second one, its cones, its vector clock.

import type { ReactNode } from 'react';
import { useT } from '../../i18n/i18n.ts';
import { millis } from '../../kit/format.ts';
import { describeChosen, describeRelation } from './describe.ts';
import type { SpaceTimeModel } from './model.ts';
import '../../../words/lens/space-time.en.json';

export function EventFacts({ model }: { readonly model: SpaceTimeModel }): ReactNode {
  const t = useT();
  const relation = describeRelation(model, t);
  const chosen = describeChosen(model, t);
  return (
    // As high with an event as without: lanes that move under the hand would take the second click elsewhere.
    <section
      aria-label={t('spaceTime.chosenEvent')}
      className="h-[116px] flex-none overflow-y-auto px-4 py-2 text-[12px] leading-5"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      {relation !== null && <p className="font-semibold">{relation}</p>}
      {model.chosen === null ? (
        <p className="text-muted">{t('spaceTime.help')}</p>
      ) : (
        <>
          <p>{chosen}</p>
          <p className="mono text-muted">
            {t('spaceTime.clock')} {model.chosen.clock.map(([node, place]) => `${node} ${place}`).join(' · ')}
          </p>
        </>
      )}
      {model.through.length > 0 && (
        <p className="text-muted">{t('spaceTime.through', { count: model.through.length })}</p>
      )}
      {model.forgottenTo !== null && (
        <p className="text-muted">{t('spaceTime.forgotten', { time: millis(model.forgottenTo) })}</p>
      )}
      {model.left > 0 && <p className="text-muted">{t('spaceTime.left', { count: model.left })}</p>}
    </section>
  );
}
