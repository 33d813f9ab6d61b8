// A range of LSNs of one replica or of all: copied, or its sends that are on their way dropped or delayed. Drawn by
// dragging on the plot, or typed here.

import { Copy, Hourglass, PackageX, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFrame } from '../../../../../state/frame-store.ts';
import { writeClipboard } from '../../../../export/clipboard.ts';
import { doActions } from '../../../../faults/do-action.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { Button, IconButton } from '../../../../kit/button.tsx';
import { rangeText } from '../../../../kit/format.ts';
import { Select } from '../../../../kit/select.tsx';
import { showToast } from '../../../../kit/toast.ts';
import { useLab } from '../../../../lab-context.ts';
import { LsnField } from '../../../../lens/section.tsx';
import { sendsOf } from '../../../../model/request-message.ts';
import type { ChosenRange } from './use-press.ts';
import '../../../../../words/cynosdb/wal.en.json';

/** What "delay" adds, µs. */
const delayUs = 5000;
const anyNode = '*';

interface RangeToolProps {
  readonly group: string;
  readonly replicas: readonly string[];
  readonly range: ChosenRange;
  readonly onRange: (range: ChosenRange | null) => void;
}

export function RangeTool({ group, replicas, range, onRange }: RangeToolProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const flights = useFrame((state) => state.frame?.flights);
  const sends = sendsOf(flights ?? [], group, range);
  const text = rangeText(range.first, range.end);
  const copy = async (): Promise<void> => {
    try {
      await writeClipboard(text);
      showToast({ kind: 'done', text: t('walRange.copied', { range: text }) });
    } catch {
      showToast({ kind: 'error', text: t('toast.notCopied') });
    }
  };
  const each = (kind: 'drop' | 'delay'): Promise<void> =>
    doActions(
      lab,
      sends.map(({ id }) =>
        kind === 'drop'
          ? { kind: 'dropMessage', message: id }
          : { kind: 'delayMessage', message: id, byUs: delayUs },
      ),
    );
  return (
    <section className="flex flex-wrap items-center gap-2 px-4 pb-2" aria-label={t('walRange.title')}>
      <LsnField
        label={t('walRange.from')}
        value={range.first}
        onChange={(first) => onRange({ ...range, first, end: Math.max(range.end, first + 1) })}
      />
      <LsnField
        label={t('walRange.to')}
        value={range.end}
        onChange={(end) => onRange({ ...range, end, first: Math.min(range.first, end - 1) })}
      />
      <Select
        label={t('lens.replica')}
        value={range.node ?? anyNode}
        options={[
          { value: anyNode, label: t('walRange.all') },
          ...replicas.map((node) => ({ value: node, label: node })),
        ]}
        onChange={(node) => onRange({ ...range, node: node === anyNode ? null : node })}
      />
      <Button small look="line" icon={Copy} onClick={() => void copy()}>
        {t('walRange.copy')}
      </Button>
      <Button
        small
        look="line"
        icon={PackageX}
        disabled={sends.length === 0}
        onClick={() => void each('drop')}
      >
        {t('walRange.drop', { count: sends.length })}
      </Button>
      <Button
        small
        look="line"
        icon={Hourglass}
        disabled={sends.length === 0}
        onClick={() => void each('delay')}
      >
        {t('walRange.delay', { count: sends.length, ms: delayUs / 1000 })}
      </Button>
      <IconButton small icon={X} label={t('walRange.close')} onClick={() => onRange(null)} />
    </section>
  );
}
