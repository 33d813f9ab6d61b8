// Prints a tape and its actions, one line each, from the registry. What it prints, `parseTape` reads back exactly.

import type { NodeId } from '../base/ids.ts';
import type { RestorePoint, WorkloadSpec } from '../core/kernel/door.ts';
import type { Tape } from './tape.ts';
import {
  type ActionKind,
  type ArgSpec,
  actionKinds,
  MAIN_NAME,
  type PowerStamp,
  type TapeAction,
  workloadFields,
} from './tape-actions.ts';

/** Milliseconds with three decimals: `12.500`. */
export function printMs(us: number): string {
  const sign = us < 0 ? '-' : '';
  const size = Math.abs(us);
  return `${sign}${Math.floor(size / 1000)}.${String(size % 1000).padStart(3, '0')}`;
}

/** A quoted text on one line: backslash, quote and control characters are escaped. */
export function printText(text: string): string {
  let out = '"';
  for (const char of text) {
    const code = char.charCodeAt(0);
    if (char === '"' || char === '\\') out += `\\${char}`;
    else if (char === '\n') out += '\\n';
    else if (char === '\t') out += '\\t';
    else if (code < 0x20 || code === 0x7f || (code >= 0xd800 && code < 0xe000 && char.length === 1)) {
      out += `\\u${code.toString(16).padStart(4, '0')}`;
    } else out += char;
  }
  return `${out}"`;
}

const printNodes = (nodes: readonly NodeId[]): string => nodes.join(' ');

function printWorkload(spec: Partial<WorkloadSpec>): string {
  const parts: string[] = [];
  if (spec.kind !== undefined) parts.push(`kind=${spec.kind}`);
  for (const { name } of workloadFields) {
    const value = spec[name];
    if (value !== undefined) parts.push(`${name}=${value}`);
  }
  if (spec.load !== undefined) parts.push(`load=${spec.load}`);
  return parts.join(' ');
}

const printStamp = (s: PowerStamp): string =>
  `${s.node} ${printMs(s.until)} ms ${s.ordinal} ${s.life} ${s.hash} ${s.disk}`;

function printNumber(spec: Extract<ArgSpec, { type: 'number' }>, value: number): string {
  if (spec.unit === 'ms') return `${printMs(value)} ms`;
  return spec.unit === '' ? String(value) : `${value} ${spec.unit}`;
}

const printPoint = (to: RestorePoint): string =>
  to.kind === 'lsn' ? `to lsn ${to.lsn}` : `to time ${printMs(to.at)} ms`;

function printArg(spec: ArgSpec, value: unknown): string | null {
  switch (spec.type) {
    case 'number':
      return value === null ? null : printNumber(spec, value as number);
    case 'word':
      return value === spec.usual ? null : String(value);
    case 'text':
      return printText(value as string);
    case 'texts': {
      const texts = value as readonly (string | null)[];
      return texts.length === 0 ? null : texts.map((t) => (t === null ? 'null' : printText(t))).join(' ');
    }
    case 'volume':
      return spec.after === '' ? (value as string) : `${spec.after} ${value as string}`;
    case 'point':
      return printPoint(value as RestorePoint);
    case 'name':
    case 'session':
      return value === MAIN_NAME ? null : (value as string);
    case 'node':
    case 'group':
      return value as string | null;
    case 'workload':
      return printWorkload(value as Partial<WorkloadSpec>);
    case 'stamps': {
      const stamps = value as readonly PowerStamp[];
      return stamps.length === 0 ? null : stamps.map(printStamp).join(' ; ');
    }
  }
}

function printTarget(kind: ActionKind, action: TapeAction): string | null {
  switch (kind.target) {
    case 'node':
    case 'driver':
    case 'store':
    case 'writer':
      return 'node' in action ? action.node : null;
    case 'nodes':
      return 'nodes' in action ? printNodes(action.nodes) : null;
    case 'sides':
      return 'sides' in action ? action.sides.map(printNodes).join(' | ') : null;
    case 'link': {
      if (!('link' in action)) return null;
      const { from, to, isBothWays } = action.link;
      return `${printNodes(from)} ${isBothWays ? '|' : '>'} ${printNodes(to)}`;
    }
    case 'message':
      return 'message' in action ? action.message : null;
    case 'world':
      return null;
  }
}

/** The action's line without its time. */
export function printAction(action: TapeAction): string {
  const kind = actionKinds[action.kind];
  const parts: (string | null)[] = [action.kind, printTarget(kind, action)];
  const record = action as unknown as Readonly<Record<string, unknown>>;
  const args = kind.args.map((spec) => printArg(spec, record[spec.name])).filter((part) => part !== null);
  // Arguments follow a list of nodes behind a colon, so that no word can be taken for a node.
  if (args.length > 0 && (kind.target === 'link' || kind.target === 'nodes' || kind.target === 'sides')) {
    parts.push(':');
  }
  parts.push(...args);
  const forUs = 'forUs' in action ? action.forUs : null;
  if (forUs !== null) parts.push(`for ${printMs(forUs)} ms`);
  return parts.filter((part) => part !== null).join(' ');
}

export const printLine = (action: TapeAction): string => `${printMs(action.at)} ${printAction(action)}`;

export function printTape(tape: Tape): string {
  const { header } = tape;
  const lines = [`postdb-tape ${header.version}`, `engine ${header.engine}`, `preset ${header.preset}`];
  lines.push(`profile ${header.profile}`);
  for (const [name, value] of header.changes) lines.push(`set ${name} ${value}`);
  lines.push(`seed ${header.seed}`);
  for (const name of header.broken) lines.push(`broken ${name}`);
  for (const mark of header.marks) lines.push(`mark ${printMs(mark.at)} ${printText(mark.text)}`);
  if (header.end !== null) {
    lines.push(`end ${printMs(header.end.at)}${header.end.hash === null ? '' : ` ${header.end.hash}`}`);
  }
  lines.push('', ...tape.actions.map(printLine));
  return `${lines.join('\n')}\n`;
}
