// The archive in lens 4.8 (WAL-40…44): what the object store holds of each group, how far it is behind, what is
// missing, and the point in time that a restore would give back.

import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { findPreset } from '../../../../../stacks/presets.ts';
import { useFrame } from '../../../../../state/frame-store.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { Button, Chip } from '../../../../kit/button.tsx';
import { bytesText, millis, rangeText } from '../../../../kit/format.ts';
import { useLab } from '../../../../lab-context.ts';
import { useLensSource } from '../../../../lens/lens-need.ts';
import { useSection } from '../../../../lens/use-section.ts';
import { DataTable } from '../../../../plot/data-table.tsx';
import { useWidth } from '../../../../plot/use-size.ts';
import { hoverKey } from '../../../../selection/hover.ts';
import { type ArchiveModel, projectArchive, type RestorePoint } from './archive.ts';
import { ArchivePlot } from './archive-plot.tsx';
import { describeArchive } from './describe.ts';
import { RestorePart } from './restore-part.tsx';
import '../../../../../words/cynosdb/chains.en.json';

const LensTools = lazy(async () => ({
  default: (await import('../../../../lens/lens-tools.tsx')).LensTools,
}));
const loadLegend = async () => (await import('./archive-legend.ts')).archiveLegend;

/** The preset that has an archive. */
const backupPreset = 'cynosdb-backup';

function NoArchive(): ReactNode {
  const t = useT();
  const lab = useLab();
  const seed = useFrame((state) => state.frame?.seed ?? 7);
  return (
    <p className="flex flex-wrap items-center gap-2 text-[12px] text-muted">
      {t('archive.none')}
      {findPreset(backupPreset) !== null && (
        <Button small look="line" onClick={() => void lab.startRun({ preset: backupPreset, seed })}>
          {t('archive.start', { preset: backupPreset })}
        </Button>
      )}
    </p>
  );
}

function Groups({ model }: { readonly model: ArchiveModel }): ReactNode {
  const t = useT();
  const baseText = (base: number): string => (base < 0 ? t('archive.start0') : String(base));
  return (
    <DataTable
      isExported
      label={t('archive.table', { node: model.node })}
      rows={model.groups}
      keyOf={({ group }) => group}
      attributes={({ group }) => ({ 'data-hover': hoverKey({ kind: 'group', id: group }) })}
      columns={[
        [t('lens.group'), ({ group }) => group],
        [t('archive.archiver'), ({ archiver }) => archiver],
        [t('archive.to'), ({ archivedTo }) => (archivedTo < 0 ? '–' : archivedTo), 'n'],
        [t('archive.lag'), ({ lag }) => (lag < 0 ? '–' : lag), 'n'],
        [t('archive.count'), ({ logs }) => logs.length, 'n'],
        [
          t('archive.bases'),
          ({ bases }) => bases.slice(-4).map(baseText).join(t('list.comma')) || '–',
          'mono',
        ],
        [
          t('archive.gaps'),
          ({ gaps }) => gaps.map(({ first, end }) => rangeText(first, end)).join(' ') || '–',
          ({ gaps }) => (gaps.length === 0 ? '' : 'mono text-fence'),
        ],
      ]}
    />
  );
}

interface PickerProps {
  readonly points: readonly RestorePoint[];
  readonly chosen: RestorePoint;
  readonly onChoose: (point: RestorePoint) => void;
}

/** One stop for each commit that can be restored; the newest at the right. */
function Picker({ points, chosen, onChoose }: PickerProps): ReactNode {
  const t = useT();
  const place = Math.max(
    0,
    points.findIndex(({ lsn }) => lsn === chosen.lsn),
  );
  const text = t('archive.point', { lsn: chosen.lsn, time: millis(chosen.time) });
  return (
    <label className="flex flex-wrap items-center gap-3 pt-2 text-[13px]">
      <span className="font-semibold">{t('archive.pick')}</span>
      <input
        type="range"
        className="min-w-40 flex-1 accent-[var(--accent)]"
        min={0}
        max={points.length - 1}
        value={place}
        aria-valuetext={text}
        onChange={(event) => {
          const point = points[event.target.valueAsNumber];
          if (point !== undefined) onChoose(point);
        }}
      />
      <output aria-live="off" aria-label={t('archive.pick')} className="mono">
        {text}
      </output>
    </label>
  );
}

function Held({ model }: { readonly model: ArchiveModel }): ReactNode {
  const t = useT();
  const [ref, width] = useWidth();
  const [lsn, setLsn] = useState<number | null>(null);
  const { groups, points, bad, objects, bytes, version, health, node } = model;
  const newest = points.at(-1);
  const chosen = points.find((point) => point.lsn === lsn) ?? newest;
  return (
    <>
      <p
        className="flex flex-wrap items-center gap-1.5 text-[12px]"
        data-hover={hoverKey({ kind: 'node', id: node })}
      >
        <Chip hue={health === 'up' ? undefined : 'fence'}>
          {health === 'up' ? node : t('archive.outage', { node })}
        </Chip>
        <Chip>{t('archive.objects', { count: objects, bytes: bytesText(bytes) })}</Chip>
        {version >= 0 && <Chip>{t('archive.manifest', { version })}</Chip>}
        {bad.length > 0 && (
          <Chip hue="fence">{t('archive.bad', { names: bad.slice(0, 3).join(t('list.comma')) })}</Chip>
        )}
      </p>
      <div ref={ref} className={groups.length === 0 ? 'hidden' : 'pt-1'}>
        <ArchivePlot model={model} width={width} chosen={lsn === null ? null : (chosen?.lsn ?? null)} />
      </div>
      {groups.length > 0 && <Groups model={model} />}
      {chosen === undefined ? (
        <p className="text-[12px] text-muted">{t('archive.nothing')}</p>
      ) : (
        <Picker points={points} chosen={chosen} onChoose={(point) => setLsn(point.lsn)} />
      )}
      <RestorePart point={chosen ?? null} />
    </>
  );
}

export function ArchivePart(): ReactNode {
  const t = useT();
  const source = useLensSource();
  const { cluster, nodes } = source ?? {};
  const model = useMemo(
    () => (cluster === undefined || nodes === undefined ? null : projectArchive({ cluster, nodes })),
    [cluster, nodes],
  );
  const section = useSection('archive');
  const title = t('archive.title');
  return (
    <section ref={section} className="px-4 pb-4" aria-label={title}>
      <div className="flex items-center gap-1">
        <h3 className="heading">{title}</h3>
        {model !== null && (
          <Suspense fallback={null}>
            <LensTools section={section} legend={loadLegend} part={{ id: 'archive', title }} />
          </Suspense>
        )}
      </div>
      {model === null ? (
        <NoArchive />
      ) : (
        <>
          <p className="visually-hidden">{describeArchive(model, t)}</p>
          <Held model={model} />
        </>
      )}
    </section>
  );
}
