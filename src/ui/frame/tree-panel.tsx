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

interface ItemProps {
  readonly of: { readonly kind: 'node' | 'group'; readonly id: string };
  readonly level: number;
  readonly isSelected: boolean;
  readonly className: string;
  readonly choose: () => void;
  /** What unfolds it, if anything stands below it. */
  readonly fold?: { readonly isOpen: boolean; readonly setOpen: (isOpen: boolean) => void };
  readonly children: ReactNode;
}

/** Enter chooses it, the arrows unfold it, M and a right click open its menu. */
function Item({ of, level, isSelected, className, choose, fold, children }: ItemProps): ReactNode {
  const inspect = (): void => {
    choose();
    setSettings({ rightTab: 'inspector', rightOpen: true });
  };
  return (
    <div
      role="treeitem"
      tabIndex={-1}
      aria-level={level}
      aria-selected={isSelected}
      {...(fold === undefined ? {} : { 'aria-expanded': fold.isOpen })}
      {...(of.kind === 'node' ? { 'data-id': of.id } : {})}
      className={`flex items-center rounded-control text-[12px] ${className} ${isSelected ? 'bg-raised' : ''}`}
      onClick={inspect}
      onContextMenu={(event) => {
        event.preventDefault();
        openMenuAt(of, { x: event.clientX, y: event.clientY });
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') inspect();
        else if (event.key === 'ArrowRight' && fold !== undefined) fold.setOpen(true);
        else if (event.key === 'ArrowLeft' && fold !== undefined) fold.setOpen(false);
        else if (event.key === 'm' || event.key === 'ContextMenu') openMenuOf(of, event.currentTarget);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      {children}
    </div>
  );
}

function NodeItem({ id, level }: { readonly id: string; readonly level: number }): ReactNode {
  const t = useT();
  const node = useNode(id);
  const isSelected = useSelection(({ nodes }) => nodes.includes(id));
  const [isOpen, setOpen] = useState(false);
  if (node === undefined) return null;
  const groups = storeOf(node)?.groups ?? [];
  const Icon = roleIcon(node);
  return (
    <>
      <Item
        of={{ kind: 'node', id }}
        level={level}
        isSelected={isSelected}
        className="min-h-7 gap-2 px-2 leading-4"
        choose={() => selectNode(id)}
        {...(groups.length > 0 ? { fold: { isOpen, setOpen } } : {})}
      >
        <ChevronRight
          size={14}
          aria-hidden="true"
          className={`flex-none ${groups.length === 0 ? 'invisible' : ''} ${isOpen ? 'rotate-90' : ''}`}
        />
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" className="flex-none" />
        <span className="py-1">{nodeName(node, t)}</span>
      </Item>
      {isOpen &&
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
  const isSelected = useSelection(({ subject }) => subject?.kind === 'group' && subject.id === id);
  return (
    <Item
      of={{ kind: 'group', id }}
      level={level}
      isSelected={isSelected}
      className="min-h-6 pl-14 text-muted"
      choose={() => select({ kind: 'group', id })}
    >
      {text}
    </Item>
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
