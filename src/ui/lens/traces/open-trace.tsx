// The button that opens the trace of a statement, wherever one appears.

import { ChartGantt } from 'lucide-react';
import type { ReactNode } from 'react';
import { useT } from '../../i18n/i18n.ts';
import { Button, IconButton } from '../../kit/button.tsx';
import { useLab } from '../../lab-context.ts';
import type { TraceTarget } from './trace-store.ts';
import '../../../words/lens/traces-open.en.json';

interface OpenTraceProps {
  readonly asked: TraceTarget;
  /** Its icon alone, where there is little room. */
  readonly isNarrow?: boolean;
}

export function OpenTrace({ asked, isNarrow = false }: OpenTraceProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const open = async (): Promise<void> => (await import('./trace-store.ts')).openTrace(lab, asked);
  if (isNarrow)
    return <IconButton small icon={ChartGantt} label={t('traces.open')} onClick={() => void open()} />;
  return (
    <Button small look="line" icon={ChartGantt} onClick={() => void open()}>
      {t('traces.open')}
    </Button>
  );
}
