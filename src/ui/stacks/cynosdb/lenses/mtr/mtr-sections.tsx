// Below the strip: what holds VCL back, who waits for which VDL, what the log buffer holds by group, why VCL is not the
// smallest PGCL, and the sessions that wait or hold a read point.

import type { ReactNode } from 'react';
import type { SessionView } from '../../../../../core/engine/buffer-view.ts';
import { selectLsn } from '../../../../../state/selection-store.ts';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { duration, spanText } from '../../../../kit/format.ts';
import { Muted, Section } from '../../../../lens/section.tsx';
import { DataTable } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { blockedText } from './describe.ts';
import type { GroupLine, MtrModel } from './project.ts';

export function Blocked({ model }: { readonly model: MtrModel }): ReactNode {
  const t = useT();
  const { blocked } = model;
  if (blocked === null)
    return (
      <p className="px-4 pb-2 text-[12px] text-muted">
        {t(model.recovering ? 'mtr.recovering' : 'mtr.nothing')}
      </p>
    );
  return (
    <p
      className="mx-4 mb-2 rounded border border-hole px-3 py-2 text-[13px] leading-5"
      data-hover={hoverKey({ kind: 'lsn', lsn: blocked.lsn })}
    >
      <button type="button" className="text-left" onClick={() => selectLsn(blocked.lsn)}>
        {blockedText(blocked, t)}
      </button>
    </p>
  );
}

export function Waiting({ model }: { readonly model: MtrModel }): ReactNode {
  const t = useT();
  return (
    <Section title={t('mtr.waiting')}>
      {model.waiting.length === 0 ? (
        <Muted>{t('mtr.noneWaiting')}</Muted>
      ) : (
        <DataTable
          rows={model.waiting.slice(0, 12)}
          keyOf={({ scn }) => scn}
          attributes={({ scn }) => ({ 'data-hover': hoverKey({ kind: 'lsn', lsn: scn }) })}
          columns={[
            [t('mtr.tx'), ({ tx }) => tx, 'n'],
            [t('mtr.needs'), ({ scn }) => t('mtrWait.commit', { what: scn }), 'mono'],
            [t('mtr.since'), ({ sinceUs }) => duration(sinceUs), 'n'],
            [t('mtr.by'), ({ by }) => (by === null ? t('mtr.vdlSoon') : `${by.group} LSN ${by.lsn}`)],
          ]}
        />
      )}
    </Section>
  );
}

const batchText = ({ buffer }: GroupLine, t: Translate): string =>
  buffer === null || buffer.batch === null
    ? '–'
    : t('mtr.batchAge', {
        range: spanText(buffer.batch.first, buffer.batch.last + 1),
        time: duration(buffer.batch.ageUs),
      });

function bufferText({ buffer, inBuffer }: GroupLine, t: Translate): string {
  if (buffer === null || buffer.buffered === 0) return t('mtr.empty');
  const who = inBuffer
    .map((tx) => (tx === 0 ? t('mtr.engine') : t('mtr.txShort', { tx })))
    .join(t('list.comma'));
  return t('mtr.records', { count: buffer.buffered, who });
}

/** The groups' watermarks beside VCL: why it is not the smallest of them (WAL-16). */
export function Groups({ model }: { readonly model: MtrModel }): ReactNode {
  const t = useT();
  if (model.groups.length === 0) return null;
  const pgcl = ({ group, pgcl: value }: Pick<GroupLine, 'group' | 'pgcl'>): ReactNode =>
    group === '' ? (
      value
    ) : (
      <output aria-live="off" aria-label={t('watermark.of', { mark: 'PGCL', what: group })}>
        {value}
      </output>
    );
  // The last row is the smallest of all, of no group.
  const least = { group: '', pgcl: model.minPgcl };
  return (
    <Section title={t('mtr.quorum')}>
      <DataTable<Pick<GroupLine, 'group' | 'pgcl'> & Partial<GroupLine>>
        rows={[...model.groups.slice(0, 16), least]}
        keyOf={({ group }) => group}
        attributes={({ group }) =>
          group === '' ? {} : { 'data-hover': hoverKey({ kind: 'group', id: group }) }
        }
        columns={[
          [t('mtr.lane'), ({ group }) => group || t('mtr.minPgcl')],
          ['PGCL', pgcl, 'n'],
          [t('mtr.firstAbove'), ({ firstAbove }) => (firstAbove === -1 ? '–' : firstAbove), 'n'],
          [t('mark.tail'), ({ tail }) => tail, 'n'],
        ]}
      />
      <Muted>{t('mtr.isNotVcl', { vcl: model.vcl })}</Muted>
    </Section>
  );
}

/** What waits to be sent to each group, of whom, and the batch that went last (WAL-74). */
export function Buffers({ model }: { readonly model: MtrModel }): ReactNode {
  const t = useT();
  if (model.groups.length === 0) return null;
  return (
    <Section title={t('mtr.buffer')}>
      <DataTable
        rows={model.groups.slice(0, 16)}
        keyOf={({ group }) => group}
        attributes={({ group }) => ({ 'data-hover': hoverKey({ kind: 'group', id: group }) })}
        columns={[
          [t('mtr.lane'), ({ group }) => group],
          [t('mtr.sentTo'), ({ buffer }) => buffer?.sentTo ?? '–', 'n'],
          [t('mtr.inBuffer'), (line) => bufferText(line, t)],
          [t('mtr.lastBatch'), (line) => batchText(line, t), 'mono'],
        ]}
      />
    </Section>
  );
}

const waitText = ({ waiting, waitsFor }: SessionView, t: Translate): string => {
  if (waiting === null) return '–';
  return t(`mtrWait.${waiting}`, { what: waitsFor });
};

export function Sessions({ model }: { readonly model: MtrModel }): ReactNode {
  const t = useT();
  if (model.sessions.length === 0) return null;
  return (
    <Section title={t('mtr.sessions')}>
      <DataTable
        rows={model.sessions.slice(0, 16)}
        keyOf={({ node, session }) => `${node}${session}`}
        columns={[
          [t('mtr.session'), ({ session }) => session],
          [t('mtr.tx'), ({ tx }) => (tx === 0 ? '–' : tx), 'n'],
          [t('mtr.readPoint'), ({ readPoint }) => (readPoint < 0 ? '–' : readPoint), 'n'],
          [t('mtr.waitsFor'), (session) => waitText(session, t)],
        ]}
      />
    </Section>
  );
}
