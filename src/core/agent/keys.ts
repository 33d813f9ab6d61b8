// The keys of the cluster's configuration (docs/spec/agents.md PCS-90, PCS-92): which parameter each sets, on nodes of which role, within
// which range, and whether a running node takes it at once or at its next start. The metadata and every agent read this one table.

import { defaultLogLevel, type LogLevel, logLevels, logModules } from '../kernel/log-levels.ts';
import type { Params } from '../kernel/params.ts';
import type { Role } from '../kernel/view.ts';

export interface NumberKey {
  readonly key: keyof Params;
  readonly role: Role;
  readonly unit: 'ms' | '' | 'pages';
  readonly min: number;
  readonly max: number;
  /** It is read when a node opens only: RESTART_NEEDED. */
  readonly atStart: boolean;
}

type Row = readonly [key: keyof Params, role: Role, unit: NumberKey['unit'], min: number, max: number];

const live: readonly Row[] = [
  ['scrubEveryMs', 'store', 'ms', 1, 60_000],
  ['materialiseMs', 'store', 'ms', 1, 60_000],
  ['materialiseRecords', 'store', '', 1, 10_000],
  ['deadlockMs', 'compute', 'ms', 1, 600_000],
  ['vacuumDead', 'compute', '', 4, 1_000_000],
  ['heldRows', 'compute', '', 1000, 10_000_000],
  ['deviceChunks', 'compute', '', 0, 1024],
  ['attemptTimeoutMs', 'driver', 'ms', 5, 60_000],
  ['maxRetryMs', 'driver', 'ms', 10, 600_000],
  ['sessionQueue', 'driver', '', 1, 100_000],
];
const atStart: readonly Row[] = [
  ['bufferPages', 'compute', 'pages', 36, 1_000_000],
  ['cachedPages', 'store', 'pages', 2, 1_000_000],
];

const keyOf =
  (isAtStart: boolean) =>
  ([key, role, unit, min, max]: Row): NumberKey => ({ key, role, unit, min, max, atStart: isAtStart });

export const numberKeys: readonly NumberKey[] = [...live.map(keyOf(false)), ...atStart.map(keyOf(true))];
const byName: ReadonlyMap<string, NumberKey> = new Map(numberKeys.map((spec) => [spec.key, spec]));
export const numberKey = (key: string): NumberKey | null => byName.get(key) ?? null;

const LEVEL = 'log.level.';
export const levelKey = (module: string): string => `${LEVEL}${module}`;
const isLevelKey = (key: string): boolean =>
  key.startsWith(LEVEL) && logModules.some((module) => key === levelKey(module));

export const configKeys: readonly string[] = [
  ...numberKeys.map(({ key }) => key),
  ...logModules.map((module) => levelKey(module)),
];

export interface KeyRefusal {
  readonly code: 'UNKNOWN_KEY' | 'BAD_VALUE';
  /** What would be taken: the range with its unit, the words, or the beginnings of keys. */
  readonly range: string;
}

/** The text of a value that unsets a key: the next scope of PCS-92 decides. */
export const UNSET = 'unset';

const rangeOf = ({ min, max, unit }: NumberKey): string => `${min}…${max}${unit === '' ? '' : ` ${unit}`}`;

/** Why the key cannot have the value; null: it can. */
export function checkValue(key: string, value: string): KeyRefusal | null {
  if (isLevelKey(key)) {
    const isLevel = value === UNSET || logLevels.some((level) => level === value);
    return isLevel ? null : { code: 'BAD_VALUE', range: logLevels.join(', ') };
  }
  const spec = numberKey(key);
  if (spec === null) return { code: 'UNKNOWN_KEY', range: configKeys.join(', ') };
  if (value === UNSET) return null;
  const number = /^[0-9]{1,12}$/.test(value) ? Number(value) : -1;
  return number >= spec.min && number <= spec.max ? null : { code: 'BAD_VALUE', range: rangeOf(spec) };
}

/** Level of a module's log records by the effective configuration of a node. */
export function logLevelOf(config: ReadonlyMap<string, string>, module: string): LogLevel {
  const found = config.get(levelKey(module));
  return logLevels.find((level) => level === found) ?? defaultLogLevel;
}
