// The configuration of a cluster as a value (docs/spec/agents.md PCS-91, PCS-92): a version and what is set by it, each setting with its scope.
// The metadata's entries make it, every agent keeps a copy, and equal copies have equal sums. Pure.

import { type Codec, encodeWhole, type Infer, list, struct, text, uint } from '../../base/codec.ts';
import { crc32c } from '../../base/crc32c.ts';
import type { NodeId } from '../../base/ids.ts';
import type { Params } from '../kernel/params.ts';
import type { Role } from '../kernel/view.ts';
import { checkValue, type KeyRefusal, numberKey, UNSET } from './keys.ts';

/** `scope`: `global`, `role:<role>` or `node:<node>`; `version`: of the entry that set it. */
export const settingCodec = struct({ version: uint, scope: text, key: text, value: text });
export type Setting = Infer<typeof settingCodec>;

const configuration = struct({ version: uint, settings: list(settingCodec) });
export type Configuration = Infer<typeof configuration>;
export const configurationCodec: Codec<Configuration> = configuration;

/** Nothing was ever set. */
export const noConfiguration: Configuration = { version: 0, settings: [] };

/** Of equal configurations equal; 0: nothing was ever set. */
export const sumOf = (one: Configuration): number =>
  one.version === 0 ? 0 : crc32c(encodeWhole(configurationCodec, one));

const order = (a: Setting, b: Setting): number =>
  a.scope < b.scope ? -1 : a.scope > b.scope ? 1 : a.key < b.key ? -1 : a.key > b.key ? 1 : 0;

/** The configuration of `setting.version`; what is unset is left out. */
export function withSetting({ settings }: Configuration, setting: Setting): Configuration {
  const others = settings.filter(({ scope, key }) => scope !== setting.scope || key !== setting.key);
  const all = setting.value === UNSET ? others : [...others, setting];
  return { version: setting.version, settings: all.sort(order) };
}

export const GLOBAL = 'global';
const ROLE = 'role:';
const NODE = 'node:';
export const nodeScope = (node: string): string => `${NODE}${node}`;

export type SettingRefusal = KeyRefusal | { readonly code: 'BAD_SCOPE'; readonly range: string };

/** PCS-92: why it may not be set, with the field's range; null: it may. */
export function checkSetting(
  nodes: readonly { readonly id: NodeId; readonly roles: readonly string[] }[],
  { scope, key, value }: Pick<Setting, 'scope' | 'key' | 'value'>,
): SettingRefusal | null {
  const roles = [...new Set(nodes.flatMap((node) => node.roles))];
  const scopes = [GLOBAL, ...roles.map((role) => `${ROLE}${role}`), ...nodes.map(({ id }) => nodeScope(id))];
  return scopes.includes(scope) ? checkValue(key, value) : { code: 'BAD_SCOPE', range: scopes.join(', ') };
}

export interface EffectiveValue {
  readonly value: string;
  readonly scope: string;
}

/** PCS-92: of a node's settings the nearest of each key: node before role before global. A role's order is that of the node. */
export function effectiveOf(
  { settings }: Configuration,
  node: string,
  roles: readonly Role[],
): Map<string, EffectiveValue> {
  const found = new Map<string, EffectiveValue>();
  const scopes = [nodeScope(node), ...roles.map((role) => `${ROLE}${role}`), GLOBAL];
  for (const scope of scopes)
    for (const setting of settings)
      if (
        setting.scope === scope &&
        !found.has(setting.key) &&
        checkValue(setting.key, setting.value) === null
      )
        found.set(setting.key, { value: setting.value, scope });
  return found;
}

/** Values as `logLevelOf` reads them. */
export const valuesOf = (effective: ReadonlyMap<string, EffectiveValue>): Map<string, string> =>
  new Map([...effective].map(([key, { value }]) => [key, value]));

/** Parameters of a node with these values; those of roles that it has not are the same as ever. */
export function paramsWith(
  base: Params,
  effective: ReadonlyMap<string, EffectiveValue>,
  roles: readonly Role[],
): Params {
  const changes: [string, number][] = [];
  for (const [key, { value }] of effective) {
    const spec = numberKey(key);
    if (spec !== null && roles.includes(spec.role)) changes.push([key, Number(value)]);
  }
  return changes.length === 0 ? base : { ...base, ...Object.fromEntries(changes) };
}
