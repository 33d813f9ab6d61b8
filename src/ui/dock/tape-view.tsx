// The run's tape as rows that can be switched off, moved in time, rewritten and run again.
// Untouched it follows the run; once edited it stands still until the edits are run or discarded. What was run is the
// tape from then on, with the rows that were switched off.

import { Copy, Download, FolderOpen, GripVertical, Play, Plus, Trash2, Undo2 } from 'lucide-react';
import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { previewTape } from '../../lab/tape-preview.ts';
import { useFrame } from '../../state/frame-store.ts';
import { dismissNotice, useRun } from '../../state/run-store.ts';
import { setPanel } from '../../state/selection-store.ts';
import { copyText, downloadTape } from '../dialogs/download.ts';
import { useT } from '../i18n/i18n.ts';
import { Button, Chip, EmptyState, IconButton } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { useSqlRuns } from './sql-store.ts';
import { addRow, changeRow, printRows, readRows, removeRow, rowAtLine, type TapeRow } from './tape-lines.ts';
import '../../words/dock/dock.en.json';

/** One pixel of a drag is this many virtual ms; with Shift a tenth of it. */
const dragMs = 0.1;

interface RowProps {
  readonly row: TapeRow;
  readonly error: string | null;
  readonly onChange: (change: Partial<TapeRow>) => void;
  readonly onRemove: () => void;
}

function Grip({ row, onChange }: Pick<RowProps, 'row' | 'onChange'>): ReactNode {
  const t = useT();
  const start = useRef<{ readonly x: number; readonly at: number } | null>(null);
  const move = (event: PointerEvent): void => {
    if (start.current === null) return;
    const ms = (event.clientX - start.current.x) * (event.shiftKey ? dragMs / 10 : dragMs);
    onChange({ at: Math.max(0, Math.round((start.current.at + ms) * 1000) / 1000) });
  };
  return (
    // The number field beside it does the same without a drag.
    <span
      title={t('tape.drag')}
      aria-hidden="true"
      className="grid h-6 w-6 flex-none cursor-ew-resize touch-none place-items-center text-muted"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, at: row.at };
      }}
      onPointerMove={move}
      onPointerUp={() => {
        start.current = null;
      }}
    >
      <GripVertical size={16} strokeWidth={1.75} />
    </span>
  );
}

function ActionRow({ row, error, onChange, onRemove }: RowProps): ReactNode {
  const t = useT();
  const line = row.id + 1;
  return (
    <li className={error === null ? '' : 'rounded-control outline outline-fence'}>
      <div className="flex min-h-8 items-center gap-1.5">
        <label className="grid flex-none place-items-center">
          <input
            type="checkbox"
            checked={row.on}
            aria-label={t('tape.on', { line })}
            onChange={(event) => onChange({ on: event.target.checked })}
          />
        </label>
        <Grip row={row} onChange={onChange} />
        <input
          type="number"
          min={0}
          step={0.1}
          className="mono field field-small w-28 flex-none text-right"
          value={row.at}
          aria-label={t('tape.at', { line })}
          onChange={(event) => onChange({ at: Math.max(0, Number(event.target.value) || 0) })}
        />
        <input
          className={`mono field field-small min-w-0 flex-1 ${row.on ? '' : 'text-muted line-through'}`}
          value={row.text}
          aria-label={t('tape.line', { line })}
          aria-invalid={error !== null}
          spellCheck={false}
          onChange={(event) => onChange({ text: event.target.value.replaceAll('\n', ' ') })}
        />
        <IconButton small icon={Trash2} label={t('tape.remove', { line })} onClick={onRemove} />
      </div>
      {error !== null && <p className="px-2 pb-1 text-[12px] text-fence">{error}</p>}
    </li>
  );
}

/** The tape of what is shown, again whenever something is written on it. */
function useTapeText(): string | null {
  const lab = useLab();
  const [text, setText] = useState<string | null>(null);
  const taped = useRun((run) => run?.taped ?? 0);
  const runId = useRun((run) => run?.runId ?? '');
  const opened = useRun((run) => (run?.isReplay === true ? run.openedTapes : 0));
  const branch = useRun((run) => run?.shown ?? 'main');
  const own = useRun((run) => run?.branches.find(({ id }) => id === run.shown)?.own.length ?? 0);
  const statements = useSqlRuns().length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run or branch is another tape; what is done or asked is a new line
  useEffect(() => {
    let isCurrent = true;
    void lab.exportTape().then(
      (next) => isCurrent && setText(next),
      () => isCurrent && setText(null),
    );
    return () => {
      isCurrent = false;
    };
  }, [lab, taped, runId, opened, branch, own, statements]);
  return text;
}

interface Wrong {
  readonly id: number | null;
  readonly line: number;
  readonly error: string;
}

export function TapeView(): ReactNode {
  const t = useT();
  const lab = useLab();
  const text = useTapeText();
  const now = useFrame((state) => state.frame?.time ?? 0);
  const [edits, setEdits] = useState<readonly TapeRow[] | null>(null);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [ran, setRan] = useState<{ readonly text: string; readonly opened: number } | null>(null);
  const isRan = useRun(
    (run) => run?.isReplay === true && run.shown === 'main' && run.openedTapes === ran?.opened,
  );
  const known = isRan && ran !== null ? ran.text : text;
  const rows = edits ?? (known === null ? [] : readRows(known));
  const isEdited = edits !== null;
  const edit = (next: readonly TapeRow[]): void => {
    setEdits(next);
    const checked = previewTape(printRows(next, true));
    setWrong(checked.ok ? null : { ...checked, id: rowAtLine(next, true, checked.line) });
  };
  const run = async (): Promise<void> => {
    const printed = printRows(rows, true);
    dismissNotice('errorReached');
    const opened = await lab.openTape(printed);
    if (!opened.ok) {
      setWrong({ ...opened, id: rowAtLine(rows, true, opened.line) });
      return;
    }
    setRan({ text: printed, opened: lab.run().openedTapes });
    setEdits(null);
  };
  const actions = rows.filter((row) => row.kind === 'action');
  const errorOf = (row: TapeRow): string | null => (wrong?.id === row.id ? wrong.error : null);
  return (
    <section aria-label={t('dock.tape')} className="flex h-full min-h-0 flex-col">
      <div className="flex min-h-9 flex-none flex-wrap items-center gap-x-2 gap-y-1 px-3 py-1">
        <Button
          small
          look={isEdited && wrong === null ? 'primary' : 'line'}
          icon={Play}
          disabled={!isEdited || wrong !== null}
          title={t('tape.runNote')}
          onClick={() => void run()}
        >
          {t('tape.run')}
        </Button>
        <Button
          small
          look="line"
          icon={Plus}
          disabled={text === null}
          onClick={() => edit(addRow(rows, Math.ceil(now / 1000), 'crash store-1'))}
        >
          {t('tape.add')}
        </Button>
        {isEdited && (
          <>
            <Button
              small
              icon={Undo2}
              onClick={() => {
                setEdits(null);
                setWrong(null);
              }}
            >
              {t('tape.revert')}
            </Button>
            <Chip hue="hole">{t('tape.edited')}</Chip>
          </>
        )}
        {wrong !== null && (
          <span role="alert" className="truncate text-[12px] text-fence">
            {t('tape.wrong', { line: wrong.line, error: wrong.error })}
          </span>
        )}
        <span className="flex-1" />
        <IconButton small icon={Download} label={t('menu.export')} onClick={() => void downloadTape(lab)} />
        <IconButton
          small
          icon={FolderOpen}
          label={t('menu.import')}
          onClick={() => setPanel({ kind: 'import' })}
        />
        <IconButton
          small
          icon={Copy}
          label={t('copy')}
          disabled={rows.length === 0}
          onClick={() => void copyText(printRows(rows, isEdited))}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto border-t border-line px-3 py-1.5">
        <details className="mb-1">
          <summary className="text-[12px] text-muted">{t('tape.header')}</summary>
          <pre className="mono px-5 text-[12px] leading-[18px]">
            {rows
              .filter((row) => row.kind !== 'action')
              .map((row) => row.text)
              .join('\n')}
          </pre>
        </details>
        {text !== null && actions.length === 0 && <EmptyState>{t('tape.none')}</EmptyState>}
        <ul aria-label={t('tape.actions')}>
          {actions.map((row) => (
            <ActionRow
              key={row.id}
              row={row}
              error={errorOf(row)}
              onChange={(change) => edit(changeRow(rows, row.id, change))}
              onRemove={() => edit(removeRow(rows, row.id))}
            />
          ))}
        </ul>
      </div>
    </section>
  );
}
