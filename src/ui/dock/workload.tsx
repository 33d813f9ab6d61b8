// Workloads of the drivers: kind, clients, think time, rate; set while they run, each change one action on the tape.

import { Play, Square } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { nodeId } from '../../base/ids.ts';
import type { DriverView } from '../../core/client/driver-view.ts';
import type { WorkloadKind, WorkloadSpec } from '../../core/kernel/workload-spec.ts';
import { useFrame } from '../../state/frame-store.ts';
import { doAction } from '../faults/do-action.ts';
import { translateLoose, useT } from '../i18n/i18n.ts';
import { failureText } from '../i18n/refusal-text.ts';
import { Button, EmptyState } from '../kit/button.tsx';
import { Select } from '../kit/select.tsx';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';
import { driverOf } from '../model/node-facts.ts';
import '../../words/dock/dock.en.json';

type Running = DriverView['workloads'][number];

const kinds: readonly WorkloadKind[] = [
  'transfer',
  'tpcb',
  'ycsb-a',
  'ycsb-b',
  'ycsb-c',
  'ycsb-d',
  'kv-insert',
  'register',
  'lost-update',
  'write-skew',
  'list-append',
  'append-levels',
  'append-halves',
  'counter',
  'counter-steps',
  'churn',
  'indexed',
  'serial-tables',
];

const usual = { rows: 100, clients: 2, thinkUs: 4000, valueBytes: 100 } as const;
/** Loads that show something only where clients meet on the same rows. */
const meeting = { rows: 2, clients: 4, thinkUs: 1000, valueBytes: 8 } as const;
const isMeeting = (kind: WorkloadKind): boolean =>
  kind === 'lost-update' || kind === 'write-skew' || kind === 'append-levels';

/** Limits of the fields; the node checks again. */
const limits = { clients: 256, thinkMs: 10_000, rate: 1_000_000 } as const;

interface NumberProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly step?: number;
  readonly onCommit: (value: number) => void;
}

function NumberField({ label, value, max, step = 1, onCommit }: NumberProps): ReactNode {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    const next = Number(draft);
    setDraft(null);
    if (draft === null || draft === '' || !Number.isFinite(next)) return;
    const clamped = Math.min(Math.max(next, 0), max);
    if (clamped !== value) onCommit(clamped);
  };
  return (
    <label className="field field-small">
      <span className="text-muted">{label}</span>
      <input
        type="number"
        min={0}
        max={max}
        step={step}
        className="mono w-20 text-right font-semibold"
        value={draft ?? String(value)}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
        }}
      />
    </label>
  );
}

function RunningRow({ node, workload }: { readonly node: string; readonly workload: Running }): ReactNode {
  const t = useT();
  const lab = useLab();
  const change = (spec: Partial<WorkloadSpec>): void => {
    void lab.setWorkload(workload.name, spec).then((result) => {
      if (result.ok) showToast({ kind: 'done', text: result.line });
      else showToast({ kind: 'error', text: failureText(result) });
    });
  };
  return (
    <fieldset
      aria-label={t('workload.of', { name: workload.name, node })}
      className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2"
    >
      <b className="w-20 truncate font-semibold">{workload.name}</b>
      <span className="chip">{translateLoose(`workload.kindOf.${workload.kind}`, {})}</span>
      <span className="text-[12px] text-muted">{node}</span>
      <NumberField
        label={t('workload.clients')}
        value={workload.clients}
        max={limits.clients}
        onCommit={(clients) => change({ clients })}
      />
      <NumberField
        label={t('workload.think')}
        value={workload.thinkUs / 1000}
        max={limits.thinkMs}
        step={0.5}
        onCommit={(ms) => change({ thinkUs: Math.round(ms * 1000) })}
      />
      <NumberField
        label={t('workload.rate')}
        value={workload.ratePerSecond}
        max={limits.rate}
        step={10}
        onCommit={(ratePerSecond) => change({ ratePerSecond })}
      />
      <span className="flex-1" />
      <Button
        small
        look="danger"
        icon={Square}
        onClick={() => void doAction(lab, { kind: 'workloadStop', node: nodeId(node), name: workload.name })}
      >
        {t('workload.stop')}
      </Button>
    </fieldset>
  );
}

function NewWorkload({
  node,
  names,
}: {
  readonly node: string;
  readonly names: readonly string[];
}): ReactNode {
  const t = useT();
  const lab = useLab();
  const [kind, setKind] = useState<WorkloadKind>('transfer');
  const start = (): void => {
    let number = 1;
    while (names.includes(`load-${number}`)) number += 1;
    // Transfers work on the preset's accounts; every other kind makes and loads its own tables first.
    const spec: WorkloadSpec = {
      kind,
      ...(isMeeting(kind) ? meeting : usual),
      ratePerSecond: 0,
      readPercent: 25,
      hotPercent: 0,
      load: kind !== 'transfer',
    };
    void doAction(lab, { kind: 'workload', node: nodeId(node), name: `load-${number}`, spec });
  };
  return (
    <div className="flex items-center gap-2 px-4 py-2">
      <Select
        label={t('workload.kind')}
        value={kind}
        options={kinds.map((value) => ({ value, label: t(`workload.kindOf.${value}`) }))}
        onChange={setKind}
      />
      <Button small look="line" icon={Play} onClick={start}>
        {t('workload.start', { node })}
      </Button>
    </div>
  );
}

export function Workload(): ReactNode {
  const t = useT();
  const nodes = useFrame((state) => state.nodes);
  const drivers = Object.values(nodes).flatMap((node) => {
    const view = driverOf(node);
    return view === null ? [] : [{ id: node.id as string, view }];
  });
  if (drivers.length === 0) return <EmptyState>{t('workload.noDriver')}</EmptyState>;
  return (
    <section aria-label={t('dock.workload')} className="h-full overflow-y-auto">
      {drivers.map(({ id, view }) => (
        <div key={id}>
          {view.workloads.map((workload) => (
            <RunningRow key={workload.name} node={id} workload={workload} />
          ))}
          <NewWorkload node={id} names={view.workloads.map(({ name }) => name)} />
        </div>
      ))}
    </section>
  );
}
