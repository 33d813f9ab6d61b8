// Levels of log records, and the modules of a node that have one each (docs/spec/agents.md PCS-93).

/** From the most talkative to the quietest. */
export const logLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type LogLevel = (typeof logLevels)[number];
export const defaultLogLevel: LogLevel = 'INFO';

export const logModules = [
  'node',
  'agent',
  'pcs',
  'raft',
  'store',
  'writer',
  'reader',
  'engine',
  'driver',
  'archive',
  'net',
  'disk',
] as const;
export type LogModule = (typeof logModules)[number];
