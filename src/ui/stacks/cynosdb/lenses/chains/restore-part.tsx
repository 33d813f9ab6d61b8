// A restore to a point in time (WAL-45) from the archive: begun at the chosen commit, its progress per replica, and the
// restored volume's rows beside the original's.

import { Ban, History, Rows3, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { messageOf } from '../../../../../base/thrown.ts';
import type { TableView } from '../../../../../core/engine/buffer-view.ts';
import type { RestoreReplicaView, RestoreView } from '../../../../../core/pcs/restore-view.ts';
import { lookAtVolume } from '../../../../../state/selection-store.ts';
import { doAction } from '../../../../faults/do-action.ts';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { Button, Chip, ProgressBar } from '../../../../kit/button.tsx';
import { bytesText } from '../../../../kit/format.ts';
import { Select } from '../../../../kit/select.tsx';
import { useLab } from '../../../../lab-context.ts';
import { useLensSource } from '../../../../lens/lens-need.ts';
import { computeOf, metaOf } from '../../../../model/node-facts.ts';
import { DataTable } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import type { RestorePoint } from './archive.ts';
import { diffRows, type RowDiff } from './row-diff.ts';
import '../../../../../words/cynosdb/chains.en.json';

/** Rows of each volume that are compared, and differences listed. */
const rowLimit = 1000;
const diffsShown = 40;

function Replica({ replica }: { readonly replica: RestoreReplicaView }): ReactNode {
  const t = useT();
  const { group, node, phase, done, total, bytes } = replica;
  const words = t('restore.replica', { group, node, done, total, bytes: bytesText(bytes) });
  return (
    <li data-hover={hoverKey({ kind: 'node', id: node })}>
      <span className="mono">{words}</span> <span className="text-muted">{t(`restore.phase.${phase}`)}</span>
      <ProgressBar label={words} done={done} of={total} hue={phase === 'failed' ? 'fence' : 'ack'} />
    </li>
  );
}

function stateText({ state, code, object, group }: RestoreView, t: Translate): string {
  if (state !== 'failed') return t(`restore.state.${state}`);
  return t('restore.state.failed', { why: [code, group, object].filter((part) => part !== '').join(' ') });
}

function Job({ restore }: { readonly restore: RestoreView }): ReactNode {
  const t = useT();
  const lab = useLab();
  const { volume, source, lsn, state, replicas } = restore;
  return (
    <div className="pt-2 text-[12px] leading-5">
      <p className="flex flex-wrap items-center gap-2">
        <b className="text-[13px]">{t('restore.of', { source, volume, lsn })}</b>
        <Chip hue={state === 'failed' ? 'fence' : state === 'done' ? 'ack' : 'wal'}>
          {stateText(restore, t)}
        </Chip>
        {state !== 'done' && (
          <Button small icon={Ban} onClick={() => void doAction(lab, { kind: 'cancelRestore', volume })}>
            {t('restore.cancel', { volume })}
          </Button>
        )}
        {state === 'done' && (
          <>
            <Button small look="line" onClick={() => lookAtVolume(volume)}>
              {t('restore.look', { volume })}
            </Button>
            <Button small icon={Trash2} onClick={() => void doAction(lab, { kind: 'dropVolume', volume })}>
              {t('restore.drop', { volume })}
            </Button>
          </>
        )}
      </p>
      {state !== 'done' && (
        <ul>
          {replicas.map((replica) => (
            <Replica key={`${replica.group}${replica.node}`} replica={replica} />
          ))}
        </ul>
      )}
    </div>
  );
}

function DiffTable({
  diffs,
  source,
  volume,
}: {
  readonly diffs: readonly RowDiff[];
  readonly source: string;
  readonly volume: string;
}): ReactNode {
  const t = useT();
  const row = (values: readonly (string | null)[] | null): string =>
    values === null ? '–' : values.map((value) => value ?? 'NULL').join(', ');
  return (
    <DataTable
      label={t('restore.diff')}
      rows={diffs.slice(0, diffsShown)}
      keyOf={({ key }) => key}
      columns={[
        [t('restore.key'), ({ key }) => key, 'mono'],
        [source, ({ original }) => row(original), 'mono'],
        [volume, ({ restored }) => row(restored), 'mono'],
        [t('restore.what'), ({ kind }) => t(`restore.kind.${kind}`)],
      ]}
    />
  );
}

interface Compared {
  readonly diffs: readonly RowDiff[];
  readonly rows: readonly [original: number, restored: number];
  readonly isWhole: boolean;
}

/** The same SELECT on both volumes, by sessions of their own: statements on the tape, as any client's. */
function Compare({
  restore,
  tables,
}: {
  readonly restore: RestoreView;
  readonly tables: readonly TableView[];
}): ReactNode {
  const t = useT();
  const lab = useLab();
  const { source, volume } = restore;
  const [name, setName] = useState('');
  const [found, setFound] = useState<Compared | string | null>(null);
  const table = tables.find((one) => one.name === name) ?? tables[0];
  if (table === undefined) return null;
  const keys = table.primaryKey.map((index) => table.columns[index]?.name ?? '').filter((key) => key !== '');
  const read = async (session: string): Promise<readonly (readonly (string | null)[])[]> => {
    const order = keys.length === 0 ? '' : ` order by ${keys.join(', ')}`;
    const text = `select * from ${table.name}${order} limit ${rowLimit}`;
    const { result } = await lab.sql(session, text, { runToReply: true });
    const last = result.statements.at(-1);
    if (last?.kind !== 'rows')
      throw new Error(`${session}: ${last?.kind === 'error' ? last.message : result.outcome}`);
    return last.rows;
  };
  const compare = async (): Promise<void> => {
    try {
      const original = await read('compare');
      const restored = await read(`compare@${volume}`);
      setFound({
        diffs: diffRows(original, restored, table.primaryKey),
        rows: [original.length, restored.length],
        isWhole: Math.max(original.length, restored.length) < rowLimit,
      });
    } catch (error) {
      setFound(messageOf(error));
    }
  };
  return (
    <div className="pt-2">
      <div className="flex flex-wrap items-center gap-2">
        <Select
          label={t('restore.table')}
          value={table.name}
          options={tables.map((one) => ({ value: one.name, label: one.name }))}
          onChange={setName}
        />
        <Button small look="line" icon={Rows3} onClick={() => void compare()}>
          {t('restore.compare', { source, volume })}
        </Button>
      </div>
      {typeof found === 'string' && <p className="text-[12px] text-fence">{found}</p>}
      {found !== null && typeof found !== 'string' && (
        <>
          <p className="pt-1 text-[12px]">
            {t('restore.counts', {
              source,
              volume,
              original: found.rows[0],
              restored: found.rows[1],
              count: found.diffs.length,
            })}
            {!found.isWhole && ` ${t('restore.cut', { limit: rowLimit })}`}
          </p>
          {found.diffs.length > 0 && <DiffTable diffs={found.diffs} source={source} volume={volume} />}
        </>
      )}
    </div>
  );
}

/** `v2`, `v3` …: the first that no volume and no restore has. */
function freeVolume(taken: readonly string[]): string {
  for (let i = 2; ; i++) if (!taken.includes(`v${i}`)) return `v${i}`;
}

interface PartProps {
  /** The commit to restore to, or null while there is none. */
  readonly point: RestorePoint | null;
}

export function RestorePart({ point }: PartProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const { cluster, nodes = {} } = useLensSource() ?? {};
  const metas = Object.values(nodes).flatMap((node) => metaOf(node) ?? []);
  const restores = metas.flatMap((meta) => meta.restores ?? []);
  const volumes = metas.flatMap((meta) => (meta.volumes ?? []).map(({ name }) => name));
  const tables = Object.values(nodes).flatMap((node) => computeOf(node)?.pages?.tables ?? []);
  // The catalog is no table that SQL may name.
  const unique = tables.filter(
    ({ name }, i) => name !== 'catalog' && tables.findIndex((table) => table.name === name) === i,
  );
  const hasSpare = Object.values(nodes).some((node) => computeOf(node)?.state === 'waiting');
  const volume = freeVolume([...volumes, ...restores.map((restore) => restore.volume)]);
  const source = cluster?.volume ?? '';
  return (
    <section className="pt-2" aria-label={t('restore.title')}>
      {point !== null && (
        <Button
          small
          look="line"
          icon={History}
          disabled={!hasSpare}
          onClick={() =>
            void doAction(lab, { kind: 'restore', source, to: { kind: 'lsn', lsn: point.lsn }, volume })
          }
        >
          {t('restore.begin', { source, lsn: point.lsn, volume })}
        </Button>
      )}
      {point !== null && !hasSpare && (
        <span className="pl-2 text-[12px] text-muted">{t('restore.noSpare')}</span>
      )}
      {restores.map((restore) => (
        <div key={restore.volume}>
          <Job restore={restore} />
          {restore.state === 'done' && <Compare restore={restore} tables={unique} />}
        </div>
      ))}
    </section>
  );
}
