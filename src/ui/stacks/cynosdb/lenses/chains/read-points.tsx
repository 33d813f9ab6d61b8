// The read points in force, who holds them, and the way to hold and release one: a session of its own begins a
// repeatable read, as any client may. What is done is a statement on the tape.

import { Anchor, Unlink } from 'lucide-react';
import type { ReactNode } from 'react';
import { messageOf } from '../../../../../base/thrown.ts';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { Button } from '../../../../kit/button.tsx';
import { showToast } from '../../../../kit/toast.ts';
import { useLab } from '../../../../lab-context.ts';
import { Muted, Section } from '../../../../lens/section.tsx';
import { DataTable } from '../../../../plot/data-table.tsx';
import { heldText } from './describe.ts';
import { leastOf, type ReadPool } from './pool.ts';
import { PoolPlot } from './pool-plot.tsx';
import type { ChainsModel } from './project.ts';

/** Sessions that hold read points from here are called `reader-1`, `reader-2` …; they alone are released from here. */
const prefix = 'reader-';
const hold = 'begin isolation level repeatable read; select 1';

function freeName({ pins }: ChainsModel): string {
  for (let i = 1; ; i++) if (!pins.some(({ session }) => session === `${prefix}${i}`)) return `${prefix}${i}`;
}

interface PartProps {
  readonly model: ChainsModel;
  readonly width: number;
}

/** A row of the table: a pin, or the read point of a session at a reader, which its MRPL stands for. */
interface PointRow {
  readonly key: string;
  readonly what: string;
  readonly readPoint: number;
  /** Session that can be released from here. */
  readonly release: string | null;
}

function pointRows({ pins, pool }: ChainsModel, t: Translate): readonly PointRow[] {
  const held = pins.map(({ session, holder, readPoint }): PointRow => {
    const isOwn = holder === 'session' && session.startsWith(prefix);
    const what = holder === 'session' ? session : `${session} · ${t(`chains.${holder}Pin`)}`;
    return { key: session, what, readPoint, release: isOwn ? session : null };
  });
  const atReaders = (pool?.rows ?? [])
    .filter(({ role }) => role === 'reader')
    .flatMap(({ node, points }) =>
      points.map(({ session, lsn }): PointRow => {
        const what = t('pool.atReader', { session, node });
        return { key: `${node} ${session}`, what, readPoint: lsn, release: null };
      }),
    );
  return [...held, ...atReaders].sort((a, b) => a.readPoint - b.readPoint);
}

function Least({ pool }: { readonly pool: ReadPool }): ReactNode {
  const t = useT();
  const least = leastOf(pool);
  if (least === null || pool.pgmrpl < 0) return null;
  const { mrpl } = least;
  const { pgmrpl } = pool;
  const node = least.nodes.join(t('list.comma'));
  return (
    <Muted>
      {mrpl > pgmrpl ? t('pool.behind', { pgmrpl, least: mrpl, node }) : t('pool.says', { pgmrpl, node })}
    </Muted>
  );
}

export function ReadPoints({ model, width }: PartProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const run = (session: string, text: string): void => {
    lab.sql(session, text, { runToReply: false }).catch((error: unknown) => {
      showToast({ kind: 'error', text: messageOf(error) });
    });
  };
  return (
    <Section
      className="px-4 pb-3"
      title={t('chains.pins')}
      tools={
        <Button small look="line" icon={Anchor} onClick={() => run(freeName(model), hold)}>
          {t('chains.hold')}
        </Button>
      }
    >
      <p className="pb-1 text-[13px] leading-5">{heldText(model.heldBy, t)}</p>
      {model.pool !== null && (
        <>
          <PoolPlot pool={model.pool} store={model.store} width={width} />
          <Least pool={model.pool} />
        </>
      )}
      <DataTable
        rows={pointRows(model, t).slice(0, 12)}
        keyOf={({ key }) => key}
        columns={[
          [t('chains.holder'), ({ what }) => what],
          [t('chains.readPoint'), ({ readPoint }) => readPoint, 'n'],
          [
            null,
            ({ release: session }) =>
              session !== null && (
                <Button
                  small
                  icon={Unlink}
                  aria-label={t('chains.releaseOf', { session })}
                  onClick={() => run(session, 'commit')}
                >
                  {t('chains.release')}
                </Button>
              ),
          ],
        ]}
      />
    </Section>
  );
}
