// Two branches side by side: the other one's map beside the canvas, and every number of every node, here and there,
// with its sign.

import { X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { BranchName } from '../../lab/time-api.ts';
import { branchStore, useBranches } from '../../state/branch-store.ts';
import { useCluster, useFrame, useOpposite } from '../../state/frame-store.ts';
import { useRun } from '../../state/run-store.ts';
import { selectNode } from '../../state/selection-store.ts';
import { openSide } from '../../state/side-store.ts';
import { type Translate, translateLoose, useT } from '../i18n/i18n.ts';
import { IconButton } from '../kit/button.tsx';
import { millis } from '../kit/format.ts';
import { Select } from '../kit/select.tsx';
import { useLab } from '../lab-context.ts';
import { branchName } from '../time/branch-names.ts';
import { compareNodes, type DiffSign } from '../time/diff.ts';
import { DiffSignText } from '../time/diff-note.tsx';
import { OtherMap } from './other-map.tsx';
import '../../words/time.en.json';
import '../../words/model/summary.en.json';

const nameKeys = {
  status: 'diff.name.status',
  life: 'diff.name.life',
  holes: 'diff.name.holes',
  state: 'diff.name.state',
  tail: 'diff.name.tail',
  token: 'diff.name.token',
  ok: 'diff.name.ok',
  clients: 'diff.name.clients',
} as const;

const isNamed = (word: string): word is keyof typeof nameKeys => word in nameKeys;

/** `holes g1`: a word that is translated, and of which group; watermarks are called the same in every language. */
function nameText(name: string, t: Translate): string {
  const [word = '', ...group] = name.split(' ');
  return isNamed(word) ? [t(nameKeys[word]), ...group].join(' ') : name;
}

function valueText(name: string, value: string | null): string {
  if (value === null) return '';
  if (name === 'status') return translateLoose(`health.${value}`, {});
  return name === 'state' ? translateLoose(`compute.${value}`, {}) : value;
}

const signKey = { '=': 'diff.same', Δ: 'diff.changed', '+': 'diff.here', '-': 'diff.there' } as const;

function Against(): ReactNode {
  const t = useT();
  const lab = useLab();
  const branches = useRun((run) => run?.branches) ?? [];
  const shown = useRun((run) => run?.shown ?? 'main');
  const against = useRun((run) => run?.against ?? null);
  const others = branches.filter(({ id }) => id !== shown);
  if (others.length === 0) return null;
  return (
    <Select<BranchName>
      label={t('diff.against')}
      value={against ?? others[0]?.id ?? 'main'}
      options={others.map(({ id }) => ({ value: id, label: branchName(id, t) }))}
      onChange={(id) => lab.compareWith(id)}
    />
  );
}

function Rows({ changedOnly }: { readonly changedOnly: boolean }): ReactNode {
  const t = useT();
  const here = useFrame((state) => state.nodes);
  const there = useOpposite((state) => state.nodes);
  const cluster = useCluster();
  const rows = (cluster?.nodes ?? []).flatMap(({ id }) =>
    compareNodes(here[id], there[id])
      .filter(({ sign }) => !changedOnly || sign !== '=')
      .map((pair, i) => ({ ...pair, id, isFirst: i === 0 })),
  );
  if (rows.length === 0)
    return (
      <tr>
        <td colSpan={5} className="py-3 text-muted">
          {t('diff.none')}
        </td>
      </tr>
    );
  return rows.map(({ id, name, here: mine, there: other, sign, isFirst }) => (
    <tr key={`${id} ${name}`} className={isFirst ? 'border-t border-line' : ''}>
      <th scope="row" className="text-left font-semibold">
        {isFirst && (
          <button type="button" onClick={() => selectNode(id)}>
            {id}
          </button>
        )}
      </th>
      <td className="text-muted">{nameText(name, t)}</td>
      <td className="mono text-right">{valueText(name, mine)}</td>
      <td className="text-center" aria-label={t(signKey[sign satisfies DiffSign])}>
        <DiffSignText sign={sign} />
      </td>
      <td className="mono text-right">{valueText(name, other)}</td>
    </tr>
  ));
}

export function DiffPanel(): ReactNode {
  const t = useT();
  const [changedOnly, setChangedOnly] = useState(false);
  const shown = useRun((run) => run?.shown ?? 'main');
  const against = useRun((run) => run?.against ?? null);
  const time = useBranches(({ other }) => other?.frame.time ?? null);
  const close = (): void => {
    openSide(null);
    branchStore.setState({ isSplit: false });
  };
  return (
    <aside id="side-pane" className="side-pane half-pane" aria-label={t('diff.title')} data-region="diff">
      <div className="panel-head">
        <h2 className="panel-title flex-1">{t('diff.title')}</h2>
        <Against />
        <IconButton small icon={X} label={t('close')} onClick={close} />
      </div>
      {time === null || against === null ? (
        <p className="p-4 text-muted">{t('diff.noOther')}</p>
      ) : (
        <>
          <OtherMap name={t('diff.mapOf', { name: branchName(against, t), time: millis(time) })} />
          <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-4">
            <p className="flex flex-wrap gap-x-4 py-2 text-[12px] text-muted">
              {(['=', 'Δ', '+', '-'] as const).map((sign) => (
                <span key={sign}>
                  <DiffSignText sign={sign} /> {t(signKey[sign])}
                </span>
              ))}
            </p>
            <label className="flex items-center gap-2 py-2 text-[12px]">
              <input
                type="checkbox"
                checked={changedOnly}
                onChange={(event) => setChangedOnly(event.target.checked)}
              />
              {t('diff.changedOnly')}
            </label>
            <table className="w-full text-[12px] leading-5">
              <caption className="sr-only">{t('diff.title')}</caption>
              <thead className="text-left text-muted">
                <tr>
                  <th scope="col">{t('diff.node')}</th>
                  <th scope="col">{t('diff.value')}</th>
                  <th scope="col" className="text-right">
                    {branchName(shown, t)}
                  </th>
                  <th scope="col" />
                  <th scope="col" className="text-right">
                    {`${branchName(against, t)} ${millis(time)}`}
                  </th>
                </tr>
              </thead>
              <tbody>
                <Rows changedOnly={changedOnly} />
              </tbody>
            </table>
          </div>
        </>
      )}
    </aside>
  );
}
