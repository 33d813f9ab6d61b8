// The runs of this lab: a tree of branches with what each takes, to open, name, pin and delete.

import { Check, Pencil, Pin, PinOff, Play, Trash2, X } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { messageOf } from '../../base/thrown.ts';
import type { ListedRun, ListedRuns } from '../../lab/time-api.ts';
import { goTo } from '../../state/route-store.ts';
import { useRun } from '../../state/run-store.ts';
import { openSide } from '../../state/side-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Button, IconButton } from '../kit/button.tsx';
import { bytesText, millis } from '../kit/format.ts';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';
import { runName } from './branch-names.ts';
import { type RunRow, runRows } from './run-tree.ts';
import '../../words/time.en.json';

const rowHeight = 64;
const indent = 16;

interface RunProps {
  readonly row: RunRow;
  readonly onChanged: () => void;
}

/** What could not be done is said; the list shows what is. */
const orSay = (work: Promise<void>): Promise<void> =>
  work.catch((error: unknown) => showToast({ kind: 'error', text: messageOf(error) }));

function Rename({ run, onDone }: { readonly run: ListedRun; readonly onDone: () => void }): ReactNode {
  const t = useT();
  const lab = useLab();
  const [name, setName] = useState(runName(run, t));
  const save = (): Promise<void> => orSay(lab.renameRun(run.runId, name)).then(onDone);
  return (
    <form
      className="flex items-center gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <input
        // biome-ignore lint/a11y/noAutofocus: the person has just asked to write here
        autoFocus
        className="field min-w-0 flex-1"
        maxLength={80}
        aria-label={t('runs.newName', { name: runName(run, t) })}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onDone();
        }}
      />
      <IconButton small icon={Check} type="submit" label={t('runs.save')} />
    </form>
  );
}

function RunActions({
  run,
  onChanged,
  onRename,
}: {
  readonly run: ListedRun;
  readonly onChanged: () => void;
  readonly onRename: () => void;
}): ReactNode {
  const t = useT();
  const lab = useLab();
  const [isSure, setSure] = useState(false);
  const name = runName(run, t);
  const open = async (): Promise<void> => {
    const opened = await lab.openRun(run.runId);
    showToast(
      opened.ok
        ? { kind: 'done', text: t('runs.opened', { name }) }
        : { kind: 'error', text: t('runs.failed', { error: opened.error }) },
    );
    onChanged();
  };
  if (isSure)
    return (
      <span className="flex items-center gap-1">
        <Button small look="danger" onClick={() => void orSay(lab.deleteRun(run.runId)).then(onChanged)}>
          {t('runs.deleteSure')}
        </Button>
        <IconButton small icon={X} label={t('cancel')} onClick={() => setSure(false)} />
      </span>
    );
  return (
    <span className="flex flex-none items-center">
      {!run.isOn && (
        <IconButton small icon={Play} label={t('runs.open', { name })} onClick={() => void open()} />
      )}
      <IconButton small icon={Pencil} label={t('runs.rename', { name })} onClick={onRename} />
      <IconButton
        small
        icon={run.isPinned ? PinOff : Pin}
        label={run.isPinned ? t('runs.unpin', { name }) : t('runs.pin', { name })}
        onClick={() => void orSay(lab.pinRun(run.runId, !run.isPinned)).then(onChanged)}
      />
      {!run.isOn && (
        <IconButton small icon={Trash2} label={t('runs.delete', { name })} onClick={() => setSure(true)} />
      )}
    </span>
  );
}

/** Of the run that is on the list is an old picture: it goes on. */
function Facts({ run }: { readonly run: ListedRun }): ReactNode {
  const t = useT();
  const isLive = useRun((live) => run.isOn && live?.runId === run.runId);
  const liveTime = useRun((live) => (isLive ? (live?.liveTime ?? 0) : 0));
  const taped = useRun((live) => (isLive ? (live?.taped ?? 0) : 0));
  const until = millis(isLive ? liveTime : run.until);
  return t('runs.facts', { until, count: isLive ? taped : run.actions, size: bytesText(run.bytes) });
}

function Run({ row: { run, depth }, onChanged }: RunProps): ReactNode {
  const t = useT();
  const [isRenaming, setRenaming] = useState(false);
  const name = runName(run, t);
  return (
    <li
      aria-label={run.isOn ? `${name}, ${t('runs.on')}` : name}
      aria-current={run.isOn}
      data-depth={depth}
      className="flex flex-col justify-center rounded-card px-2 hover:bg-raised"
      style={{ height: rowHeight, marginLeft: depth * indent }}
    >
      {isRenaming ? (
        <Rename
          run={run}
          onDone={() => {
            setRenaming(false);
            onChanged();
          }}
        />
      ) : (
        <span className="flex items-center gap-2">
          <b className="min-w-0 flex-1 truncate" title={name}>
            {name}
          </b>
          {run.isOn && <span className="chip flex-none">{t('runs.on')}</span>}
          {run.isPinned && <span className="chip flex-none">{t('runs.pinned')}</span>}
          <RunActions run={run} onChanged={onChanged} onRename={() => setRenaming(true)} />
        </span>
      )}
      <span className="truncate text-[12px] leading-4 text-muted">
        <Facts run={run} />
      </span>
    </li>
  );
}

/** From each run to the one it left. */
function Branches({ rows }: { readonly rows: readonly RunRow[] }): ReactNode {
  const middle = (row: number): number => row * rowHeight + 24;
  return (
    <svg
      className="pointer-events-none absolute top-0 left-0"
      width={indent * 12}
      height={rows.length * rowHeight}
      aria-hidden="true"
    >
      {rows.map(({ run, depth, parentRow }, i) => (
        <g key={run.runId}>
          {parentRow !== null && (
            <path
              d={`M${depth * indent - 6} ${middle(parentRow) + 8}V${middle(i)}H${depth * indent + 4}`}
              fill="none"
              stroke="var(--border-control)"
              strokeWidth={1.5}
            />
          )}
          <circle
            cx={depth * indent + 10}
            cy={middle(i)}
            r={4}
            fill={run.isOn ? 'var(--accent)' : 'var(--bg-1)'}
            stroke="var(--accent)"
            strokeWidth={1.5}
          />
        </g>
      ))}
    </svg>
  );
}

export function RunsPanel(): ReactNode {
  const t = useT();
  const lab = useLab();
  const [state, setState] = useState<ListedRuns | null>(null);
  const runId = useRun((run) => run?.runId ?? '');
  const mode = useRun((run) => run?.mode ?? 'BOOTING');
  const canList = runId !== '' && mode !== 'MIRROR' && mode !== 'BOOTING';
  const refresh = useCallback(() => {
    if (canList) lab.runs().then(setState, () => setState(null));
  }, [lab, canList]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run is on: the tree has changed
  useEffect(refresh, [refresh, runId]);
  const rows = runRows(state?.runs ?? []);
  return (
    <aside id="side-pane" className="side-pane" aria-label={t('runs.title')} data-region="runs">
      <div className="panel-head">
        <h2 className="panel-title flex-1">{t('runs.title')}</h2>
        <IconButton
          small
          icon={X}
          label={t('close')}
          onClick={() => {
            openSide(null);
            goTo('lab');
          }}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto p-3">
        <div className="relative">
          <Branches rows={rows} />
          <ul aria-label={t('runs.tree')} className="pl-5">
            {rows.map((row) => (
              <Run key={row.run.runId} row={row} onChanged={refresh} />
            ))}
          </ul>
        </div>
      </div>
      <footer className="flex-none border-t border-line p-3 text-[12px] leading-4 text-muted">
        <p>
          {state === null || state.quotaBytes === 0
            ? t('runs.usedUnknown')
            : t('runs.used', { used: bytesText(state.usedBytes), quota: bytesText(state.quotaBytes) })}
        </p>
        <p className="mt-1">{t('runs.note')}</p>
      </footer>
    </aside>
  );
}
