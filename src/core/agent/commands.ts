// Commands that the metadata's leader gives to agents for an operator's `Ask` (docs/spec/agents.md PCS-90, PCS-99). Each may come twice, and
// does the same then.

import type { NodeId } from '../../base/ids.ts';
import type { AgentPort } from '../kernel/agent-module.ts';
import type { AskedCommand } from '../kernel/commands.ts';
import { send, trace } from '../kernel/context.ts';
import { logModules } from '../kernel/log-levels.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { metricTable } from '../kernel/metrics.ts';
import type { AgentState } from './agent.ts';
import { logLevelOf, numberKeys } from './keys.ts';
import type { AnswerRow } from './messages.ts';
import { type Configuration, effectiveOf, valuesOf } from './settings.ts';

interface Answer {
  readonly code: string;
  readonly rows: AnswerRow[];
}

/** Rows of one answer. */
const MAX_ROWS = 256;

export function answerAsk(
  state: AgentState,
  port: AgentPort,
  from: NodeId,
  { at, id, version, command }: MessageOf<'AskAgent'>,
): void {
  const { ctx } = port;
  if (state.config.version < version) return; // what it needs is on its way; the command comes again
  const { code, rows } = carryOut(state, port, command);
  trace(ctx, { kind: 'agent.command', command: command.kind, code });
  send(ctx, from, { kind: 'AgentAnswer', at, id, t: ctx.now, code, rows: rows.slice(0, MAX_ROWS) });
}

function carryOut(state: AgentState, port: AgentPort, command: AskedCommand): Answer {
  switch (command.kind) {
    case 'getConfig':
      return { code: '', rows: configRows(state) };
    case 'setLogLevel':
      return { code: '', rows: [{ name: command.module, value: levelHere(state, command.module) }] };
    case 'dump':
      return { code: '', rows: port.dump().map(([name, value]) => ({ name, value })) };
    case 'getMetrics':
      return {
        code: '',
        rows: port.metrics().map(({ name, of, value }) => ({
          name: of === '' ? name : `${name} ${of}`,
          value: `${value} ${metricTable[name].unit}`,
        })),
      };
    case 'drain': {
      const left = port.drain();
      if (left === null) return { code: 'NOTHING_TO_DRAIN', rows: [] };
      state.isDrained = true;
      return { code: '', rows: [{ name: 'left', value: String(left) }] };
    }
  }
}

type Here = Pick<AgentState, 'nodeId' | 'roles' | 'base'> & { readonly config: Configuration };

const levelHere = ({ config, nodeId, roles }: Here, module: string): string =>
  logLevelOf(valuesOf(effectiveOf(config, nodeId, roles)), module);

/** The version, and every key of the node's roles with the scope that decided. */
function configRows({ config, nodeId, roles, base }: Here): AnswerRow[] {
  const effective = effectiveOf(config, nodeId, roles);
  const numbers = numberKeys
    .filter(({ role }) => roles.includes(role))
    .map(({ key }) => {
      const found = effective.get(key);
      return { name: key, value: found ? `${found.value} (${found.scope})` : `${base[key]} (built-in)` };
    });
  const values = valuesOf(effective);
  const levels = logModules
    .filter((module) => effective.has(`log.level.${module}`))
    .map((module) => ({ name: `log.level.${module}`, value: logLevelOf(values, module) }));
  return [{ name: 'version', value: String(config.version) }, ...numbers, ...levels];
}
