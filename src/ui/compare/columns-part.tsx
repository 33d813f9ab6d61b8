// The columns of a comparison: any preset, any cluster that is saved in this browser, and the cluster of the run that is on.

import { Copy, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { messageOf } from '../../base/thrown.ts';
import type { Lab } from '../../lab/api.ts';
import { linkOfComparison, MOST_COLUMNS, readCompareLink } from '../../lab/compare-link.ts';
import { saidOfRun } from '../../sim/say-cluster.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { comparedStacks } from '../../stacks/compared.ts';
import { offeredPresets, stackOfPreset } from '../../stacks/preset-names.ts';
import { presets } from '../../stacks/presets.ts';
import { tapes } from '../../stacks/tapes.ts';
import { frameStore } from '../../state/frame-store.ts';
import { goTo, useRoute } from '../../state/route-store.ts';
import { useRun } from '../../state/run-store.ts';
import { readSavedClusters, savedClusters } from '../../state/saved-clusters.ts';
import { copyText } from '../dialogs/download.ts';
import { useT } from '../i18n/i18n.ts';
import { refusalText } from '../i18n/refusal-text.ts';
import { Button, IconButton } from '../kit/button.tsx';
import { Select, type SelectOption } from '../kit/select.tsx';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';
import { addColumn, dropColumn, showLinked, useCompare } from './compare-store.ts';
import '../../words/compare.en.json';

const isCompared = (architecture: string | null): boolean =>
  comparedStacks.some(({ id }) => id === architecture);

async function saidNow(lab: Lab): Promise<string> {
  const { cluster } = frameStore.getState();
  const parsed = parseTape(tapes, await lab.exportTape());
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  if (cluster === null) throw new Error('no run is on');
  return saidOfRun(presets, parsed.tape, cluster);
}

/** What the address asks for, once; null: nothing is wrong with it. */
export function useLinked(): string | null {
  const t = useT();
  const params = useRoute((route) => route.params);
  const [wrong, setWrong] = useState<string | null>(null);
  useEffect(() => {
    const linked = readCompareLink(params);
    if (linked === null) return;
    setWrong(linked.ok ? null : t('compare.badLink', { error: refusalText(linked.why) }));
    if (linked.ok) showLinked(linked);
    // followed once: a reload or the way back does not begin anew
    goTo('compare');
  }, [params, t]);
  return wrong;
}

/** Value of an option: where the cluster is from, and its name. */
type From = '' | 'run' | `preset ${string}` | `saved ${string}`;

function useOptions(): readonly SelectOption<From>[] {
  const t = useT();
  const { columns } = useCompare();
  const saved = useStore(savedClusters, (state) => state.list) ?? [];
  useEffect(() => {
    // where the browser keeps nothing there is nothing to choose
    void readSavedClusters().catch(() => savedClusters.setState({ list: [] }));
  }, []);
  // While it boots nobody has its tape.
  const isRunOn = useRun((run) => run !== null && run.mode !== 'BOOTING');
  const isShown = (name: string): boolean => columns.some((column) => column.name === name);
  return [
    { value: '', label: t('compare.choose') },
    ...(isRunOn ? [{ value: 'run' as const, label: t('compare.ofRun') }] : []),
    ...saved
      .filter(({ architecture }) => isCompared(architecture))
      .map(({ name }) => ({ value: `saved ${name}` as const, label: t('compare.saved', { name }) })),
    ...offeredPresets
      .filter((name) => isCompared(stackOfPreset(name)) && !isShown(name))
      .map((name) => ({ value: `preset ${name}` as const, label: name })),
  ];
}

export function ColumnsPart(): ReactNode {
  const t = useT();
  const lab = useLab();
  const { choice, columns } = useCompare();
  const options = useOptions();
  const [wrong, setWrong] = useState<string | null>(null);
  const saidBy = async (from: From): Promise<string> => {
    if (from === 'run') return saidNow(lab);
    const name = from.slice(from.indexOf(' ') + 1);
    if (from.startsWith('preset ')) return name;
    return (await readSavedClusters()).find((one) => one.name === name)?.text ?? name;
  };
  const add = (from: From): void => {
    if (from === '') return;
    void saidBy(from)
      .then((said) => {
        const why = addColumn(said);
        return why === null ? null : refusalText(why);
      })
      .catch((error: unknown) => messageOf(error))
      .then((error) => setWrong(error === null ? null : t('compare.badColumn', { error })));
  };
  const copy = async (): Promise<void> => {
    const link = `${location.origin}${location.pathname}${linkOfComparison({ ...choice, columns })}`;
    const isCopied = await copyText(link);
    showToast({ kind: isCopied ? 'done' : 'error', text: isCopied ? t('compare.linkCopied') : link });
  };
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2">
      <ul className="compare-columns" aria-label={t('compare.columns')}>
        {columns.map(({ name, stack }) => (
          <li key={name} className="field">
            <b>{name}</b>
            {name !== stack.id && <small className="text-muted">{stack.id}</small>}
            <IconButton
              icon={X}
              label={t('compare.drop', { column: name })}
              disabled={columns.length === 1}
              onClick={() => dropColumn(name)}
            />
          </li>
        ))}
      </ul>
      <Select<From>
        label={t('compare.add')}
        value=""
        small={false}
        options={options}
        disabled={columns.length >= MOST_COLUMNS}
        onChange={add}
      />
      <Button look="line" icon={Copy} onClick={() => void copy()}>
        {t('compare.link')}
      </Button>
      {wrong !== null && (
        <p role="alert" className="w-full text-fence">
          {wrong}
        </p>
      )}
    </div>
  );
}
