// A sample dataset that is being loaded: how far it is, how to stop it, and what became of it.

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useT } from '../i18n/i18n.ts';
import { Button, IconButton, ProgressBar } from '../kit/button.tsx';
import { closeDataset, stopDataset, useDatasetLoad } from './dataset-load.ts';
import { datasets } from './sql-datasets.ts';
import '../../words/dock/sql.en.json';

export function DatasetBar(): ReactNode {
  const t = useT();
  const load = useDatasetLoad();
  if (load === null) return null;
  const { id, done, of, state, failure } = load;
  const dataset = datasets.find((one) => one.id === id);
  const name = t(`dataset.${id}`);
  const tables = dataset?.tables.join(t('list.comma')) ?? '';
  const words =
    state === 'failed'
      ? t('dataset.failed', { name, done, of, failure: failure || t('sql.unknown') })
      : t(`dataset.${state}`, { name, done, of, rows: dataset?.rows ?? 0, tables });
  return (
    <section
      aria-label={t('dataset.load')}
      className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2 text-[13px]"
    >
      <span role={state === 'failed' ? 'alert' : 'status'} className={state === 'failed' ? 'text-fence' : ''}>
        {words}
      </span>
      {state === 'loading' ? (
        <>
          <ProgressBar label={t('dataset.load')} done={done} of={of} hue="accent" className="w-40" />
          <Button small look="line" onClick={stopDataset}>
            {t('cancel')}
          </Button>
        </>
      ) : (
        <IconButton small icon={X} label={t('dataset.close')} onClick={closeDataset} />
      )}
    </section>
  );
}
