// The table of a comparison to take away: as Markdown, CSV, and a picture in its own shape or that of a slide.

import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Comparison } from '../../run-model/compare/compared.ts';
import type { ComparedReport } from '../../run-model/compare/report.ts';
import type { PictureShape } from '../export/picture-shape.ts';
import { downloadPng, downloadSvg, saveBlob } from '../export/save.ts';
import { wrapSvg } from '../export/standalone-svg.ts';
import { csvOf } from '../export/table-csv.ts';
import { tableMarkdown, tableSvg } from '../export/table-svg.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import '../../words/compare.en.json';
import { type CellPart, comparedRows } from './rows.ts';

interface Exported {
  readonly reports: readonly ComparedReport[];
  readonly choice: Omit<Comparison, 'stretch'>;
  readonly language: 'en' | 'zh';
  readonly partText: (part: CellPart) => string;
}

interface ExportProps extends Exported {
  /** Above the first column. */
  readonly head: string;
}

/** Head and rows as words; what is calculated says so. */
function rowsOf(
  { reports, language, partText, head }: ExportProps,
  calc: string,
): readonly (readonly string[])[] {
  const rows = comparedRows(reports).map(({ label, cells, calc: how }) => [
    how === null ? label[language] : `${label[language]} (${calc})`,
    ...cells.map(({ parts, words }) =>
      [
        ...parts.map((part) => (part.label === null ? '' : `${part.label[language]} `) + partText(part)),
        ...(words === null ? [] : [words[language]]),
      ].join('\n'),
    ),
  ]);
  return [[head, ...reports.map(({ column }) => column)], ...rows];
}

/** Programs for tables seldom read a cell of several lines. */
const inOneLine = (rows: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  rows.map((cells) => cells.map((text) => text.replaceAll('\n', '; ')));

const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export function CompareExport(props: ExportProps): ReactNode {
  const t = useT();
  const { choice } = props;
  const rows = rowsOf(props, t('compare.calc'));
  const name = `compare-${choice.load}-${choice.fault}-${choice.seed}`;
  const picture = (shape: PictureShape): string => {
    const look = {
      text: colour('text'),
      muted: colour('text-muted'),
      line: colour('line'),
      ground: colour('bg-1'),
    };
    const { svg, width, height } = tableSvg(rows, look);
    const caption = [
      t('compare.title'),
      t(`compare.fault.${choice.fault}`),
      t(`compare.load.${choice.load}`),
      `seed ${choice.seed}`,
      'PostDB Lab',
    ].join(' · ');
    return wrapSvg(svg, width, height, caption, shape);
  };
  const files: readonly { readonly label: string; readonly save: () => void }[] = [
    {
      label: 'Markdown',
      save: () => saveBlob(`${name}.md`, new Blob([tableMarkdown(rows)], { type: 'text/markdown' })),
    },
    {
      label: 'CSV',
      save: () => saveBlob(`${name}.csv`, new Blob([csvOf(inOneLine(rows))], { type: 'text/csv' })),
    },
    { label: 'SVG', save: () => void downloadSvg(name, picture('own')) },
    { label: 'PNG', save: () => void downloadPng(name, picture('own'), 2) },
    { label: 'PNG 16:9', save: () => void downloadPng(`${name}-16x9`, picture('slide'), 1, 'slide') },
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons of one kind, not a form's fieldset
    <div role="group" aria-label={t('compare.export')} className="mt-3 flex flex-wrap items-center gap-2">
      <Download size={16} strokeWidth={1.75} aria-hidden="true" />
      <span className="text-muted">{t('compare.export')}</span>
      {files.map(({ label, save }) => (
        <Button key={label} small look="line" onClick={save}>
          {label}
        </Button>
      ))}
    </div>
  );
}
