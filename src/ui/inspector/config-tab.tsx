// Config tab: every parameter of the run, from the table that the engine itself reads (PRE-1). Other values are another
// run: the tape's header with the changes, from its start.

import { Play } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { messageOf } from '../../base/thrown.ts';
import { checkChange, parameters, profileValue } from '../../presets/parameters.ts';
import type { TapeHeader } from '../../sim/tape.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { printTape } from '../../sim/tape-print.ts';
import { findPreset } from '../../stacks/presets.ts';
import { tapes } from '../../stacks/tapes.ts';
import { useRun } from '../../state/run-store.ts';
import { useT } from '../i18n/i18n.ts';
import { refusalText } from '../i18n/refusal-text.ts';
import { Button } from '../kit/button.tsx';
import { filterOf } from '../kit/filter.ts';
import { groupDigits } from '../kit/format.ts';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';
import '../../words/inspector.en.json';

export interface ConfigRow {
  readonly name: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly usual: number;
}

/** Values as the run has them: profile, then the preset's changes, then the tape's. */
export function configRows(header: TapeHeader): readonly ConfigRow[] {
  const changes = new Map<string, number>([...(findPreset(header.preset)?.changes ?? []), ...header.changes]);
  return parameters.map((spec) => {
    const usual = profileValue(spec, header.profile as Parameters<typeof profileValue>[1]);
    const { name, unit, min, max } = spec;
    return { name, unit, min, max, usual, value: changes.get(name) ?? usual };
  });
}

/** The same run from its start with other values: a tape without actions beyond those it begins with. */
export function tapeWith(header: TapeHeader, changes: ReadonlyMap<string, number>): string {
  const all = new Map<string, number>([...header.changes, ...changes]);
  return printTape(tapes, { header: { ...header, changes: [...all], end: null, marks: [] }, actions: [] });
}

function useHeader(): TapeHeader | null {
  const lab = useLab();
  const runId = useRun((run) => run?.runId ?? '');
  const [header, setHeader] = useState<TapeHeader | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run has another header
  useEffect(() => {
    let isCurrent = true;
    const show = (text: string): void => {
      const parsed = parseTape(tapes, text);
      if (isCurrent && parsed.ok) setHeader(parsed.tape.header);
    };
    lab.exportTape().then(show, () => undefined); // of another run it is asked again
    return () => {
      isCurrent = false;
    };
  }, [lab, runId]);
  return header;
}

export function ConfigTab(): ReactNode {
  const t = useT();
  const lab = useLab();
  const header = useHeader();
  const [filter, setFilter] = useState('');
  const [drafts, setDrafts] = useState<ReadonlyMap<string, number>>(new Map());
  if (header === null) return <p className="text-muted">{t('loading')}</p>;
  const rows = configRows(header);
  const { matches } = filterOf(filter);
  const errors = [...drafts].flatMap(([name, value]) => checkChange(name, value) ?? []);
  const start = async (): Promise<void> => {
    try {
      await lab.startTape(tapeWith(header, drafts), null);
      setDrafts(new Map());
    } catch (error) {
      showToast({ kind: 'error', text: messageOf(error) });
    }
  };
  return (
    <>
      <div className="mb-2 flex items-center gap-2">
        <input
          data-filter
          className="field field-small flex-1"
          aria-label={t('config.filter')}
          placeholder={t('config.filter')}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <Button
          small
          look={drafts.size > 0 && errors.length === 0 ? 'primary' : 'line'}
          icon={Play}
          disabled={drafts.size === 0 || errors.length > 0}
          onClick={() => void start()}
        >
          {t('config.run')}
        </Button>
      </div>
      {errors.map((error) => (
        <p key={error.field} role="alert" className="text-[12px] text-fence">
          {refusalText(error)}
        </p>
      ))}
      <p className="mb-2 text-[12px] leading-4 text-muted">
        {t('config.changed', {
          count: rows.filter(({ value, usual }) => value !== usual).length,
          profile: header.profile,
        })}
        {' · '}
        {t('config.note')}
      </p>
      <table className="data-table">
        <thead>
          <tr>
            <th>{t('config.name')}</th>
            <th className="n">{t('config.value')}</th>
            <th className="n">{t('config.range')}</th>
          </tr>
        </thead>
        <tbody>
          {rows
            .filter(({ name }) => matches(name))
            .map((row) => {
              const value = drafts.get(row.name) ?? row.value;
              const differs = value !== row.usual;
              return (
                <tr key={row.name}>
                  <td className={differs ? 'font-semibold' : ''}>{row.name}</td>
                  <td className="n">
                    <input
                      type="number"
                      min={row.min}
                      max={row.max}
                      className={`mono field field-small w-28 text-right ${drafts.has(row.name) ? 'font-semibold' : ''}`}
                      aria-label={t('config.edit', { name: row.name })}
                      value={value}
                      onChange={(event) => {
                        const next = new Map(drafts);
                        const typed = Number(event.target.value);
                        if (typed === row.value) next.delete(row.name);
                        else next.set(row.name, typed);
                        setDrafts(next);
                      }}
                    />
                  </td>
                  <td className="n text-muted">{`${groupDigits(row.min)}–${groupDigits(row.max)} ${row.unit}`}</td>
                </tr>
              );
            })}
        </tbody>
      </table>
    </>
  );
}
