// The way from a path and an offset to the chunk servers, as a picture that is asked by typing or choosing a file; and the sizes of the source
// beside those of this device.

import { type ReactNode, useId, useState } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { named } from '../../../../i18n/sentence.ts';
import { bytesText, groupDigits } from '../../../../kit/format.ts';
import { type LensState, PlotArea } from '../../../../lens/define-lens.tsx';
import { Muted, Section } from '../../../../lens/section.tsx';
import { DataTable } from '../../../../plot/data-table.tsx';
import { PlotSvg, softFill } from '../../../../plot/lsn-plot.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { type FilePlace, findPlace, readPlace } from './file-place.ts';
import type { DiskModel } from './project.ts';
import '../../../../../words/polardb/disk.en.json';

const labelWidth = 132;
const boxHeight = 30;
const gap = 16;

interface StepBox {
  readonly label: string;
  readonly text: string;
  readonly hue: string;
}

function PathPlot({ place, model, width }: { place: FilePlace; model: DiskModel; width: number }): ReactNode {
  const t = useT();
  const { row, offset, blkid, within, blktag, chunk, block, byte, isHole } = place;
  const of = {
    path: row.path,
    offset: groupDigits(offset),
    direntry: row.direntry,
    inode: row.inode.no,
    size: groupDigits(row.inode.size),
    blkid,
    bytes: groupDigits(model.geometry.blockBytes),
    within: groupDigits(within),
    blktag,
    chunk: chunk.index,
    block,
    byte: groupDigits(byte),
    group: chunk.group,
  };
  const boxes: readonly StepBox[] = [
    { label: t('disk.path.file'), text: t('disk.path.byte', of), hue: 'client' },
    { label: t('disk.path.names'), text: t('disk.path.meta', of), hue: 'ctl' },
    { label: t('disk.path.ofFile'), text: t('disk.path.blkid', of), hue: 'wal' },
    { label: t('disk.path.onDevice'), text: t('disk.path.blktag', of), hue: 'ack' },
  ];
  const right = Math.max(labelWidth + 260, width - 4);
  const serversY = boxes.length * (boxHeight + gap) + 18;
  const each = (right - 8 * (chunk.servers.length - 1)) / Math.max(1, chunk.servers.length);
  const middle = labelWidth + (right - labelWidth) / 2;
  return (
    <PlotSvg width={right + 4} height={serversY + 48}>
      {boxes.map(({ label, text, hue }, i) => {
        const y = i * (boxHeight + gap) + 1;
        return (
          <g key={label}>
            <text x={0} y={y + 20} fontSize={12} fontWeight={600} fill="var(--text)">
              {label}
            </text>
            <rect
              x={labelWidth}
              y={y}
              width={right - labelWidth}
              height={boxHeight}
              rx={4}
              fill={softFill(hue)}
              stroke={`var(--${hue})`}
            />
            <text x={labelWidth + 8} y={y + 20} fontSize={12} className="mono" fill="var(--text)">
              {text}
            </text>
            <path
              d={`M${middle} ${y + boxHeight}v${gap - 2}m-4 -5l4 5l4 -5`}
              stroke="var(--text-muted)"
              strokeWidth={1.5}
              fill="none"
            />
          </g>
        );
      })}
      <text x={0} y={serversY - 4} fontSize={12} fontWeight={600} fill="var(--text)">
        {t('disk.path.servers', of)}
      </text>
      <text x={right} y={serversY - 4} fontSize={12} textAnchor="end" fill="var(--text-muted)">
        {isHole ? t('disk.path.hole') : t('disk.path.deviceByte', of)}
      </text>
      {chunk.servers.map(({ id, isUp, applied }, i) => {
        const x = i * (each + 8);
        return (
          <g key={id} data-hover={hoverKey({ kind: 'node', id })} opacity={isUp ? 1 : 0.6}>
            <rect
              x={x + 0.5}
              y={serversY + 2}
              width={each - 1}
              height={42}
              rx={4}
              fill="var(--bg-1)"
              stroke={id === chunk.leader ? 'var(--accent)' : 'var(--border-control)'}
              strokeWidth={id === chunk.leader ? 2.5 : 1}
            />
            <text x={x + 8} y={serversY + 20} fontSize={13} fontWeight={600} fill="var(--text)">
              {id === chunk.leader ? t('disk.path.leads', { node: id }) : id}
            </text>
            <text x={x + 8} y={serversY + 36} fontSize={12} className="mono" fill="var(--text-muted)">
              {isUp ? t('disk.path.applied', { applied: groupDigits(applied) }) : t('disk.down')}
            </text>
          </g>
        );
      })}
    </PlotSvg>
  );
}

function Sizes({ model: { geometry: g, chunks } }: { readonly model: DiskModel }): ReactNode {
  const t = useT();
  const chunkBytes = g.blocksPerChunk * g.blockBytes;
  const rows: readonly (readonly [what: string, source: string, here: string])[] = [
    [
      t('disk.sizes.device'),
      t('disk.sizes.deviceOf', { size: '40 GB', chunks: 4 }),
      t('disk.sizes.deviceOf', { size: bytesText(chunks.length * chunkBytes), chunks: chunks.length }),
    ],
    [t('disk.sizes.chunk'), '10 GB', bytesText(chunkBytes)],
    [t('disk.sizes.block'), '4 MB', bytesText(g.blockBytes)],
    [t('disk.sizes.superblock'), t('disk.sizes.blockZero'), t('disk.sizes.blockZero')],
    [t('disk.sizes.data'), groupDigits(2560), groupDigits(g.blocksPerChunk - 1)],
    [t('disk.sizes.objects'), groupDigits(2048), groupDigits(g.inodesPerChunk)],
  ];
  return (
    <Section title={t('disk.sizes')} scrolls>
      <DataTable
        label={t('disk.sizes')}
        rows={rows}
        keyOf={([what]) => what}
        columns={[
          [t('disk.sizes.what'), ([what]) => what],
          [t('disk.sizes.source'), ([, source]) => source, 'n'],
          [t('disk.sizes.here'), ([, , here]) => here, 'n'],
        ]}
      />
    </Section>
  );
}

interface PartProps {
  readonly lens: LensState<DiskModel>;
  readonly model: DiskModel;
}

export function PathPart({ lens, model }: PartProps): ReactNode {
  const t = useT();
  const list = useId();
  const files = model.tree.filter(({ inode, chain }) => inode.kind === 'file' && chain.length > 0);
  const usual = files.find(({ path }) => path.startsWith('/base/')) ?? files[0];
  const [asked, setAsked] = useState<string | null>(null);
  const text = asked ?? usual?.path ?? '/';
  const { path, offset } = readPlace(text);
  const found = findPlace(model, path, offset);
  return (
    <>
      <div className="px-4 pt-2">
        <label className="field w-full">
          <span className="text-muted">{t('disk.path.ask')}</span>
          <input
            className="mono flex-1"
            list={list}
            value={text}
            placeholder={t('disk.path.example')}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setAsked(event.target.value)}
          />
        </label>
        <datalist id={list}>
          {files.flatMap((file) =>
            file.chain.map((tag) => (
              <option
                key={`${file.path} ${tag.no}`}
                value={`${file.path} ${tag.blkid * model.geometry.blockBytes}`}
              />
            )),
          )}
        </datalist>
      </div>
      <PlotArea
        state={{ ...lens, table: false }}
        className="overflow-x-auto px-4 pt-2.5 pb-2"
        drawing={
          found.kind !== 'place' ? null : (
            <div
              role="img"
              aria-label={named(
                t('disk.path.name', { path, offset: groupDigits(offset) }),
                t('disk.path.blktag', {
                  blktag: found.place.blktag,
                  chunk: found.place.chunk.index,
                  block: found.place.block,
                }),
                t,
              )}
            >
              <PathPlot place={found.place} model={model} width={lens.width} />
            </div>
          )
        }
        still={() => null}
      >
        {found.kind !== 'place' && (
          <Muted>
            {t(`disk.path.${found.kind}`, {
              path,
              offset: groupDigits(offset),
              size: groupDigits(found.size),
            })}
          </Muted>
        )}
      </PlotArea>
      <Sizes model={model} />
    </>
  );
}
