// What a node shows of its agent: the configuration that it has durably, and the values that its roles run with.

export interface AgentValue {
  readonly key: string;
  readonly value: string;
  /** The scope that decided (PCS-92). */
  readonly scope: string;
}

export interface AgentView {
  readonly version: number;
  readonly sum: number;
  readonly values: readonly AgentValue[];
  /** Keys that take effect at the next start. */
  readonly waits: readonly string[];
  /** What stood on the disk could not be read: the agent begins without a configuration. */
  readonly isDamaged: boolean;
  readonly isDrained: boolean;
}
