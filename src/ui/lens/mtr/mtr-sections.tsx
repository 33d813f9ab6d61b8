// Below the strip: what holds VCL back, who waits for which VDL, what the log buffer holds by group, why VCL is not the
// smallest PGCL, and the sessions that wait or hold a read point.

import type { ReactNode } from 'react';
import type { SessionView } from '../../../core/engine/buffer-view.ts';
import { selectLsn } from '../../../state/selection-store.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { duration, spanText } from '../../kit/format.ts';
import { hoverKey } from '../../selection/hover.ts';
import { blockedText } from './describe.ts';
import type { GroupLine, MtrModel } from './project.ts';

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <section className="px-4 pb-2" aria-label={title}>
      <h3 className="heading">{title}</h3>
      {children}
    </section>
  );
}

const Muted = ({ children }: { readonly children: ReactNode }): ReactNode => (
  <p className="text-[12px] text-muted">{children}</p>
);

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
        <table className="data-table">
          <thead>
            <tr>
              <th className="n">{t('mtr.tx')}</th>
              <th>{t('mtr.needs')}</th>
              <th className="n">{t('mtr.since')}</th>
              <th>{t('mtr.by')}</th>
            </tr>
          </thead>
          <tbody>
            {model.waiting.slice(0, 12).map(({ tx, scn, sinceUs, by }) => (
              <tr key={scn} data-hover={hoverKey({ kind: 'lsn', lsn: scn })}>
                <td className="n">{tx}</td>
                <td className="mono">{`VDL ≥ ${scn}`}</td>
                <td className="n">{duration(sinceUs)}</td>
                <td>{by === null ? t('mtr.vdlSoon') : `${by.group} LSN ${by.lsn}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
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
  const who = inBuffer.map((tx) => (tx === 0 ? t('mtr.engine') : t('mtr.txShort', { tx }))).join(', ');
  return t('mtr.records', { count: buffer.buffered, who });
}

/** The groups' watermarks beside VCL: why it is not the smallest of them (WAL-16). */
export function Groups({ model }: { readonly model: MtrModel }): ReactNode {
  const t = useT();
  if (model.groups.length === 0) return null;
  return (
    <Section title={t('mtr.quorum')}>
      <table className="data-table">
        <thead>
          <tr>
            <th>{t('mtr.lane')}</th>
            <th className="n">PGCL</th>
            <th className="n">{t('mtr.firstAbove')}</th>
            <th className="n">{t('mark.tail')}</th>
          </tr>
        </thead>
        <tbody>
          {model.groups.slice(0, 16).map((line) => (
            <tr key={line.group} data-hover={hoverKey({ kind: 'group', id: line.group })}>
              <td>{line.group}</td>
              <td className="n">
                <output aria-live="off" aria-label={t('watermark.of', { mark: 'PGCL', what: line.group })}>
                  {line.pgcl}
                </output>
              </td>
              <td className="n">{line.firstAbove < 0 ? '–' : line.firstAbove}</td>
              <td className="n">{line.tail}</td>
            </tr>
          ))}
          <tr>
            <td>{t('mtr.minPgcl')}</td>
            <td className="n">{model.minPgcl}</td>
            <td colSpan={2} />
          </tr>
        </tbody>
      </table>
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
      <table className="data-table">
        <thead>
          <tr>
            <th>{t('mtr.lane')}</th>
            <th className="n">{t('mtr.sentTo')}</th>
            <th>{t('mtr.inBuffer')}</th>
            <th>{t('mtr.lastBatch')}</th>
          </tr>
        </thead>
        <tbody>
          {model.groups.slice(0, 16).map((line) => (
            <tr key={line.group} data-hover={hoverKey({ kind: 'group', id: line.group })}>
              <td>{line.group}</td>
              <td className="n">{line.buffer?.sentTo ?? '–'}</td>
              <td>{bufferText(line, t)}</td>
              <td className="mono">{batchText(line, t)}</td>
            </tr>
          ))}
        </tbody>
      </table>
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
      <table className="data-table">
        <thead>
          <tr>
            <th>{t('mtr.session')}</th>
            <th className="n">{t('mtr.tx')}</th>
            <th className="n">{t('mtr.readPoint')}</th>
            <th>{t('mtr.waitsFor')}</th>
          </tr>
        </thead>
        <tbody>
          {model.sessions.slice(0, 16).map((session) => (
            <tr key={`${session.node}${session.session}`}>
              <td>{session.session}</td>
              <td className="n">{session.tx === 0 ? '–' : session.tx}</td>
              <td className="n">{session.readPoint < 0 ? '–' : session.readPoint}</td>
              <td>{waitText(session, t)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
