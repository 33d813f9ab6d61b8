// The cluster as an outline: zone, node, its groups, with full state text and the same menus. The primary route for
// screen readers (product design §8).

import { ChevronRight } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useCluster, useNode } from '../../state/frame-store.ts';
import { select, selectNode, useSelection } from '../../state/selection-store.ts';
import { setSettings } from '../../state/settings-store.ts';
import { nodeName, storeOf } from '../canvas/node-facts.ts';
import { roleIcon } from '../canvas/role-icon.ts';
import { openMenuAt, openMenuOf } from '../faults/menu-store.ts';
import { useT } from '../i18n/i18n.ts';

function NodeItem({ id, level }: { readonly id: string; readonly level: number }): ReactNode {
  const t = useT();
  const node = useNode(id);
  const selected = useSelection(({ nodes }) => nodes.includes(id));
  const [open, setOpen] = useState(false);
  if (node === undefined) return null;
  const groups = storeOf(node)?.groups ?? [];
  const Icon = roleIcon(node);
  const inspect = (): void => {
    selectNode(id);
    setSettings({ rightTab: 'inspector', rightOpen: true });
  };
  return (
    <>
      <div
        role="treeitem"
        tabIndex={-1}
        aria-level={level}
        aria-selected={selected}
        {...(groups.length > 0 ? { 'aria-expanded': open } : {})}
        data-id={id}
        className={`flex min-h-7 items-center gap-2 rounded-control px-2 text-[12px] leading-4 ${selected ? 'bg-raised' : ''}`}
        onClick={inspect}
        onContextMenu={(event) => {
          event.preventDefault();
          openMenuAt({ kind: 'node', id }, { x: event.clientX, y: event.clientY });
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') inspect();
          else if (event.key === 'ArrowRight') setOpen(true);
          else if (event.key === 'ArrowLeft') setOpen(false);
          else if (event.key === 'm' || event.key === 'ContextMenu')
            openMenuOf({ kind: 'node', id }, event.currentTarget);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        <ChevronRight
          size={14}
          aria-hidden="true"
          className={`flex-none ${groups.length === 0 ? 'invisible' : ''} ${open ? 'rotate-90' : ''}`}
        />
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" className="flex-none" />
        <span className="py-1">{nodeName(node, t)}</span>
      </div>
      {open &&
        groups.map(({ group, scl, nwl, holeCount }) => (
          <GroupItem
            key={group}
            id={group}
            level={level + 1}
            text={t('tree.group', { group, scl, nwl, count: holeCount })}
          />
        ))}
    </>
  );
}

interface GroupProps {
  readonly id: string;
  readonly level: number;
  readonly text: string;
}

function GroupItem({ id, level, text }: GroupProps): ReactNode {
  const selected = useSelection(({ subject }) => subject?.kind === 'group' && subject.id === id);
  const inspect = (): void => {
    select({ kind: 'group', id });
    setSettings({ rightTab: 'inspector', rightOpen: true });
  };
  return (
    <div
      role="treeitem"
      tabIndex={-1}
      aria-level={level}
      aria-selected={selected}
      className={`flex min-h-6 items-center rounded-control pl-14 text-[12px] text-muted ${selected ? 'bg-raised' : ''}`}
      onClick={inspect}
      onContextMenu={(event) => {
        event.preventDefault();
        openMenuAt({ kind: 'group', id }, { x: event.clientX, y: event.clientY });
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') inspect();
        else if (event.key === 'm' || event.key === 'ContextMenu')
          openMenuOf({ kind: 'group', id }, event.currentTarget);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      {text}
    </div>
  );
}

function moveFocus(tree: HTMLElement, event: KeyboardEvent): void {
  const items = [...tree.querySelectorAll<HTMLElement>('[role="treeitem"]')];
  const now = items.indexOf(document.activeElement instanceof HTMLElement ? document.activeElement : tree);
  const last = items.length - 1;
  const to =
    event.key === 'ArrowDown'
      ? Math.min(now + 1, last)
      : event.key === 'ArrowUp'
        ? Math.max(now - 1, 0)
        : event.key === 'Home'
          ? 0
          : event.key === 'End'
            ? last
            : -1;
  if (to < 0) return;
  event.preventDefault();
  items[to]?.focus();
}

export function TreePanel(): ReactNode {
  const t = useT();
  const cluster = useCluster();
  const tree = useRef<HTMLDivElement>(null);
  const zones = [...new Set(cluster?.nodes.map((node) => node.zone))];
  return (
    <aside
      className="flex w-[320px] flex-none flex-col border-r border-line bg-panel"
      aria-label={t('rail.tree')}
      data-region="tree"
    >
      <div className="panel-head">
        <h2 className="panel-title">{t('rail.tree')}</h2>
      </div>
      <div
        ref={tree}
        role="tree"
        tabIndex={0}
        aria-label={t('tree.title')}
        className="min-h-0 flex-1 overflow-y-auto p-2"
        onKeyDown={(event) => {
          if (tree.current !== null) moveFocus(tree.current, event);
        }}
      >
        {zones.map((zone) => (
          <div key={zone} role="none">
            <div
              role="treeitem"
              tabIndex={-1}
              aria-level={1}
              aria-expanded="true"
              aria-selected={false}
              className="px-2 pt-2 text-[12px] leading-6 font-semibold text-muted"
            >
              {t('map.zone', { zone })}
            </div>
            {cluster?.nodes
              .filter((node) => node.zone === zone)
              .map(({ id }) => (
                <NodeItem key={id} id={id} level={2} />
              ))}
          </div>
        ))}
      </div>
    </aside>
  );
}
