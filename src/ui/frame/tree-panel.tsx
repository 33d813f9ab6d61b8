// The cluster as an outline: zone, node, its roles, their groups, with full state text and the same menus. The primary
// route for screen readers.

import { ChevronRight, Ellipsis } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useCluster, useNode } from '../../state/frame-store.ts';
import { select, selectNode, useSelection } from '../../state/selection-store.ts';
import { setSettings } from '../../state/settings-store.ts';
import { openMenuAt, openMenuOf } from '../faults/menu-store.ts';
import '../../words/dock/dock.en.json';
import { useT } from '../i18n/i18n.ts';
import { IconButton } from '../kit/button.tsx';
import { PartInstant } from '../model/part-instant.tsx';
import { nodeName, roleIcon } from '../model/role-cards.ts';
import type { GroupLine } from '../stacks/stack-ui.ts';
import { type RoleLine, roleLines } from './tree-roles.ts';
import '../../words/frame/tree.en.json';

/** What a line stands for, and whose menu it opens; a role has its node's. */
interface Place {
  readonly kind: 'node' | 'group';
  readonly id: string;
}

interface ItemProps {
  readonly of: Place;
  /** The node that this line is of, where tests and F6 find it. */
  readonly dataId?: string;
  readonly level: number;
  readonly isSelected: boolean;
  readonly className: string;
  readonly choose: () => void;
  /** What unfolds it, if anything stands below it. */
  readonly fold?: { readonly isOpen: boolean; readonly setOpen: (isOpen: boolean) => void };
  /** Its name where a button stands beside its text. */
  readonly label?: string;
  readonly children: ReactNode;
}

/** Distance of a level from the left edge, px: node, role, group. */
const indentOf = (level: number): number => 8 + (level - 2) * 22;

/** Enter chooses it, the arrows unfold it, M and a right click open its menu. */
function Item({
  of,
  dataId,
  level,
  isSelected,
  className,
  choose,
  fold,
  label,
  children,
}: ItemProps): ReactNode {
  const inspect = (): void => {
    choose();
    setSettings({ rightTab: 'inspector', rightOpen: true });
  };
  return (
    <div
      role="treeitem"
      tabIndex={-1}
      aria-level={level}
      aria-label={label}
      aria-selected={isSelected}
      {...(fold === undefined ? {} : { 'aria-expanded': fold.isOpen })}
      {...(dataId === undefined ? {} : { 'data-id': dataId })}
      className={`flex items-start gap-2 rounded-control py-1 pr-2 text-[12px] leading-4 ${className} ${isSelected ? 'bg-raised' : ''}`}
      style={{ paddingLeft: indentOf(level) }}
      onClick={inspect}
      onContextMenu={(event) => {
        event.preventDefault();
        openMenuAt(of, { x: event.clientX, y: event.clientY });
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') inspect();
        else if (event.key === 'ArrowRight' && fold?.isOpen === false) fold.setOpen(true);
        else if (event.key === 'ArrowLeft' && fold?.isOpen === true) fold.setOpen(false);
        else if (event.key === 'm' || event.key === 'ContextMenu') openMenuOf(of, event.currentTarget);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <ChevronRight
        size={14}
        aria-hidden="true"
        className={`mt-px flex-none ${fold === undefined ? 'invisible' : ''} ${fold?.isOpen === true ? 'rotate-90' : ''}`}
        onClick={(event) => {
          if (fold === undefined) return;
          event.stopPropagation();
          fold.setOpen(!fold.isOpen);
        }}
      />
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
  const Icon = roleIcon(node);
  const name = nodeName(node, t);
  return (
    <>
      <Item
        of={{ kind: 'node', id }}
        label={name}
        dataId={id}
        level={level}
        isSelected={isSelected}
        className="min-h-7"
        choose={() => selectNode(id)}
        fold={{ isOpen, setOpen }}
      >
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" className="flex-none" />
        <span className="min-w-0 flex-1">{name}</span>
        <IconButton
          small
          tabIndex={-1}
          icon={Ellipsis}
          label={t('flight.menuOf', { name: id })}
          aria-haspopup="menu"
          onClick={(event) => {
            event.stopPropagation();
            openMenuOf({ kind: 'node', id }, event.currentTarget);
          }}
        />
      </Item>
      {isOpen &&
        roleLines(node, t).map((line) => (
          <RoleItem key={line.role} node={id} line={line} level={level + 1} />
        ))}
    </>
  );
}

interface RoleProps {
  readonly node: string;
  readonly line: RoleLine;
  readonly level: number;
}

function RoleItem({ node, line, level }: RoleProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const { text, groups } = line;
  return (
    <>
      <Item
        of={{ kind: 'node', id: node }}
        level={level}
        isSelected={false}
        className="min-h-6"
        choose={() => selectNode(node)}
        {...(groups.length > 0 ? { fold: { isOpen, setOpen } } : {})}
      >
        <span>{text}</span>
      </Item>
      {isOpen && groups.map((group) => <GroupItem key={group.key} line={group} level={level + 1} />)}
    </>
  );
}

function GroupItem({ line, level }: { readonly line: GroupLine; readonly level: number }): ReactNode {
  const { id, text } = line;
  const isSelected = useSelection(({ subject }) => subject?.kind === 'group' && subject.id === id);
  return (
    <Item
      of={{ kind: 'group', id }}
      level={level}
      isSelected={isSelected}
      className="min-h-6 text-muted"
      choose={() => select({ kind: 'group', id })}
    >
      <span>{text}</span>
    </Item>
  );
}

const levelOf = (item: Element | undefined): number => Number(item?.getAttribute('aria-level') ?? 0);

/** Where a key leads from an item; to the right of one that is unfolded its first child, to the left its parent. */
function goalOf(key: string, items: readonly HTMLElement[], now: number): number {
  const last = items.length - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(now + 1, last);
    case 'ArrowUp':
      return Math.max(now - 1, 0);
    case 'ArrowRight':
      return levelOf(items[now + 1]) > levelOf(items[now]) ? now + 1 : -1;
    case 'ArrowLeft':
      return items.findLastIndex((item, i) => i < now && levelOf(item) < levelOf(items[now]));
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return -1;
  }
}

function moveFocus(tree: HTMLElement, event: KeyboardEvent): void {
  const items = [...tree.querySelectorAll<HTMLElement>('[role="treeitem"]')];
  const now = items.indexOf(document.activeElement instanceof HTMLElement ? document.activeElement : tree);
  const to = goalOf(event.key, items, now);
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
    <aside id="side-pane" className="side-pane w-80" aria-label={t('rail.tree')} data-region="tree">
      <div className="panel-head">
        <h2 className="panel-title">{t('rail.tree')}</h2>
        <PartInstant />
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
