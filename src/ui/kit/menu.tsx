// Menus as data: one list of entries drawn by the drop-down and by the context menu alike (Radix). Loaded on demand.

import { ChevronRight, type LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { Fragment, type ReactElement, type ReactNode, useEffect, useId, useRef } from 'react';
import { isPressedByPointer } from '../../state/press.ts';

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  /** Below the label: what it would do, or why it is disabled. */
  readonly note?: string | undefined;
  readonly icon?: LucideIcon | undefined;
  readonly keys?: string | undefined;
  readonly disabled?: boolean;
  readonly checked?: boolean;
  readonly onSelect?: () => void;
  readonly entries?: readonly MenuEntry[];
}

export interface MenuSection {
  readonly id: string;
  readonly title?: string;
  readonly entries: readonly MenuEntry[];
}

type Parts = typeof DropdownMenu;

// A menu is a tab stop itself (`tabIndex`): in a low window it scrolls, and no entry has the focus until one is chosen.

function EntryFace({ entry, noteId }: { readonly entry: MenuEntry; readonly noteId?: string }): ReactNode {
  const Icon = entry.icon;
  return (
    <>
      {Icon ? <Icon size={16} strokeWidth={1.75} aria-hidden="true" /> : <span className="w-4" />}
      {entry.note === undefined ? (
        <span className="flex-1">{entry.label}</span>
      ) : (
        <span className="min-w-0 flex-1 py-1">
          {entry.label}
          <small id={noteId} className="menu-note">
            {entry.note}
          </small>
        </span>
      )}
      {entry.keys !== undefined && (
        <span className="kbd" aria-hidden="true">
          {entry.keys}
        </span>
      )}
    </>
  );
}

function Entry({ parts, entry }: { readonly parts: Parts; readonly entry: MenuEntry }): ReactNode {
  const noteId = useId();
  if (entry.entries !== undefined)
    return (
      <parts.Sub>
        <parts.SubTrigger className="menu-item" disabled={entry.disabled === true}>
          <EntryFace entry={entry} />
          <ChevronRight size={16} strokeWidth={1.75} aria-hidden="true" />
        </parts.SubTrigger>
        <parts.Portal>
          <parts.SubContent className="menu" tabIndex={0} collisionPadding={8}>
            {entry.entries.map((child) => (
              <Entry key={child.id} parts={parts} entry={child} />
            ))}
          </parts.SubContent>
        </parts.Portal>
      </parts.Sub>
    );
  if (entry.checked !== undefined)
    return (
      <parts.CheckboxItem
        className="menu-item"
        checked={entry.checked}
        disabled={entry.disabled === true}
        onSelect={() => entry.onSelect?.()}
      >
        <EntryFace entry={entry} />
        <parts.ItemIndicator>✓</parts.ItemIndicator>
      </parts.CheckboxItem>
    );
  return (
    <parts.Item
      className="menu-item"
      disabled={entry.disabled === true}
      {...(entry.note === undefined ? {} : { 'aria-label': entry.label, 'aria-describedby': noteId })}
      {...(entry.keys === undefined ? {} : { 'aria-keyshortcuts': entry.keys.replace(' ', '+') })}
      onSelect={() => entry.onSelect?.()}
    >
      <EntryFace entry={entry} noteId={noteId} />
    </parts.Item>
  );
}

function Sections({
  parts,
  sections,
}: {
  readonly parts: Parts;
  readonly sections: readonly MenuSection[];
}): ReactNode {
  return sections.map((section, i) => (
    <Fragment key={section.id}>
      {i > 0 && <parts.Separator className="menu-rule" />}
      <parts.Group>
        {section.title !== undefined && <parts.Label className="menu-title">{section.title}</parts.Label>}
        {section.entries.map((entry) => (
          <Entry key={entry.id} parts={parts} entry={entry} />
        ))}
      </parts.Group>
    </Fragment>
  ));
}

/**
 * Focus that goes elsewhere by itself closes no menu: a toast that goes gives it back to what had it before. `onChange`: the menu opens or
 * closes, and then it may go.
 */
function useStayOpen() {
  const ref = useRef<HTMLDivElement>(null);
  const isClosing = useRef(false);
  const onFocusOutside = (event: Event): void => {
    if (isClosing.current) return;
    event.preventDefault();
    ref.current?.focus();
  };
  const onChange = (open: boolean): void => {
    isClosing.current = !open;
  };
  return { content: { ref, onFocusOutside }, onChange };
}

interface DropMenuProps {
  readonly label: string;
  /** A function: as they are when the menu opens. */
  readonly sections: readonly MenuSection[] | (() => readonly MenuSection[]);
  readonly trigger: ReactElement;
  readonly align?: 'start' | 'center' | 'end';
  readonly defaultOpen?: boolean;
  /** The menu has gone; true: the focus was taken by what its entry did. */
  readonly onClosed?: () => boolean;
}

const Opened = ({ sections }: Pick<DropMenuProps, 'sections'>): ReactNode => (
  <Sections parts={DropdownMenu} sections={typeof sections === 'function' ? sections() : sections} />
);

export function DropMenu({
  label,
  sections,
  trigger,
  align = 'start',
  defaultOpen,
  onClosed,
}: DropMenuProps): ReactNode {
  // Who opened it by a pointer goes on with the run's own keys: with the focus on its button Space would open it again.
  const isByPointer = useRef(defaultOpen === true && isPressedByPointer());
  const stayOpen = useStayOpen();
  return (
    <DropdownMenu.Root
      modal={false}
      defaultOpen={defaultOpen === true}
      onOpenChange={(open) => {
        stayOpen.onChange(open);
        if (open) isByPointer.current = isPressedByPointer();
      }}
    >
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu"
          tabIndex={0}
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          {...stayOpen.content}
          onCloseAutoFocus={(event) => {
            if (onClosed?.() === true || isByPointer.current) event.preventDefault();
          }}
        >
          <Opened sections={sections} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/**
 * A finger that rested opens a menu and goes up afterwards: what the browser makes of that, a click beside the menu as often as on it,
 * would press what lies there and take the focus. A click that one means has a pointer that goes down first.
 */
function useFingerGoesUp(): void {
  useEffect(() => {
    const stop = new AbortController();
    const listen = { capture: true, signal: stop.signal } as const;
    const onClick = (event: MouseEvent): void => {
      // A screen reader's click has no finger.
      if (!('pointerType' in event) || event.pointerType !== 'touch') return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener('mousedown', (event) => event.preventDefault(), listen);
    document.addEventListener('click', onClick, listen);
    document.addEventListener('pointerdown', () => stop.abort(), listen);
    document.addEventListener('keydown', () => stop.abort(), listen);
    return () => stop.abort();
  }, []);
}

interface PointMenuProps {
  readonly label: string;
  readonly sections: readonly MenuSection[];
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}

/** A menu at a point: what a right click, M or Shift+F10 opens. Focus goes back to where it was. */
export function PointMenu({ label, sections, at, onClose }: PointMenuProps): ReactNode {
  const stayOpen = useStayOpen();
  useFingerGoesUp();
  return (
    <DropdownMenu.Root
      modal={false}
      open
      onOpenChange={(open) => {
        stayOpen.onChange(open);
        if (!open) onClose();
      }}
    >
      <DropdownMenu.Trigger asChild>
        <span
          aria-hidden="true"
          tabIndex={-1}
          style={{ position: 'fixed', left: at.x, top: at.y, width: 1, height: 1 }}
        />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu"
          tabIndex={0}
          aria-label={label}
          // Beside the point it has the window's whole height, above or below it only what is left there.
          side="right"
          align="start"
          collisionPadding={8}
          {...stayOpen.content}
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          <Sections parts={DropdownMenu} sections={sections} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
