// The run's tape as text that is edited and run again. Untouched it follows the run; once edited it stands still until the edits are
// run or discarded. What was run is the tape from then on, with the lines that were switched off and those that wait for a condition.

import {
  ArrowLeft,
  ArrowRight,
  CircleDot,
  CircleStop,
  Copy,
  Download,
  FolderOpen,
  Play,
  Plus,
  ToggleLeft,
  Undo2,
} from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { messageOf } from '../../base/thrown.ts';
import { useFrame } from '../../state/frame-store.ts';
import { dismissNotice, useRun } from '../../state/run-store.ts';
import { setPanel } from '../../state/selection-store.ts';
import { copyText, downloadTape } from '../dialogs/download.ts';
import { useT } from '../i18n/i18n.ts';
import { faultText } from '../i18n/refusal-text.ts';
import { Button, Chip, IconButton } from '../kit/button.tsx';
import { DropMenu, type MenuSection } from '../kit/menu.tsx';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';
import { useSqlRuns } from './sql-store.ts';
import { type TapeFault, tapeFault } from './tape-assist.ts';
import { TapeEditor, type TapeHandle, type TapePlace } from './tape-editor.tsx';
import { actionsFrom, countActions, linesAt, runnableTape } from './tape-lines.ts';
import './console.css';
import '../../words/dock/tape.en.json';

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

/** Edits of this visit, kept while the tab shows something else. */
let kept: { readonly runId: string; readonly text: string } | null = null;
/** What was run last as it was written, with what waits and what is off. */
let ran: { readonly text: string; readonly opened: number } | null = null;
/** Clicks that were recorded for a stretch: lines of actions. */
let recorded: readonly string[] = [];

interface Editing {
  /** Null: it follows the run. */
  readonly edited: string | null;
  readonly fault: TapeFault | null;
  readonly setEdited: (text: string | null) => void;
  readonly run: () => Promise<void>;
}

function useEditing(known: string | null): Editing {
  const lab = useLab();
  const runId = useRun((run) => run?.runId ?? '');
  const [edited, setText] = useState<string | null>(() => (kept?.runId === runId ? kept.text : null));
  const [fault, setFault] = useState<TapeFault | null>(() => (edited === null ? null : tapeFault(edited)));
  const setEdited = useCallback(
    (text: string | null): void => {
      const next = text === known ? null : text;
      kept = next === null ? null : { runId, text: next };
      setText(next);
      setFault(next === null ? null : tapeFault(next));
    },
    [known, runId],
  );
  const run = async (): Promise<void> => {
    if (edited === null || fault !== null) return;
    const { text, placeOf } = runnableTape(edited);
    dismissNotice('errorReached');
    const opened = await lab.openTape(text).catch((thrown: unknown) => messageOf(thrown));
    if (typeof opened === 'string') {
      showToast({ kind: 'error', text: opened });
      return;
    }
    if (!opened.ok) {
      setFault({ ...placeOf(opened.line, opened.column), why: opened.why });
      return;
    }
    // As it was written: lines that are off keep their place, and conditions are not yet times.
    ran = { text: edited.replace(/^end\s.*\n/m, ''), opened: lab.run().openedTapes };
    setEdited(null);
  };
  return { edited, fault, setEdited, run };
}

interface Recording {
  readonly isOn: boolean;
  readonly lines: readonly string[];
  readonly toggle: () => void;
}

/** Clicks become lines from one press of the button to the next. */
function useRecording(text: string | null): Recording {
  const [from, setFrom] = useState<number | null>(null);
  const [lines, setLines] = useState(recorded);
  const toggle = (): void => {
    if (text === null) return;
    if (from === null) {
      setFrom(countActions(text));
      return;
    }
    recorded = actionsFrom(text, from);
    setLines(recorded);
    setFrom(null);
  };
  return { isOn: from !== null, lines, toggle };
}

function InsertMenu({
  nowMs,
  target,
  lines,
  onInsert,
}: {
  readonly nowMs: number;
  readonly target: string;
  readonly lines: readonly string[];
  readonly onInsert: (lines: string, selected: string | null) => void;
}): ReactNode {
  const t = useT();
  // The editor takes the focus, which is the menu's until it has gone.
  const chosen = useRef<(() => void) | null>(null);
  const choose = (text: string, selected: string | null): void => {
    chosen.current = () => onInsert(text, selected);
  };
  const entry = (id: 'time' | 'commit' | 'when', line: string, selected: string) => ({
    id,
    label: t(`tape.insert.${id}`),
    onSelect: () => choose(line, selected),
  });
  const at = Math.ceil(nowMs);
  const sections: readonly MenuSection[] = [
    {
      id: 'insert',
      entries: [
        entry('time', `${at.toFixed(3)} `, ''),
        entry('commit', `0.000 when "commits >= 50" crash ${target}`, '50'),
        entry('when', `0.000 when "hole.open" crash ${target}`, 'hole.open'),
        {
          id: 'recorded',
          label: t('tape.insert.recorded', { count: lines.length }),
          disabled: lines.length === 0,
          onSelect: () => choose(linesAt(lines, at).join('\n'), null),
        },
      ],
    },
  ];
  return (
    <DropMenu
      label={t('tape.add')}
      sections={sections}
      onClosed={() => {
        const insert = chosen.current;
        chosen.current = null;
        insert?.();
        return insert !== null;
      }}
      trigger={
        <Button small look="line" icon={Plus}>
          {t('tape.add')}
        </Button>
      }
    />
  );
}

export function TapeView(): ReactNode {
  const t = useT();
  const lab = useLab();
  const text = useTapeText();
  const now = useFrame((state) => state.frame?.time ?? 0);
  const cluster = useFrame((state) => state.frame?.cluster ?? null);
  const marks = useRun((run) => run?.marks) ?? null;
  const isRan = useRun(
    (run) => run?.isReplay === true && run.shown === 'main' && run.openedTapes === ran?.opened,
  );
  const known = isRan && ran !== null ? ran.text : text;
  const { edited, fault, setEdited, run } = useEditing(known);
  const recording = useRecording(text);
  const handle = useRef<TapeHandle | null>(null);
  const place = useRef<TapePlace>({ cluster, nowMs: 0 });
  place.current = { cluster, nowMs: Math.ceil(now / 1000) };
  const shown = edited ?? known;
  const first = useRef<string | null>(null);
  const isThere = shown !== null;
  useEffect(() => {
    // What a person types is the editor's already.
    if (edited === null && known !== null && first.current !== known) handle.current?.setText(known);
    first.current = edited ?? known;
  }, [edited, known]);
  useEffect(() => {
    if (isThere) handle.current?.showFault(fault);
  }, [fault, isThere]);
  useEffect(() => {
    if (isThere) handle.current?.showMarks(isRan ? (marks ?? []) : null);
  }, [marks, isRan, isThere]);
  const target = cluster?.groups[0]?.replicas[0] ?? cluster?.nodes[0]?.id ?? '';
  const isEdited = edited !== null;
  return (
    <section aria-label={t('dock.tape')} className="flex h-full min-h-0 flex-col">
      <div className="flex min-h-9 flex-none flex-wrap items-center gap-x-2 gap-y-1 px-3 py-1">
        <Button
          small
          look={isEdited && fault === null ? 'primary' : 'line'}
          icon={Play}
          disabled={!isEdited || fault !== null}
          title={t('tape.runNote')}
          onClick={() => void run()}
        >
          {t('tape.run')}
        </Button>
        {isThere && (
          <InsertMenu
            nowMs={now / 1000}
            target={target}
            lines={recording.lines}
            onInsert={(lines, selected) => handle.current?.insert(lines, selected)}
          />
        )}
        <IconButton
          small
          icon={ToggleLeft}
          label={t('tape.switch')}
          onClick={() => handle.current?.toggle()}
        />
        <IconButton
          small
          icon={ArrowLeft}
          label={t('tape.earlier')}
          onClick={() => handle.current?.move(-1)}
        />
        <IconButton small icon={ArrowRight} label={t('tape.later')} onClick={() => handle.current?.move(1)} />
        <Button
          small
          look="line"
          icon={recording.isOn ? CircleStop : CircleDot}
          title={t('tape.recordNote')}
          onClick={recording.toggle}
        >
          {recording.isOn ? t('tape.recordEnd') : t('tape.record')}
        </Button>
        {isEdited && (
          <>
            <Button small icon={Undo2} onClick={() => setEdited(null)}>
              {t('tape.revert')}
            </Button>
            <Chip hue="hole">{t('tape.edited')}</Chip>
          </>
        )}
        {fault !== null && (
          <span role="alert" className="truncate text-[12px] text-fence">
            {t('tape.wrong', { line: fault.line, column: fault.column, error: faultText(fault) })}
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
          disabled={shown === null}
          onClick={() => void copyText(shown ?? '')}
        />
      </div>
      <div className="min-h-0 flex-1 border-t border-line">
        {shown !== null && (
          <TapeEditor
            initial={shown}
            handle={handle}
            place={place}
            onChange={setEdited}
            onRun={() => void run()}
          />
        )}
      </div>
    </section>
  );
}
