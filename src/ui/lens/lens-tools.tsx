// Export of a lens (picture or table) and the panel that says what each mark means, by the registry of rules.

import { CircleHelp, Download } from 'lucide-react';
import { Popover } from 'radix-ui';
import { Fragment, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { setPanel } from '../../state/selection-store.ts';
import type { PictureShape } from '../export/picture-shape.ts';
import { offerPicture, type PictureSource } from '../export/picture-sources.ts';
import { exportCaption, exportName } from '../export/run-name.ts';
import { downloadPng, downloadSvg, saveBlob } from '../export/save.ts';
import { standaloneSvg } from '../export/standalone-svg.ts';
import { tableCsv } from '../export/table-csv.ts';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { Button, IconButton } from '../kit/button.tsx';
import { findRule } from '../rules/registry.ts';
import type { Term } from '../rules/term.ts';
import { headOf } from '../rules/terms.ts';
import { TermWords } from '../story/term-words.tsx';
import { WrongButton } from '../story/wrong-button.tsx';
import { DrawnNames } from './drawn-names.tsx';
import { drawnTerms } from './drawn-terms.ts';
import { idsBeside, type Legend, type LegendEntry } from './legend.ts';
import { useLensPlace } from './lens-place.ts';
import '../../words/lens/lens.en.json';
import '../../words/lens/tools.en.json';

type Section = RefObject<HTMLElement | null>;

const plotIn = (section: Section): SVGSVGElement | null =>
  section.current?.querySelector<SVGSVGElement>('svg[data-plot]') ?? null;

/** What the drawing is said to show. */
const describedIn = ({ current }: Section): string =>
  current?.closest('[data-region]')?.querySelector('[data-described]')?.textContent ?? '';

interface ToolsProps {
  readonly section: Section;
  readonly legend: Legend | null;
  /** A part of a lens with a picture and a table of its own: what it is called, on the screen and in a file's name. */
  readonly part?: { readonly id: string; readonly title: string } | undefined;
  /** Called before and after the drawing is exported: a lens that draws on a canvas draws SVG meanwhile. */
  readonly onExport?: ((isOn: boolean, shape: PictureShape) => void) | undefined;
  /** The numbers as a file, of a lens whose table is not always in the page. */
  readonly csv?: (() => string) | undefined;
  readonly files?: readonly ExportedFile[] | undefined;
}

/** A file of a lens's own kind: what it is called in the menu, how its name ends, and how it is made when it is asked for. */
export interface ExportedFile {
  readonly label: string;
  readonly ending: string;
  readonly make: () => Promise<Blob>;
}

/** As long as the lens is on the screen. */
function useOffered(source: PictureSource): void {
  const latest = useRef(source);
  useEffect(() => {
    latest.current = source;
  });
  const { id } = source;
  useEffect(() => offerPicture(id, () => latest.current), [id]);
}

function ExportTool({ section, part, onExport, csv, files = [] }: Omit<ToolsProps, 'legend'>): ReactNode {
  const t = useT();
  const { lens } = useLensPlace();
  const title = part?.title ?? t(lens.title);
  const label = part === undefined ? t('lenses.export') : t('lenses.exportOf', { what: title });
  const [isDrawn, setDrawn] = useState(false);
  const svg = (shape: PictureShape = 'own'): string | null => {
    const plot = plotIn(section);
    if (plot === null) return null;
    onExport?.(true, shape);
    const text = standaloneSvg(plot, exportCaption(title), shape);
    onExport?.(false, shape);
    return text;
  };
  const id = part?.id ?? lens.id;
  useOffered({ id, title, svg });
  const name = (): string => exportName(id);
  const saveSvg = (): void => {
    const text = svg();
    if (text !== null) void downloadSvg(name(), text);
  };
  const savePng = (scale: 1 | 2 | 4): void => {
    const text = svg();
    if (text !== null) void downloadPng(name(), text, scale);
  };
  const saveSlide = (kind: 'svg' | 'png'): void => {
    const text = svg('slide');
    if (text === null) return;
    if (kind === 'svg') void downloadSvg(`${name()}-16x9`, text);
    else void downloadPng(`${name()}-16x9`, text, 1, 'slide');
  };
  const saveTable = (): void => {
    const table = section.current?.querySelector<HTMLTableElement>('table[data-twin]');
    const text = csv?.() ?? (table ? tableCsv(table) : null);
    if (text !== null && text !== undefined)
      saveBlob(`${name()}.csv`, new Blob([text], { type: 'text/csv' }));
  };
  return (
    <Popover.Root onOpenChange={(open) => open && setDrawn(plotIn(section) !== null)}>
      <Popover.Trigger asChild>
        <IconButton small icon={Download} label={label} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="menu p-2" align="end" collisionPadding={8} aria-label={label}>
          <div className="flex flex-col items-stretch gap-1">
            {isDrawn && (
              <>
                <Button small look="line" onClick={saveSvg}>
                  SVG
                </Button>
                {([1, 2, 4] as const).map((scale) => (
                  <Button key={scale} small look="line" onClick={() => savePng(scale)}>
                    {`PNG ${scale}×`}
                  </Button>
                ))}
                <Button small look="line" onClick={() => saveSlide('png')}>
                  {t('lenses.exportSlidePng')}
                </Button>
                <Button small look="line" onClick={() => saveSlide('svg')}>
                  {t('lenses.exportSlideSvg')}
                </Button>
                <Button small look="line" onClick={() => setPanel({ kind: 'record', of: id })}>
                  {t('lenses.record')}
                </Button>
              </>
            )}
            <Button small look="line" onClick={saveTable}>
              {t('lenses.exportTable')}
            </Button>
            {files.map(({ label: kind, ending, make }) => (
              <Button
                key={ending}
                small
                look="line"
                onClick={() => void make().then((blob) => saveBlob(`${name()}.${ending}`, blob))}
              >
                {kind}
              </Button>
            ))}
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function LegendRow({ entry }: { readonly entry: LegendEntry }): ReactNode {
  const t = useT();
  const language = currentLanguage() === 'zh-CN' ? 'zh' : 'en';
  const rules = entry.rules.flatMap((slug) => findRule(slug) ?? []);
  const ids = idsBeside(entry, rules);
  return (
    <>
      <dt className="font-semibold">{t(entry.label)}</dt>
      <dd className="pb-2">
        {t(entry.text)}
        {rules.map((rule) => (
          <span key={rule.slug} className="block text-[12px] leading-4 text-muted">
            <b>{rule.title[language]}</b> {rule.text[language]}{' '}
            <span className="mono">{rule.ids.join(', ')}</span>
          </span>
        ))}
        {ids.length > 0 && (
          <span className="mono block text-[12px] leading-4 text-muted">{ids.join(', ')}</span>
        )}
      </dd>
    </>
  );
}

interface LegendProps extends Pick<ToolsProps, 'part' | 'section'> {
  readonly legend: Legend;
}

function LegendTool({ section, legend, part }: LegendProps): ReactNode {
  const t = useT();
  const { lenses } = useLensPlace();
  const language = currentLanguage() === 'zh-CN' ? 'zh' : 'en';
  const label = part === undefined ? t('lenses.legend') : t('lenses.legendOf', { what: part.title });
  const [loaded, setLoaded] = useState<readonly LegendEntry[]>([]);
  const [names, setNames] = useState<readonly Term[]>([]);
  const onOpen = (open: boolean): void => {
    if (!open) return;
    setNames(section.current === null ? [] : drawnTerms(section.current));
    if (typeof legend === 'function') void legend().then(setLoaded);
    else setLoaded(legend);
  };
  return (
    <Popover.Root onOpenChange={onOpen}>
      <Popover.Trigger asChild>
        <IconButton small icon={CircleHelp} label={label} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="menu max-h-[70vh] w-[420px] max-w-[90vw] overflow-y-auto p-3 text-[13px] leading-5"
          align="end"
          collisionPadding={8}
          aria-label={label}
        >
          {/* Longer than the window: it can be scrolled by keyboard. */}
          <dl tabIndex={0}>
            {loaded.map((entry) => (
              <LegendRow key={entry.label} entry={entry} />
            ))}
            {names.length > 0 && <dt className="heading pt-1 pb-1">{t('lenses.names')}</dt>}
            {names.map((term) => (
              <Fragment key={term.key}>
                <dt className="font-semibold">{headOf(term, language)}</dt>
                <dd className="pb-2">
                  <TermWords term={term} lenses={lenses} />
                </dd>
              </Fragment>
            ))}
          </dl>
          <div className="flex justify-end border-t border-line pt-2">
            <WrongButton said={() => ({ text: describedIn(section), claims: [] })} />
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

export function LensTools({ section, legend, part, onExport, csv, files }: ToolsProps): ReactNode {
  return (
    <>
      <ExportTool section={section} part={part} onExport={onExport} csv={csv} files={files} />
      {legend !== null && <LegendTool section={section} legend={legend} part={part} />}
      <DrawnNames section={section} />
    </>
  );
}
