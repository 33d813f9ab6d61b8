// The node's view as a typed tree, exactly as the node gives it. Fields that changed since the last step or pause keep
// a dot until the next; each shows its path.

import { ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { MAX } from '../../base/ids.ts';
import { relationOf } from '../../core/page/page-key.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { t, useT } from '../i18n/i18n.ts';
import { pageText } from '../model/known-names.ts';
import { relationName } from '../model/page-name.ts';
import '../../words/inspector.en.json';

/** Children shown of one list or object; the rest is counted. */
const childLimit = 60;

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function leafText(value: unknown): string {
  if (value === MAX) return 'MAX';
  return typeof value === 'string' ? `"${value}"` : String(value);
}

function summaryText(value: object): string {
  return Array.isArray(value) ? `[${value.length}]` : `{${Object.keys(value).length}}`;
}

interface BranchProps {
  readonly name: string;
  readonly path: string;
  readonly value: unknown;
  readonly before: unknown;
  readonly open: ReadonlySet<string>;
  readonly onToggle: (path: string) => void;
  readonly depth: number;
}

function childOf(value: unknown, key: string): unknown {
  return isBranch(value) ? Reflect.get(value, key) : undefined;
}

function Dot(): ReactNode {
  const t = useT();
  return (
    <span
      role="img"
      aria-label={t('state.changed')}
      className="inline-block h-1.5 w-1.5 rounded-full bg-accent"
    />
  );
}

/** What an encoded key means; null: it is none. */
function keyText(name: string, value: unknown): string | null {
  if (typeof value !== 'number' || value < 0) return null;
  if (name === 'blockKey') return pageText(value);
  return name === 'keyFirst' || name === 'keyEnd' ? relationName(relationOf(value), t) : null;
}

function Leaf({ name, path, value, before, depth }: Omit<BranchProps, 'open' | 'onToggle'>): ReactNode {
  return (
    <div className="flex items-center gap-2 leading-5" style={{ paddingLeft: depth * 14 + 16 }} title={path}>
      <span className="text-muted">{name}</span>
      <span className="mono">{keyText(name, value) ?? leafText(value)}</span>
      {before !== undefined && before !== value && <Dot />}
    </div>
  );
}

function Branch(props: BranchProps): ReactNode {
  const { name, path, value, before, open, onToggle, depth } = props;
  const t = useT();
  if (!isBranch(value)) return <Leaf {...props} />;
  const isOpen = open.has(path);
  const keys = Object.keys(value);
  return (
    <div>
      <button
        type="button"
        className="flex min-h-6 w-full items-center gap-1 text-left leading-5"
        style={{ paddingLeft: depth * 14 }}
        aria-expanded={isOpen}
        title={path}
        onClick={() => onToggle(path)}
      >
        <ChevronRight size={12} aria-hidden="true" className={isOpen ? 'rotate-90' : ''} />
        <span>{name}</span>
        <span className="mono text-muted">{summaryText(value)}</span>
      </button>
      {isOpen &&
        keys
          .slice(0, childLimit)
          .map((key) => (
            <Branch
              key={key}
              name={key}
              path={`${path}.${key}`}
              value={childOf(value, key)}
              before={childOf(before, key)}
              open={open}
              onToggle={onToggle}
              depth={depth + 1}
            />
          ))}
      {isOpen && keys.length > childLimit && (
        <div className="text-muted" style={{ paddingLeft: depth * 14 + 30 }}>
          {t('state.more', { count: keys.length - childLimit })}
        </div>
      )}
    </div>
  );
}

export function StateTree({ node }: { readonly node: NodeFrame }): ReactNode {
  const t = useT();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(['view', 'view.0']));
  const [before, setBefore] = useState(node);
  const current = useRef(node);
  useEffect(() => {
    // What is compared with: the state as of about a second ago while it runs, as of the last stop when it stands.
    const timer = setInterval(() => {
      setBefore(current.current);
      current.current = node;
    }, 1000);
    return () => clearInterval(timer);
  }, [node]);
  const toggle = (path: string): void => {
    const next = new Set(open);
    if (!next.delete(path)) next.add(path);
    setOpen(next);
  };
  const roles = node.view?.roles ?? [];
  const trunks: readonly (readonly [name: string, path: string, value: unknown, before: unknown])[] = [
    ...roles.map((role, i) => [role.role, `view.${i}`, role, before.view?.roles[i]] as const),
    ['disk', 'disk', node.disk, before.disk],
    ['diskFaults', 'diskFaults', node.diskFaults, before.diskFaults],
  ];
  return (
    <div className="text-[12px]">
      {roles.length === 0 && <p className="text-muted">{t('state.none')}</p>}
      {trunks.map(([name, path, value, was]) => (
        <Branch
          key={path}
          name={name}
          path={path}
          value={value}
          before={was}
          open={open}
          onToggle={toggle}
          depth={0}
        />
      ))}
    </div>
  );
}
