// The hops from a value back to its statement, each leading to its lens. Stands in the lens and beside the answer.

import { Box, Cog, FileText, Grid2x2, Rows3, SquareStack, Terminal, X } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { readChange } from '../../../../../core/page/redo-read.ts';
import type { ListedEvent } from '../../../../../run-model/picture/frame.ts';
import { frameStore } from '../../../../../state/frame-store.ts';
import { select, selectionStore, selectLsn } from '../../../../../state/selection-store.ts';
import { setSettings } from '../../../../../state/settings-store.ts';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { IconButton } from '../../../../kit/button.tsx';
import { millis, spanText } from '../../../../kit/format.ts';
import { useLab, useViewNeeds } from '../../../../lab-context.ts';
import { useLensSource } from '../../../../lens/lens-need.ts';
import { Section } from '../../../../lens/section.tsx';
import { type Asked, forgetAsked } from '../../../../model/asked-value.ts';
import { pageName } from '../../../../model/page-name.ts';
import { showLens } from '../../../../model/show-lens.ts';
import { changeText } from './describe.ts';
import { findProvenance, type Provenance, textOfRequest } from './provenance.ts';
import '../../../../../words/cynosdb/pages.en.json';

/** Events of the past that are searched for MTR and statement. */
const eventLimit = 20_000;

interface Hop {
  readonly id: string;
  readonly icon: typeof Box;
  readonly title: string;
  readonly note: string;
  /** Null: there is nothing to show. */
  readonly go: (() => void) | null;
}

/** What the trace remembers, and the tape's text, asked once for each question. */
function usePastOf(asked: Asked): { readonly events: readonly ListedEvent[]; readonly tape: string } {
  const lab = useLab();
  const [past, setPast] = useState<{ events: readonly ListedEvent[]; tape: string }>({
    events: [],
    tape: '',
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question is asked anew
  useEffect(() => {
    let current = true;
    const to = frameStore.getState().frame?.time ?? 0;
    Promise.all([
      lab.past({
        from: 0,
        to,
        minRank: 1,
        kinds: null,
        withMessages: false,
        known: null,
        limit: eventLimit,
      }),
      lab.exportTape(),
    ]).then(
      ([{ events }, tape]) => current && setPast({ events, tape }),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [lab, asked]);
  return past;
}

function useProvenance(asked: Asked, events: readonly ListedEvent[], place: string): Provenance | null {
  const source = useLensSource();
  const needs = useViewNeeds();
  const { cluster, nodes } = source ?? {};
  const found = useMemo(
    () =>
      cluster === undefined || nodes === undefined ? null : findProvenance({ cluster, nodes }, asked, events),
    [cluster, nodes, asked, events],
  );
  const tx = found === null || found.tx === 0 ? null : found.tx;
  useEffect(() => {
    const owner = `provenance-${place}`;
    const { blockKey, readPoint } = asked;
    needs.set(owner, { pages: true, wanted: [{ blockKey, at: readPoint }], commitOf: tx });
    return () => needs.set(owner, null);
  }, [needs, asked, tx, place]);
  return found;
}

function pageHop(found: Provenance, page: string, toPage: () => void, t: Translate): Hop {
  const { view, pageLsn, store, applied } = found;
  const isShown = view !== null && pageLsn >= 0;
  const why = view?.refused ?? t('pages.noRead');
  const records = applied.length === 0 ? t('lenses.none') : applied.join(t('list.comma'));
  return {
    id: 'page',
    icon: Box,
    title: t('origin.page', { page, lsn: isShown ? pageLsn : '–' }),
    note: isShown
      ? t('origin.pageNote', { store, base: view.baseLsn, records })
      : t('origin.pageUnknown', { why }),
    go: toPage,
  };
}

/** The record, or where it was: its MTR in this group, when GC has dropped it from the chain. */
function recordHop({ record, view, isInBase, group, mtr }: Provenance, t: Translate): Hop {
  const lsn = record?.lsn ?? (mtr !== null && mtr.first === mtr.last ? mtr.first : null);
  const base = view?.baseLsn ?? -1;
  const gone = lsn === null ? t('origin.recordGone') : t('origin.recordWas', { lsn });
  return {
    id: 'record',
    icon: FileText,
    title:
      record !== null ? t('origin.record', { lsn: record.lsn }) : isInBase ? gone : t('origin.recordUnknown'),
    note:
      record === null ? (isInBase ? t('origin.recordGoneNote', { base }) : '') : `${group} · ${record.kind}`,
    // One of its MTR's records it was, which one nobody knows any more.
    go:
      lsn === null && mtr === null
        ? null
        : () => {
            if (lsn !== null) selectLsn(lsn, group);
            else if (mtr !== null) select({ kind: 'mtr', first: mtr.first, last: mtr.last + 1 });
            selectionStore.setState({ group });
            showLens('wal');
          },
  };
}

function mtrHop({ mtr }: Provenance, t: Translate): Hop {
  return {
    id: 'mtr',
    icon: SquareStack,
    title:
      mtr === null ? t('origin.mtrUnknown') : t('origin.mtr', { range: spanText(mtr.first, mtr.last + 1) }),
    note: mtr === null ? '' : t('origin.mtrNote', { groups: mtr.groups.join(t('list.comma')) }),
    go:
      mtr === null
        ? null
        : () => {
            select({ kind: 'mtr', first: mtr.first, last: mtr.last + 1 });
            showLens('mtr');
          },
  };
}

function txHop({ tx, scn }: Provenance, t: Translate): Hop {
  return {
    id: 'tx',
    icon: Cog,
    title: t('origin.tx', { tx }),
    note: scn < 0 ? t('origin.txOpen') : t('origin.txNote', { scn }),
    go:
      scn < 0
        ? null
        : () => {
            selectLsn(scn);
            showLens('mtr');
          },
  };
}

function statementHop({ statement }: Provenance, tape: string, t: Translate): Hop {
  const sql = statement?.request == null ? null : textOfRequest(tape, statement.request);
  return {
    id: 'statement',
    icon: Terminal,
    title: statement === null ? t('origin.statementUnknown') : (sql ?? statement.text),
    note:
      statement === null
        ? ''
        : t('origin.by', { session: statement.session, time: millis(statement.listed.at) }),
    go:
      statement === null
        ? null
        : () => {
            select({ kind: 'event', listed: statement.listed });
            setSettings({ dockTab: 'events', dockOpen: true });
          },
  };
}

function makeHops(asked: Asked, found: Provenance, page: string, tape: string, t: Translate): readonly Hop[] {
  const { column, readPoint, slot } = asked;
  const toPage = (): void => {
    select({ kind: 'page', group: found.group, blockKey: asked.blockKey });
    showLens('pages');
  };
  const made = found.view?.records.find(({ lsn }) => lsn === found.record?.lsn);
  return [
    {
      id: 'cell',
      icon: Grid2x2,
      title: t('origin.cell', { column, value: asked.value ?? 'null' }),
      note: t('origin.cellNote', { point: readPoint }),
      go: toPage,
    },
    {
      id: 'row',
      icon: Rows3,
      title: t('origin.row', { table: found.table, page, slot }),
      note: found.tx === 0 ? t('origin.rowGone') : t('origin.rowNote', { tx: found.tx }),
      go: toPage,
    },
    pageHop(found, page, toPage, t),
    { ...recordHop(found, t), ...(made === undefined ? {} : { note: recordNote(found, made, t) }) },
    ...(found.tx === 0 ? [] : [mtrHop(found, t), txHop(found, t), statementHop(found, tape, t)]),
  ];
}

const recordNote = (
  { group }: Provenance,
  made: { readonly op: number; readonly payload: Uint8Array },
  t: Translate,
): string => `${group} · ${changeText(readChange(made), t)}`;

interface ListProps {
  readonly asked: Asked;
  /** Where it stands: each place asks for itself. */
  readonly place?: string;
}

export function ProvenanceList({ asked, place = 'lens' }: ListProps): ReactNode {
  const t = useT();
  const { events, tape } = usePastOf(asked);
  const found = useProvenance(asked, events, place);
  const tables = useLensSource();
  const title = t('origin.title', { value: asked.value ?? 'null' });
  if (found === null) return null;
  const known = Object.values(tables?.nodes ?? {}).flatMap(({ view }) =>
    (view?.roles ?? []).flatMap((role) => (role.role === 'compute' ? (role.pages?.tables ?? []) : [])),
  );
  const hops = makeHops(asked, found, pageName(asked.blockKey, known, t), tape, t);
  return (
    <Section
      className="px-4 pb-3"
      title={title}
      tools={<IconButton small icon={X} label={t('origin.close')} onClick={forgetAsked} />}
    >
      <ol className="hops" aria-label={title}>
        {hops.map(({ id, icon: Icon, title: what, note, go }) => (
          <li key={id}>
            <Icon size={16} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 flex-none" />
            <div className="min-w-0">
              {go === null ? (
                <b>{what}</b>
              ) : (
                <button
                  type="button"
                  className="min-h-6 text-left font-semibold underline-offset-2 hover:underline"
                  aria-label={t('origin.go', { what })}
                  onClick={go}
                >
                  {what}
                </button>
              )}
              <span className="block text-[12px] leading-4 text-muted">{note}</span>
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}
