// The structure check of the run's pages (src/sim/fsck) as a button: what was found, on which page of which table.

import { type ReactNode, useState } from 'react';
import type { Time } from '../../../base/ids.ts';
import { messageOf } from '../../../base/thrown.ts';
import { blockOf, relationOf } from '../../../core/page/page-key.ts';
import type { FsckReport } from '../../../sim/fsck/findings.ts';
import { frameStore } from '../../../state/frame-store.ts';
import { useT } from '../../i18n/i18n.ts';
import { Button } from '../../kit/button.tsx';
import { groupDigits, millis } from '../../kit/format.ts';
import { useLab } from '../../lab-context.ts';
import { DataTable } from '../../plot/data-table.tsx';
import '../../../words/lens/checks.en.json';

type Checked =
  | { readonly kind: 'idle' | 'busy' }
  | { readonly kind: 'done'; readonly at: number; readonly reports: readonly FsckReport[] }
  | { readonly kind: 'failed'; readonly detail: string };

export function PagesCheck(): ReactNode {
  const t = useT();
  const lab = useLab();
  const [checked, setChecked] = useState<Checked>({ kind: 'idle' });
  const check = async (): Promise<void> => {
    const at = frameStore.getState().frame?.time ?? 0;
    setChecked({ kind: 'busy' });
    try {
      setChecked({ kind: 'done', at, reports: await lab.checkPages(at as Time) });
    } catch (error) {
      setChecked({ kind: 'failed', detail: messageOf(error) });
    }
  };
  return (
    <section aria-label={t('pages.check')} className="pb-2">
      <div className="flex items-center gap-2">
        <Button small look="line" disabled={checked.kind === 'busy'} onClick={() => void check()}>
          {t('pages.check')}
        </Button>
        <span className="text-[12px] leading-4 text-muted">{t('pages.checkText')}</span>
      </div>
      <div role="status">
        {checked.kind === 'busy' && <p className="pt-1 text-muted">{t('pages.checking')}</p>}
        {checked.kind === 'failed' && (
          <p className="pt-1 text-fence">{t('pages.failed', { detail: checked.detail })}</p>
        )}
        {checked.kind === 'done' && checked.reports.length === 0 && (
          <p className="pt-1 text-muted">{t('pages.unread', { at: millis(checked.at) })}</p>
        )}
        {checked.kind === 'done' &&
          checked.reports.map((report) => <Report key={report.volume} at={checked.at} report={report} />)}
      </div>
    </section>
  );
}

function Report({ at, report }: { readonly at: number; readonly report: FsckReport }): ReactNode {
  const t = useT();
  const where = {
    volume: report.volume,
    lsn: groupDigits(report.at),
    at: millis(at),
    pages: groupDigits(report.pages),
  };
  if (report.found > 0)
    return (
      <>
        <p className="pt-1 font-semibold text-fence">
          {t('pages.found', { ...where, found: groupDigits(report.found) })}
        </p>
        <DataTable
          label={t('pages.findings')}
          rows={report.findings}
          keyOf={({ kind, blockKey, place, detail }) => `${kind} ${blockKey} ${place} ${detail}`}
          columns={[
            [t('pages.what'), ({ kind }) => t(`fsck.${kind}`)],
            [t('pages.table'), ({ table }) => table],
            [t('pages.relation'), ({ blockKey }) => relationOf(blockKey), 'n'],
            [t('pages.block'), ({ blockKey }) => blockOf(blockKey), 'n'],
            [t('pages.place'), ({ place }) => (place < 0 ? '' : place), 'n'],
            [t('pages.detail'), ({ detail }) => detail, 'mono'],
          ]}
        />
      </>
    );
  return (
    <p className="pt-1 text-ack">
      {t('pages.clean', {
        ...where,
        tables: groupDigits(report.tables),
        rows: groupDigits(report.rows),
        entries: groupDigits(report.entries),
        leaves: groupDigits(report.leaves),
        inner: groupDigits(report.innerPages),
      })}
    </p>
  );
}
