// The metadata's side of the PCS lens: what a member holds as of one entry of the log, beside another one; and who the leader's
// failure detector holds to be up.

import type { ReactNode } from 'react';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { Button, EmptyState } from '../../../../kit/button.tsx';
import { filterOf } from '../../../../kit/filter.ts';
import { duration } from '../../../../kit/format.ts';
import { Select } from '../../../../kit/select.tsx';
import { Muted, Section, Stepper } from '../../../../lens/section.tsx';
import { type Column, DataTable } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { entityText, entryText } from './describe.ts';
import {
  type DiffRow,
  diffRows,
  isChanged,
  type PcsMember,
  type PcsModel,
  type ReplicasOn,
  replicasOn,
} from './project.ts';

/** Which versions are compared. `at` null: the newest; `base` null: the one before it. */
export interface Compared {
  readonly node: string | null;
  readonly at: number | null;
  readonly base: number | null;
  readonly isWhole: boolean;
}

interface PartProps {
  readonly model: PcsModel;
  readonly member: PcsMember;
  readonly compared: Compared;
  readonly filter: string;
  readonly onCompare: (change: Partial<Compared>) => void;
}

function Scope({ model, member, compared, onCompare }: Omit<PartProps, 'filter'>): ReactNode {
  const t = useT();
  const { versions } = member.view ?? {};
  if (!versions) return null;
  const { first, at, base } = versions;
  const last = member.view?.applied ?? at.index;
  const against = compared.base === null ? 'previous' : compared.base === 0 ? 'first' : 'here';
  return (
    <div className="scope-bar">
      <Select
        label={t('pcs.source')}
        value={member.node}
        options={model.members.map(({ node }) => ({ value: node, label: node }))}
        onChange={(node) => onCompare({ node })}
      />
      <span className="text-muted">{t('pcs.version')}</span>
      <Stepper
        at={at.index - 1}
        count={last}
        names={[t('pcs.versionBefore'), t('pcs.versionAfter'), t('pcs.version')]}
        onStep={(place) => onCompare({ at: place + 1 >= last ? null : Math.max(first, place + 1) })}
      />
      <Select
        label={t('pcs.against')}
        value={against}
        options={[
          { value: 'previous', label: t('pcs.againstPrevious') },
          { value: 'first', label: t('pcs.againstFirst') },
          {
            value: 'here',
            label: t('pcs.againstHere', { index: against === 'here' ? base.index : at.index }),
          },
        ]}
        onChange={(how) => onCompare({ base: how === 'previous' ? null : how === 'first' ? 0 : at.index })}
      />
      <Select
        label={t('pcs.which')}
        value={compared.isWhole ? 'all' : 'changes'}
        options={[
          { value: 'changes', label: t('pcs.changes') },
          { value: 'all', label: t('pcs.all') },
        ]}
        onChange={(which) => onCompare({ isWhole: which === 'all' })}
      />
      {compared.at !== null && (
        <Button small look="line" onClick={() => onCompare({ at: null })}>
          {t('pcs.newest')}
        </Button>
      )}
    </div>
  );
}

function Versions({
  member,
  compared,
  filter,
}: Pick<PartProps, 'member' | 'compared' | 'filter'>): ReactNode {
  const t = useT();
  const { versions } = member.view ?? {};
  if (!versions) return <EmptyState>{t('pcs.noData', { node: member.node })}</EmptyState>;
  const { at, base, first } = versions;
  const { matches, isEmpty } = filterOf(filter);
  const rows = diffRows(versions).filter(
    (row) =>
      (compared.isWhole || isChanged(row)) &&
      matches(entityText(row.entity, t), row.of, row.field, row.at ?? '', row.base ?? ''),
  );
  const look = (row: DiffRow): string => (isChanged(row) ? 'mono font-semibold text-accent' : 'mono');
  const columns: readonly Column<DiffRow>[] = [
    [t('pcs.entity'), ({ entity }) => entityText(entity, t)],
    [t('pcs.name'), ({ of }) => of, 'mono'],
    [t('pcs.field'), ({ field }) => field, 'mono'],
    [`${t('pcs.version')} ${base.index}`, (row) => row.base ?? t('pcs.new'), 'mono whitespace-normal'],
    [
      `${t('pcs.version')} ${at.index}`,
      (row) => row.at ?? t('pcs.gone'),
      (row) => `${look(row)} whitespace-normal`,
    ],
  ];
  return (
    <div className="px-4 pb-2">
      <p className="py-1 text-[12px] leading-4 break-words">
        {at.entry === null
          ? t('pcs.inSnapshot', { index: at.index })
          : t('pcs.entryAt', { index: at.index, term: at.entry.term, what: entryText(at.entry, t) })}
      </p>
      {rows.length === 0 ? (
        <Muted>
          {isEmpty
            ? t('pcs.noChange', { base: base.index, at: at.index })
            : t('lens.filterNone', { typed: filter.trim() })}
        </Muted>
      ) : (
        <DataTable
          isExported
          label={t('pcs.dataTab')}
          columns={columns}
          rows={rows}
          keyOf={({ entity, of, field }) => `${entity} ${of} ${field}`}
        />
      )}
      {first > 0 && <Muted>{t('pcs.snapshotFloor', { first })}</Muted>}
    </div>
  );
}

function replicasText({ groups, isDrained, isStuck }: ReplicasOn, t: Translate): string {
  const names = groups.length === 0 ? '–' : groups.join(' ');
  if (!isDrained) return names;
  return t(isStuck ? 'pcs.replicas.stuck' : 'pcs.replicas.leave', { names });
}

function Detector({ leader }: { readonly leader: PcsMember }): ReactNode {
  const t = useT();
  const beats = new Map(leader.log?.beats.map((beat) => [beat.node, beat]));
  return (
    <Section title={t('pcs.detector', { node: leader.node })} scrolls>
      <DataTable
        label={t('pcs.detector', { node: leader.node })}
        columns={[
          [t('pcs.node'), ({ node }) => node],
          [t('pcs.role'), ({ up }) => t(up ? 'pcs.up' : 'pcs.down')],
          [t('pcs.replicas'), ({ node }) => replicasText(replicasOn(leader.view, node), t)],
          [t('pcs.boot'), ({ node }) => beats.get(node)?.boot ?? '–', 'n'],
          [
            t('pcs.beat'),
            ({ node }) => {
              const beat = beats.get(node);
              return beat === undefined ? '–' : t('pcs.ago', { time: duration(beat.ageUs) });
            },
            'n',
          ],
        ]}
        rows={leader.view?.nodes ?? []}
        keyOf={({ node }) => node}
        attributes={({ node, up }) => ({
          'data-hover': hoverKey({ kind: 'node', id: node }),
          className: up ? '' : 'text-fence',
        })}
      />
      <Muted>{t('pcs.detectorNote')}</Muted>
    </Section>
  );
}

export function DataPart(props: PartProps): ReactNode {
  const { model, member } = props;
  return (
    <>
      <Scope {...props} />
      <Versions {...props} />
      {model.leader !== null && member === model.leader && <Detector leader={model.leader} />}
    </>
  );
}
