// Reading the chosen page as of a read point (WAL-34, 35): an action on the tape; the answers are the trace's.

import { BookOpen } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { nodeId } from '../../../../../base/ids.ts';
import { doAction } from '../../../../faults/do-action.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { Button } from '../../../../kit/button.tsx';
import { useLab } from '../../../../lab-context.ts';
import { LsnField } from '../../../../lens/section.tsx';
import { type PastNeed, usePast } from '../../../../lens/use-past.ts';
import type { ChainsModel } from './project.ts';

/** Answers listed, newest first. */
const shown = 5;

const probeNeed: PastNeed = { minRank: 0, kinds: ['page.probe'], withMessages: false };

interface ToolProps {
  readonly model: ChainsModel;
  readonly blockKey: number;
  readonly name: string;
}

export function ReadTool({ model, blockKey, name }: ToolProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const past = usePast(Number.POSITIVE_INFINITY, null, probeNeed);
  const [point, setPoint] = useState(Math.max(0, model.vdl));
  const answers = (past?.events ?? []).flatMap(({ index, event }) =>
    event.kind === 'page.probe' && event.blockKey === blockKey ? [{ index, ...event }] : [],
  );
  const read = (): void =>
    void doAction(lab, {
      kind: 'readPage',
      node: nodeId(model.writer),
      volume: model.volume,
      blockKey,
      readPoint: point,
    });
  return (
    <section className="px-4 pb-3" aria-label={t('chains.readTool')}>
      <h3 className="heading">{`${t('chains.readTool')} · ${name}`}</h3>
      <div className="flex flex-wrap items-center gap-2">
        <LsnField label={t('chains.read')} value={point} onChange={setPoint} />
        <Button small look="line" icon={BookOpen} onClick={read}>
          {t('chains.readGo')}
        </Button>
      </div>
      <ul className="mono pt-1 text-[12px] leading-5">
        {answers
          .slice(-shown)
          .reverse()
          .map(({ index, readPoint, pageLsn, error, from }) => (
            <li key={index}>
              {error === ''
                ? t('chains.gotPage', { point: readPoint, lsn: pageLsn, store: from })
                : t('chains.refused', { point: readPoint, error })}
            </li>
          ))}
      </ul>
    </section>
  );
}
