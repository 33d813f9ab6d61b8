// What one architecture adds to a world, as tables that are merged by the registry (src/stacks/registry.ts). The world's
// own parts (network, disks, clocks, their tape actions and events) belong to every architecture and stay in sim/.

export interface Stack {
  readonly id: string;
}
