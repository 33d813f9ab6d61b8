// From a figure to its event: the run of a column is opened in the lab as a replay, at the event. The address is a link of its own, which can be
// copied or opened in another tab.

import { type ReactNode, useEffect, useState } from 'react';
import { messageOf } from '../../base/thrown.ts';
import type { Lab } from '../../lab/api.ts';
import type { ComparedReport } from '../../run-model/compare/report.ts';
import { goTo } from '../../state/route-store.ts';
import { t } from '../i18n/i18n.ts';
import { groupDigits } from '../kit/format.ts';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';
import { focusStep } from '../story/open-at.ts';
import { goToEvent } from '../time/go-to-event.ts';
import { searchStore } from '../time/search-store.ts';
import '../../words/compare.en.json';

/** Address of a column's run, without the event; empty until it is made. */
export function useRunLink({ tape }: ComparedReport): string {
  const [link, setLink] = useState('');
  useEffect(() => {
    let isLeft = false;
    void import('../../lab/share.ts').then(({ encodeTape }) => {
      if (!isLeft) setLink(`#/lab&r=${encodeTape(tape)}`);
    });
    return () => {
      isLeft = true;
    };
  }, [tape]);
  return link;
}

async function openAt(lab: Lab, { tape, column }: ComparedReport, event: number): Promise<void> {
  goTo('lab');
  const opened = await lab.openTape(tape);
  if (!opened.ok) throw new Error(opened.error);
  lab.pause();
  const found = await goToEvent(lab, event);
  if (found === null) return;
  searchStore.setState({ at: found });
  focusStep();
  showToast({ kind: 'done', text: t('compare.opened', { event: groupDigits(event), column }) });
}

interface EventLinkProps {
  readonly report: ComparedReport;
  readonly link: string;
  readonly event: number;
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}

export function EventLink({ report, link, event, label, className, children }: EventLinkProps): ReactNode {
  const lab = useLab();
  return (
    <a
      className={className ?? 'compare-link'}
      href={`${link}&at=${event}`}
      aria-label={label}
      title={label}
      onClick={(press) => {
        if (press.ctrlKey || press.metaKey || press.shiftKey) return;
        press.preventDefault();
        void openAt(lab, report, event).catch((error: unknown) =>
          showToast({ kind: 'error', text: t('compare.notOpened', { error: messageOf(error) }) }),
        );
      }}
    >
      {children}
    </a>
  );
}
