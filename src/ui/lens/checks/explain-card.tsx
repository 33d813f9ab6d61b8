// Why a rule is violated: the rule in words, what the monitor said, and the two facts that cannot both stand, each with
// its event, its LSN, its node, and the way to where it is seen.

import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { useRun } from '../../../state/run-store.ts';
import { shownRunOf } from '../../../state/shown-place.ts';
import { currentLanguage, useT } from '../../i18n/i18n.ts';
import { Button, IconButton } from '../../kit/button.tsx';
import { groupDigits, millis } from '../../kit/format.ts';
import { useLab } from '../../lab-context.ts';
import { eventText } from '../../model/event-text.ts';
import { namePages } from '../../model/known-names.ts';
import { findRule, specFileOf } from '../../rules/registry.ts';
import { useLensPlace } from '../lens-place.ts';
import type { Fact } from './conflict.ts';
import {
  type Explained,
  endExplanation,
  explainStore,
  explainThere,
  goToViolation,
  showFact,
} from './explain-store.ts';
import '../../../words/lens/checks.en.json';

function FactRow({ title, fact }: { readonly title: string; readonly fact: Fact }): ReactNode {
  const t = useT();
  const lab = useLab();
  const { listed, lsn, lens } = fact;
  const { lenses } = useLensPlace();
  const entry = lenses.find(({ id }) => id === lens);
  const lensTitle = entry === undefined ? lens : t(entry.title);
  return (
    <li className="border-l-2 border-fence py-1 pl-3">
      <h4 className="text-[12px] text-muted">{title}</h4>
      <p className="mono font-semibold">{listed.event.kind}</p>
      <p className="mono text-[12px] leading-4 break-words">{eventText(listed.event)}</p>
      <p className="text-[12px] leading-5 text-muted">
        {t('checks.fact', { event: groupDigits(listed.index), at: millis(listed.at), node: listed.node })}
        {lsn !== null && ` · LSN ${groupDigits(lsn)}`}
      </p>
      <Button
        small
        look="line"
        aria-label={t('checks.factShow', { title, lens: lensTitle })}
        onClick={() => void showFact(lab, fact)}
      >
        {t('checks.showIn', { lens: lensTitle })}
      </Button>
    </li>
  );
}

function Facts({ explained }: { readonly explained: Explained }): ReactNode {
  const t = useT();
  const lab = useLab();
  const { conflict, violation } = explained;
  if (conflict === null) return <p className="text-muted">{t('loading')}</p>;
  const { offence, against, isOfWholeRun } = conflict;
  return (
    <>
      <ul className="mt-2 flex flex-col gap-2" aria-label={t('checks.facts')}>
        {offence !== null && <FactRow title={t('checks.offence')} fact={offence} />}
        {against !== null && <FactRow title={t('checks.against')} fact={against} />}
      </ul>
      {isOfWholeRun && <p className="mt-2 text-[12px] text-muted">{t('checks.ofWholeRun')}</p>}
      {offence === null && !isOfWholeRun && (
        <p className="mt-2 text-[12px] text-muted">
          {t('checks.factsGone')}{' '}
          <Button small look="line" onClick={() => void explainThere(lab, violation)}>
            {t('checks.factsFetch')}
          </Button>
        </p>
      )}
      {offence !== null && against === null && (
        <p className="mt-2 text-[12px] text-muted">{t('checks.againstGone')}</p>
      )}
    </>
  );
}

function Card({ explained }: { readonly explained: Explained }): ReactNode {
  const t = useT();
  const lab = useLab();
  const card = useRef<HTMLElement>(null);
  const language = currentLanguage() === 'zh-CN' ? 'zh' : 'en';
  const { violation } = explained;
  const rule = findRule(violation.rule);
  const title = rule?.title[language] ?? violation.rule;
  // What was asked for further down begins in sight.
  useEffect(() => {
    card.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <section
      ref={card}
      aria-label={t('checks.explained', { title })}
      className="mb-3 scroll-mt-14 rounded-s border border-fence p-3"
    >
      <div className="flex items-start gap-2">
        <h3 className="flex-1 text-[14px] leading-5 font-semibold">{t('checks.explained', { title })}</h3>
        <IconButton small icon={X} label={t('checks.explainEnd')} onClick={endExplanation} />
      </div>
      {rule !== undefined && (
        <>
          <p className="mt-1">{rule.text[language]}</p>
          <p className="mono mt-1 text-[12px] text-muted">
            {`${rule.slug} · ${rule.ids.join(', ')} · ${specFileOf(rule.ids[0] ?? '')}`}
          </p>
        </>
      )}
      <p className="mt-2 text-fence">
        {t('checks.found', {
          at: millis(violation.at),
          node: violation.node === null ? '' : t('checks.onNode', { node: violation.node }),
          message: namePages(violation.message),
        })}{' '}
        <Button small look="line" onClick={() => void goToViolation(lab, violation)}>
          {t('checks.goTo')}
        </Button>
      </p>
      <Facts explained={explained} />
    </section>
  );
}

export function ExplainCard(): ReactNode {
  const explained = useStore(explainStore, (state) => state.explained);
  const run = useRun(shownRunOf);
  if (explained === null || explained.run !== run) return null;
  const { rule, at } = explained.violation;
  return <Card key={`${rule} ${at}`} explained={explained} />;
}
