// `#/cluster`: a cluster of one's own, from nothing, from a preset or from the run that is on. The lab runs on behind it; what is built
// begins when it is started, as a tape whose header lays it out.

import { ArrowLeft, Copy, Download, Play, Redo2, Save, Undo2 } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { messageOf } from '../../base/thrown.ts';
import { decodeTape, encodeTape } from '../../lab/share.ts';
import { ENGINE } from '../../sim/engine.ts';
import { isClusterName } from '../../sim/preset-names.ts';
import { printTape } from '../../sim/tape-print.ts';
import { makeTape } from '../../sim/tape-run.ts';
import { offeredPresets } from '../../stacks/preset-names.ts';
import { findPreset } from '../../stacks/presets.ts';
import { tapes } from '../../stacks/tapes.ts';
import { frameStore } from '../../state/frame-store.ts';
import { goTo, useRoute } from '../../state/route-store.ts';
import { readSavedClusters, saveCluster, savedClusters } from '../../state/saved-clusters.ts';
import { setSettings } from '../../state/settings-store.ts';
import { copyText, saveText } from '../dialogs/download.ts';
import { ArchitecturePicture, architectures } from '../gallery/architecture-pictures.tsx';
import { translateLoose, useT } from '../i18n/i18n.ts';
import { refusalText } from '../i18n/refusal-text.ts';
import { Button, IconButton } from '../kit/button.tsx';
import { Select } from '../kit/select.tsx';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';
import {
  begin,
  beginNew,
  beginRun,
  beginText,
  building,
  edit,
  redoEdit,
  textOf,
  undoEdit,
  useBuilding,
} from './builder-store.ts';
import { type Draft, faultsOfDraft, nameOf, paramsOf, presetOf, withName } from './draft.ts';
import { DraftMap } from './draft-map.tsx';
import { FaultsAt } from './field.tsx';
import { LinksPart } from './links-part.tsx';
import { machineOf } from './machine.ts';
import { meaningOf } from './meaning.ts';
import { NodesPart } from './nodes-part.tsx';
import { DisksPart, LoadPart, NumbersPart } from './numbers-part.tsx';
import { QuorumPart } from './quorum-part.tsx';
import './cluster.css';
import '../../words/cluster.en.json';
import '../../words/gallery.en.json';

/** What the address asks to begin from, once. */
function useBegun(): string | null {
  const lab = useLab();
  const t = useT();
  const rest = useRoute((route) => route.rest);
  const link = useRoute(({ params }) => params.get('c'));
  const [wrong, setWrong] = useState<string | null>(null);
  useEffect(() => {
    setWrong(null);
    const [from = '', name = ''] = rest.split('/');
    const read = (text: string): void => {
      const result = beginText(text);
      if (!result.ok) setWrong(t('cluster.badLine', { line: result.line, error: refusalText(result.why) }));
    };
    const open = async (): Promise<void> => {
      if (link !== undefined) {
        const opened = decodeTape(link);
        if (opened.ok) read(opened.tape);
        else setWrong(t('cluster.badLink', { error: refusalText(opened.why) }));
      } else if (from === 'mine') {
        const { cluster } = frameStore.getState();
        if (cluster !== null) beginRun(await lab.exportTape(), cluster);
      } else if (from === 'new') beginNew(name === '' ? 'cynosdb' : name);
      else if (from === 'preset') {
        const preset = findPreset(name);
        if (preset === null) setWrong(t('cluster.noPreset', { name }));
        else begin(preset, `my-${name}`);
      } else if (from === 'saved') {
        const saved = (await readSavedClusters()).find((one) => one.name === name);
        if (saved === undefined) setWrong(t('cluster.noneSaved', { name }));
        else read(saved.text);
      }
      // followed once: a reload or the way back does not begin anew
      if (from !== '' || link !== undefined) goTo('cluster');
    };
    void open().catch((error: unknown) => setWrong(messageOf(error)));
  }, [rest, link, lab, t]);
  return wrong;
}

function Head({ wrong }: { readonly wrong: string | null }): ReactNode {
  const t = useT();
  const name = useBuilding(({ draft }) => nameOf(draft));
  const architecture = useBuilding(({ draft }) => draft.preset.architecture);
  const canUndo = useBuilding(({ past }) => past.length > 0);
  const canRedo = useBuilding(({ future }) => future.length > 0);
  const faults = useBuilding(({ draft }) => draft);
  const named = useMemo(() => faultsOfDraft(faults), [faults]);
  const isNamed = isClusterName(name);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Button look="line" icon={ArrowLeft} onClick={() => goTo('lab')}>
          {t('gallery.back')}
        </Button>
        <Button look="line" onClick={() => goTo('presets')}>
          {t('gallery.title')}
        </Button>
        <IconButton icon={Undo2} label={t('cluster.undo')} disabled={!canUndo} onClick={undoEdit} />
        <IconButton icon={Redo2} label={t('cluster.redo')} disabled={!canRedo} onClick={redoEdit} />
      </div>
      <h1 className="mt-4 text-[20px] leading-7 font-semibold">{t('cluster.title')}</h1>
      <p className="mt-1 max-w-[92ch] text-muted">{t('cluster.lead')}</p>
      {wrong !== null && (
        <p role="alert" className="mt-2 text-fence">
          {wrong}
        </p>
      )}
      <fieldset className="build-architectures" aria-label={t('strip.architectures')}>
        {architectures.map((id) => (
          <button
            key={id}
            type="button"
            aria-pressed={id === architecture}
            onClick={() => id !== architecture && beginNew(id)}
          >
            <ArchitecturePicture stack={id} />
            <span>
              {t(`strip.${id}`)}
              <small>{t(`strip.${id}.note`)}</small>
            </span>
          </button>
        ))}
      </fieldset>
      <div className="build-row">
        <div className="build-field" data-wrong={!isNamed}>
          <label className="field">
            <span className="text-muted">{t('cluster.name')}</span>
            <input
              className="mono build-text"
              value={name}
              spellCheck={false}
              aria-invalid={!isNamed}
              onChange={(event) => edit((draft) => withName(draft, event.target.value))}
            />
          </label>
          {!isNamed && <span className="build-wrong">{t('cluster.badName')}</span>}
        </div>
        <Select
          label={t('cluster.from')}
          value=""
          small={false}
          options={[
            { value: '', label: t('cluster.choose') },
            ...offeredPresets.map((value) => ({ value, label: value })),
          ]}
          onChange={(value) => {
            const preset = findPreset(value);
            if (preset !== null) begin(preset, `my-${value}`);
          }}
        />
      </div>
      <FaultsAt faults={named} fields={['cluster']} />
    </>
  );
}

/** What is built as the lines of its file, which may be edited or pasted. */
function Lines(): ReactNode {
  const t = useT();
  const text = useBuilding(({ draft }) => textOf(draft));
  const [own, setOwn] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const take = (next: string): void => {
    const result = beginText(next);
    setWrong(result.ok ? null : t('cluster.badLine', { line: result.line, error: refusalText(result.why) }));
    setOwn(result.ok ? null : next);
  };
  return (
    <details>
      <summary>{t('cluster.lines')}</summary>
      <p className="text-muted">{t('cluster.lines.help')}</p>
      <textarea
        className="mono build-lines"
        aria-label={t('cluster.lines')}
        spellCheck={false}
        value={own ?? text}
        onChange={(event) => setOwn(event.target.value)}
      />
      {wrong !== null && <p className="text-fence">{wrong}</p>}
      <div className="build-row">
        <Button look="line" disabled={own === null} onClick={() => take(own ?? text)}>
          {t('cluster.takeLines')}
        </Button>
        <label className="btn btn-line">
          {t('cluster.file')}
          <input
            type="file"
            accept=".cluster,text/plain"
            className="visually-hidden"
            onChange={(event) => {
              const file = event.target.files?.[0];
              event.target.value = '';
              if (file !== undefined) void file.text().then(take);
            }}
          />
        </label>
      </div>
    </details>
  );
}

const keep = (draft: Draft): Promise<void> =>
  saveCluster({ name: nameOf(draft), architecture: draft.preset.architecture, text: textOf(draft) });

/** One that was started is among one's own clusters from then on; what was saved under its name stays as it is. */
async function keepStarted(draft: Draft): Promise<void> {
  try {
    const saved = await readSavedClusters();
    if (!saved.some(({ name }) => name === nameOf(draft))) await keep(draft);
  } catch {
    // A browser that keeps nothing keeps this neither; *Save* says why.
  }
}

function Actions({ canStart }: { readonly canStart: boolean }): ReactNode {
  const t = useT();
  const lab = useLab();
  const draft = useBuilding((state) => state.draft);
  const name = nameOf(draft);
  const start = (): void => {
    const preset = presetOf(draft);
    const { profile, seed } = preset;
    const tape = printTape(tapes, makeTape(preset, { engine: ENGINE, profile, seed }));
    void keepStarted(draft);
    void lab.startTape(tape, null).then(
      () => showToast({ kind: 'note', text: t('toast.started', { preset: preset.name, seed }) }),
      (error: unknown) => showToast({ kind: 'error', text: messageOf(error) }),
    );
    setSettings({ lens: null, rightTab: 'lens' });
    goTo('lab');
  };
  const save = (): void => {
    void keep(draft).then(
      () => showToast({ kind: 'done', text: t('cluster.saved', { name }) }),
      (error: unknown) =>
        showToast({ kind: 'error', text: t('cluster.notSaved', { error: messageOf(error) }) }),
    );
  };
  const duplicate = (): void => {
    const taken = new Set([name, ...(savedClusters.getState().list ?? []).map((one) => one.name)]);
    const stem = name.replace(/-\d+$/, '').slice(0, 28);
    let number = 2;
    while (taken.has(`${stem}-${number}`)) number++;
    edit((current) => withName(current, `${stem}-${number}`));
  };
  const link = (): string =>
    `${location.origin}${location.pathname}#/cluster&c=${encodeTape(textOf(building.getState().draft))}`;
  return (
    <div className="build-row build-actions">
      <Button look="primary" icon={Play} disabled={!canStart} onClick={start}>
        {t('cluster.start')}
      </Button>
      <Button look="line" icon={Save} disabled={!canStart} onClick={save}>
        {t('cluster.save')}
      </Button>
      <Button look="line" onClick={duplicate}>
        {t('cluster.duplicate')}
      </Button>
      <Button
        look="line"
        icon={Download}
        disabled={!canStart}
        onClick={() => saveText(`${name}.cluster`, textOf(draft))}
      >
        {t('cluster.export')}
      </Button>
      <Button look="line" icon={Copy} disabled={!canStart} onClick={() => void copyText(link())}>
        {t('cluster.link')}
      </Button>
    </div>
  );
}

/** The map, what the cluster means, what this browser has to carry, what keeps it from starting, and the start. */
function Outcome(): ReactNode {
  const t = useT();
  const draft = useBuilding((state) => state.draft);
  const preset = useMemo(() => presetOf(draft), [draft]);
  const faults = useMemo(() => faultsOfDraft(draft), [draft]);
  const typed = Object.entries(draft.typed);
  const name = nameOf(draft);
  const wrong = faults.length + typed.length + (isClusterName(name) ? 0 : 1);
  const meanings = faults.length + typed.length === 0 ? meaningOf(preset, paramsOf(preset)) : [];
  const machine = machineOf(preset);
  return (
    <aside className="build-outcome" aria-label={t('cluster.outcome')}>
      <DraftMap preset={preset} />
      <Actions canStart={wrong === 0} />
      {wrong > 0 && (
        <div role="status" className="build-refused">
          <b>{t('cluster.cannot', { count: wrong })}</b>
          <ul>
            {faults.map((fault) => (
              <li key={`${fault.field} ${fault.kind}`}>
                {t('cluster.who', { who: fault.field, text: refusalText(fault) })}
              </li>
            ))}
            {typed.map(([field, { label, text }]) => (
              <li key={field}>{t('cluster.notValue', { label, text })}</li>
            ))}
            {!isClusterName(name) && <li>{t('cluster.badNameIs', { name })}</li>}
          </ul>
        </div>
      )}
      <section aria-label={t('cluster.means')}>
        <h2>{t('cluster.means')}</h2>
        <ul className="build-meaning">
          {meanings.length === 0 && <li>{t('cluster.correctFirst')}</li>}
          {meanings.map(({ key, of, who, isWarning }) => (
            <li key={`${who} ${key} ${JSON.stringify(of)}`} data-warning={isWarning}>
              {who === undefined
                ? translateLoose(key, of)
                : t('cluster.who', { who, text: translateLoose(key, of) })}
            </li>
          ))}
          <li data-warning={machine.isMuch}>{t('cluster.machine', machine.of)}</li>
        </ul>
      </section>
      <Lines />
    </aside>
  );
}

export function ClusterPage(): ReactNode {
  const t = useT();
  const wrong = useBegun();
  const draft = useBuilding((state) => state.draft);
  const faults = useMemo(() => faultsOfDraft(draft), [draft]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <main className="about build" data-region="about" tabIndex={0} aria-label={t('cluster.title')}>
      <div className="build-body">
        <form className="build-form" onSubmit={(event) => event.preventDefault()}>
          <Head wrong={wrong} />
          <NodesPart faults={faults} />
          <QuorumPart faults={faults} />
          <LinksPart faults={faults} />
          <DisksPart faults={faults} />
          <NumbersPart faults={faults} />
          <LoadPart faults={faults} />
        </form>
        <Outcome />
      </div>
    </main>
  );
}
