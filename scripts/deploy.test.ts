// The files that deploy workers are what their tools read: every field is one that is known, and says what the lab's commands take.

import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { parseAllDocuments, parse as parseYaml } from 'yaml';

const read = (path: string): string => readFileSync(path, 'utf8');
const text = v.string();
const names = v.record(text, text);
const strings = v.array(text);
const metadata = v.strictObject({ name: text, labels: v.optional(names) });

const service = v.strictObject({
  image: v.optional(text),
  build: v.optional(v.strictObject({ context: text, dockerfile: text })),
  command: v.optional(strings),
  volumes: v.optional(strings),
  healthcheck: v.optional(v.strictObject({ test: strings, interval: text, retries: v.number() })),
  restart: v.optional(v.picklist(['no', 'always', 'on-failure', 'unless-stopped'])),
  depends_on: v.optional(v.record(text, v.strictObject({ condition: v.literal('service_healthy') }))),
  stop_grace_period: v.optional(text),
  profiles: v.optional(strings),
  deploy: v.optional(v.strictObject({ replicas: v.number() })),
});
const compose = v.strictObject({
  name: text,
  services: v.record(text, service),
  volumes: v.record(text, v.strictObject({})),
});

const variable = v.strictObject({
  name: text,
  valueFrom: v.strictObject({ secretKeyRef: v.strictObject({ name: text, key: text }) }),
});
const container = v.strictObject({
  name: text,
  image: text,
  args: strings,
  env: v.array(variable),
  ports: v.optional(v.array(v.strictObject({ containerPort: v.number() }))),
  resources: v.strictObject({ requests: names, limits: names }),
  volumeMounts: v.array(v.strictObject({ name: text, mountPath: text })),
});
const pod = v.strictObject({
  metadata: v.strictObject({ labels: names }),
  spec: v.strictObject({
    restartPolicy: v.optional(v.picklist(['OnFailure', 'Never'])),
    terminationGracePeriodSeconds: v.optional(v.number()),
    containers: v.array(container),
    volumes: v.optional(v.array(v.strictObject({ name: text, emptyDir: v.strictObject({}) }))),
  }),
});
const manifest = v.variant('kind', [
  v.strictObject({
    ...{ apiVersion: v.literal('v1'), kind: v.literal('Secret'), metadata },
    ...{ type: text, stringData: names },
  }),
  v.strictObject({
    ...{ apiVersion: v.literal('v1'), kind: v.literal('Service'), metadata },
    spec: v.strictObject({
      selector: names,
      ports: v.array(v.strictObject({ port: v.number(), targetPort: v.number() })),
    }),
  }),
  v.strictObject({
    ...{ apiVersion: v.literal('apps/v1'), kind: v.literal('StatefulSet'), metadata },
    spec: v.strictObject({
      serviceName: text,
      replicas: v.literal(1),
      selector: v.strictObject({ matchLabels: names }),
      template: pod,
      volumeClaimTemplates: v.array(
        v.strictObject({
          metadata,
          spec: v.strictObject({
            accessModes: strings,
            resources: v.strictObject({ requests: names }),
          }),
        }),
      ),
    }),
  }),
  v.strictObject({
    ...{ apiVersion: v.literal('batch/v1'), kind: v.literal('Job'), metadata },
    spec: v.strictObject({
      parallelism: v.number(),
      completions: v.number(),
      backoffLimit: v.number(),
      template: pod,
    }),
  }),
]);

test('the Compose file has known fields only, and services that depend on others find them', () => {
  const { services, volumes } = v.parse(compose, parseYaml(read('deploy/compose.yaml'), { merge: true }));
  for (const { depends_on = {}, volumes: mounts = [] } of Object.values(services)) {
    for (const name of Object.keys(depends_on)) expect(services).toHaveProperty(name);
    for (const mount of mounts) expect(volumes).toHaveProperty(mount.split(':')[0] ?? '');
  }
  expect(services.worker?.command?.[0]).toBe('worker');
  expect(services.queue?.command).toContain('noeviction');
});

test('the Kubernetes manifests have known fields only; what they name is there', () => {
  const manifests = parseAllDocuments(read('deploy/kubernetes.yaml')).map((one) =>
    v.parse(manifest, one.toJS()),
  );
  const secrets = manifests.flatMap((one) => (one.kind === 'Secret' ? [one] : []));
  expect(manifests.map(({ kind }) => kind)).toEqual(['Secret', 'Service', 'StatefulSet', 'Job']);
  for (const one of manifests) {
    if (one.kind !== 'Job' && one.kind !== 'StatefulSet') continue;
    for (const { env, args, volumeMounts } of one.spec.template.spec.containers) {
      for (const {
        name,
        valueFrom: { secretKeyRef },
      } of env) {
        const secret = secrets.find(({ metadata: { name: its } }) => its === secretKeyRef.name);
        expect(secret?.stringData).toHaveProperty(secretKeyRef.key);
        expect(args).toContain(`$(${name})`);
      }
      const claimed =
        one.kind === 'StatefulSet' ? one.spec.volumeClaimTemplates.map((claim) => claim.metadata.name) : [];
      const there = [...claimed, ...(one.spec.template.spec.volumes ?? []).map(({ name }) => name)];
      for (const { name } of volumeMounts) expect(there).toContain(name);
    }
  }
});

test('the workflow runs as many shards as it says, and takes no input into a shell but by its environment', () => {
  const workflow = parseYaml(read('.github/workflows/sweep.yaml'));
  const { shard, merge } = workflow.jobs;
  const shards: unknown[] = shard.strategy.matrix.shard;
  const lines: string[] = [...shard.steps, ...merge.steps].map(({ run }) => run ?? '');
  expect(lines.join('\n')).toContain(`/${shards.length} `);
  expect(lines.join('\n')).not.toContain('inputs.');
  expect(merge.needs).toBe('shard');
});
