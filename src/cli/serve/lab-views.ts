// `SELECT … FROM lab.nodes`: what the lab knows of its cluster, for any client. The statement is sent with the view's rows as a WITH
// query before it, so all of SQL works on them, and the tape has what the client saw.

import { tokenAt } from '../../edge/copy-data.ts';
import { flights } from '../../run-model/picture/flights.ts';
import type { ServedCluster } from './served-cluster.ts';

/** Rows of a view: the newest, so that the statement stays within a tape's text. */
const ROWS_MAX = 200;
const CHARS_MAX = 40_000;

interface LabView {
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly rows: (cluster: ServedCluster) => readonly (readonly (string | number | null)[])[];
}

const ms = (us: number): number => us / 1000;

const VIEWS: Readonly<Record<string, LabView>> = {
  nodes: {
    columns: [
      ['node', 'text'],
      ['roles', 'text'],
      ['zone', 'text'],
      ['status', 'text'],
      ['life', 'int4'],
      ['since_ms', 'float8'],
    ],
    rows: ({ world, recorder }) =>
      world.fabric.nodes.map(({ spec, status, isFrozen, life }) => [
        spec.id,
        spec.roles.join(' '),
        spec.zone,
        isFrozen ? 'frozen' : status,
        life,
        ms(recorder.nodes.get(spec.id)?.since ?? 0),
      ]),
  },
  events: {
    columns: [
      ['event', 'int8'],
      ['at_ms', 'float8'],
      ['node', 'text'],
      ['kind', 'text'],
      ['rank', 'int4'],
      ['what', 'text'],
    ],
    rows: ({ recorder }) =>
      recorder.listed
        .filter(({ rank }) => rank >= 2)
        .slice(-ROWS_MAX)
        .map(({ index, at, node, rank, event: { kind, ...fields } }) => [
          index,
          ms(at),
          node,
          kind,
          rank,
          short(fields),
        ]),
  },
  violations: {
    columns: [
      ['rule', 'text'],
      ['at_ms', 'float8'],
      ['node', 'text'],
      ['message', 'text'],
    ],
    rows: ({ recorder }) =>
      recorder.monitors.violations.map(({ rule, at, node, message }) => [rule, ms(at), node, message]),
  },
  messages: {
    columns: [
      ['message', 'text'],
      ['kind', 'text'],
      ['sender', 'text'],
      ['receiver', 'text'],
      ['fate', 'text'],
      ['sent_ms', 'float8'],
      ['arrives_ms', 'float8'],
    ],
    rows: ({ world, setup }) =>
      flights(world.fabric, setup.describe).map(({ id, from, to, fate, label, sentAt, arrivesAt }) => [
        id,
        label.kind,
        from,
        to,
        fate,
        ms(sentAt),
        fate === 'held' ? null : ms(arrivesAt),
      ]),
  },
};

const short = (fields: object): string => {
  const text = JSON.stringify(fields, (_, value: unknown) => (ArrayBuffer.isView(value) ? '…' : value));
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
};

const literal = (value: string | number | null, type: string): string =>
  value === null
    ? `NULL::${type}`
    : typeof value === 'number'
      ? `${value}::${type}`
      : `'${value.replaceAll("'", "''").replaceAll('\0', '')}'::${type}`;

function withQuery(name: string, { columns, rows }: LabView, cluster: ServedCluster): string {
  const names = columns.map(([column]) => column).join(', ');
  const lines: string[] = [];
  let chars = 0;
  for (const row of rows(cluster).slice(-ROWS_MAX).reverse()) {
    const line = `(${row.map((value, i) => literal(value, columns[i]?.[1] ?? 'text')).join(', ')})`;
    chars += line.length + 2;
    if (chars > CHARS_MAX) break;
    lines.unshift(line);
  }
  const none = `SELECT ${columns.map(([, type]) => `NULL::${type}`).join(', ')} WHERE false`;
  return `${name}(${names}) AS (${lines.length === 0 ? none : `VALUES ${lines.join(', ')}`})`;
}

export interface WithViews {
  readonly text: string;
  /** A position of that text as one of the client's own. */
  readonly ownPosition: (position: number) => number;
}

/** The statement with the views that it names; null: it names none. */
export function withLabViews(cluster: ServedCluster, text: string): WithViews | null {
  if (!/\blab\s*\.\s*\w/i.test(text)) return null;
  const named = new Map<string, LabView>();
  let body = '';
  const removed: number[] = [];
  for (let at = 0; at < text.length; ) {
    const token = tokenAt(text, at);
    const rest = text.slice(at + token.length);
    const [, name = ''] = /^\.([a-z_]+)/i.exec(rest) ?? [];
    const view = token.toLowerCase() === 'lab' ? VIEWS[name.toLowerCase()] : undefined;
    if (view === undefined) body += token;
    else {
      named.set(name.toLowerCase(), view);
      removed.push(body.length);
    }
    at += token.length + (view === undefined ? 0 : 1);
  }
  if (named.size === 0) return null;
  const queries = [...named].map(([name, view]) => withQuery(name, view, cluster)).join(', ');
  const [, lead = '', first = ''] =
    /^((?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:explain\s*(?:\([^)]*\)\s*|analyze\s+)?)?)(with\s+(?:recursive\s+)?)?/i.exec(
      body,
    ) ?? [];
  const head = first === '' ? `WITH ${queries} ` : `${first}${queries}, `;
  const start = lead.length + first.length;
  const ownPosition = (position: number): number => {
    const inBody =
      position - 1 < start ? position - 1 : Math.max(start, position - 1 - (head.length - first.length));
    return inBody + 4 * removed.filter((place) => place <= inBody).length + 1;
  };
  return { text: lead + head + body.slice(start), ownPosition };
}
