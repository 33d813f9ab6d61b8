// What is being loaded: how far it is, how to stop it, what became of it, and what of a file the cluster has refused.

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useT } from '../i18n/i18n.ts';
import { Button, IconButton, ProgressBar } from '../kit/button.tsx';
import { closeDataset, type RefusedStatement, stopDataset, useDatasetLoad } from './dataset-load.ts';
import { datasets } from './sql-datasets.ts';
import '../../words/dock/sql.en.json';

function Refused({ refused }: { readonly refused: readonly RefusedStatement[] }): ReactNode {
  const t = useT();
  if (refused.length === 0) return null;
  return (
    <details className="w-full">
      <summary>{t('dataset.refused', { count: refused.length })}</summary>
      <ol className="mono text-[12px]">
        {refused.map(({ line, head, error }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a list that only grows
          <li key={i}>{t('dataset.refusedLine', { line, head, error })}</li>
        ))}
      </ol>
    </details>
  );
}

export function DatasetBar(): ReactNode {
  const t = useT();
  const load = useDatasetLoad();
  if (load === null) return null;
  const { of, done, requests, state, failure, refused } = load;
  const dataset = 'id' in of ? datasets.find((one) => one.id === of.id) : undefined;
  const name = 'id' in of ? t(`dataset.${of.id}`) : of.file;
  const tables = dataset?.tables.join(t('list.comma')) ?? '';
  const words =
    state === 'failed'
      ? t('dataset.failed', { name, done, of: requests, failure: failure || t('sql.unknown') })
      : state === 'loaded' && dataset === undefined
        ? t('dataset.fileLoaded', { name, count: requests - refused.length, of: requests })
        : t(`dataset.${state}`, { name, done, of: requests, rows: dataset?.rows ?? 0, tables });
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
          <ProgressBar label={t('dataset.load')} done={done} of={requests} hue="accent" className="w-40" />
          <Button small look="line" onClick={stopDataset}>
            {t('cancel')}
          </Button>
        </>
      ) : (
        <IconButton small icon={X} label={t('dataset.close')} onClick={closeDataset} />
      )}
      <Refused refused={refused} />
    </section>
  );
}
