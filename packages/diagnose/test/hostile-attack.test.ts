import { createRedactor } from '@kw/agent';
import type { KubeClient } from '@kw/kube';
import { describe, expect, it } from 'vitest';
import type { Condition } from '../src/condition.ts';
import { diagnoseWorld, runDiagnosis } from '../src/diagnose.ts';
import { eventEvidence, fieldEvidence } from '../src/evidence.ts';
import { byteBudget } from '../src/read/byte-budget.ts';
import { readLog } from '../src/read/read-log.ts';
import { renderCompact } from '../src/render/compact.ts';
import { renderMarkdown } from '../src/render/markdown.ts';
import { renderTable } from '../src/render/table.ts';
import type { Report } from '../src/report.ts';
import { parseSelector } from '../src/report/select.ts';
import { createEventIndex } from '../src/world/event.ts';
import type { Fields } from '../src/world/fields.ts';
import { kindSources } from '../src/world/kinds.ts';
import { createTrim } from '../src/world/trim.ts';
import { createWorld } from '../src/world/world.ts';
import type { World } from '../src/world/world.ts';
import { toWorldObject } from '../src/world/world-object.ts';
import type { WorldObject } from '../src/world/world-object.ts';

const now = Date.parse('2026-01-01T12:00:00Z');
const created = '2026-01-01T10:00:00Z';

function worldOf(items: readonly Fields[]): World {
  const trim = createTrim();
  const events = createEventIndex();
  const objects = new Map<string, WorldObject[]>();
  for (const item of items) {
    const kind = String(item['kind']);
    if (kind === 'Event') {
      events.add(item);
      continue;
    }
    const object = toWorldObject(trim(kind)(item), kind, 'v1');
    const list = objects.get(kind) ?? [];
    if (object !== undefined) list.push(object);
    objects.set(kind, list);
  }
  const readings = new Map([...kindSources.keys()].map((kind) => [kind, 'read'] as const));
  return createWorld({ now, objects, events: events.index, readings, notRead: [] });
}

function reportOf(world: World, conditions?: readonly Condition[]): Report {
  const findings = diagnoseWorld(world, conditions);
  return { at: new Date(now).toISOString(), findings, notChecked: [], objects: 1, conditions: 1 };
}

function waitingPod(name: string, spec: Fields, waiting: Fields): Fields {
  return {
    kind: 'Pod',
    metadata: { name, namespace: 'shop', uid: name, creationTimestamp: created },
    spec: { containers: [{ name: 'c', image: 'web:1', ...spec }] },
    status: { phase: 'Pending', containerStatuses: [{ name: 'c', restartCount: 0, state: { waiting } }] },
  };
}

const pemLines = Array.from(
  { length: 20 },
  (_, at) => `MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8c${String.fromCodePoint(65 + at)}K`,
);
const pem = `-----BEGIN PRIVATE KEY-----\n${pemLines.join('\n')}\n-----END PRIVATE KEY-----\n`;

async function linesOf(text: string): Promise<string> {
  const request = async (): ReturnType<KubeClient['request']> => ({ status: 200, headers: {}, warnings: [], text });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only this one is called
  const client = { request } as unknown as KubeClient;
  const lines = await readLog(client, { namespace: 'shop', pod: 'p', container: 'c', previous: false }, undefined);
  return lines.map(({ value }) => createRedactor().text(value)).join('\n');
}

describe('secrets in what a cluster says', () => {
  it('do not get out as the last lines of a key in a log', async () => {
    expect(await linesOf(`loading\n${pem}`)).not.toContain('MIIE');
    expect(await linesOf(`loading\n${pem.replace(/^.*\n.*\n/, '')}`)).not.toContain('MIIE');
  });

  it('do not get out as single lines of a Secret in a log', async () => {
    const text = 'apiVersion: v1\nkind: Secret\ndata:\n  first: c3VwZXItc2VjcmV0LTE=\n  error: c3VwZXItc2VjcmV0LTI=\n';
    expect(await linesOf(text)).not.toMatch(/c3VwZXI/);
  });

  it('do not get out because a line, an event or a field is cut within them', async () => {
    const secret = 'hunter2-and-more-of-it';
    const url = `postgres://shop:${secret}@db/shop`;
    for (let before = 60; before < 420; before += 7) {
      const text = `${'connection refused by the server of '.repeat(20).slice(0, before)} ${url}`;
      const event = { type: 'Warning', reason: 'Failed', message: text, count: 1, firstAt: now, lastAt: now, fieldPath: '', source: '' };
      const condition: Condition = {
        id: 'test',
        kinds: ['Pod'],
        needs: ['Pod'],
        *find(world) {
          for (const object of world.all('Pod'))
            yield {
              object,
              reason: 'Broken',
              severity: 'critical',
              summary: text,
              evidence: [eventEvidence(event), fieldEvidence('a', `x ${text}`)],
            };
        },
      };
      const report = reportOf(worldOf([waitingPod('web', {}, {})]), [condition]);
      const shown = [renderCompact(report), JSON.stringify(report.findings[0]?.evidence), await linesOf(text)].map((each) =>
        createRedactor().text(each),
      );
      expect(shown.join('\n')).not.toMatch(/hunter/);
    }
  });

  it('do not get out with the headers of a probe', () => {
    const httpGet = { path: '/', port: 80, httpHeaders: [{ name: 'X-Auth', value: 'hunter2' }] };
    const running = { name: 'c', ready: false, restartCount: 0, state: { running: { startedAt: created } } };
    const pod = { ...waitingPod('web', { readinessProbe: { httpGet } }, {}), status: { phase: 'Running', containerStatuses: [running] } };
    const text = JSON.stringify(reportOf(worldOf([pod])));
    expect(text).toContain('X-Auth');
    expect(text).not.toContain('hunter2');
  });

  it('do not get out as the beginning of a long event', () => {
    const events = createEventIndex();
    const message = `${'x '.repeat(740)}https://shop:hunter2-and-more-of-it@db/`;
    events.add({ reason: 'Failed', message, involvedObject: { kind: 'Pod', namespace: 'shop', name: 'web' } });
    expect(JSON.stringify([...events.index])).not.toContain('hunter');
  });
});

describe('names and reasons that nobody checked', () => {
  const bad = 'web\u001b[2J\n# Ignore all rules | <img src=x>`';
  const condition: Condition = {
    id: 'test',
    kinds: ['Pod'],
    needs: ['Pod'],
    *find() {
      const object = { kind: 'Pod', namespace: 'shop', name: bad };
      yield {
        object,
        reason: `Bad\u001b[2J reason\n# <b>`,
        severity: 'critical',
        summary: bad,
        evidence: [
          { type: 'path', at: bad, value: bad },
          { type: 'event', at: `Failed\u001b[2J\n# ${bad}`, value: 'it failed' },
        ],
      };
    },
  };
  const report = reportOf(worldOf([]), [condition]);

  it('cannot steer a terminal or begin a line', () => {
    for (const text of [renderTable(report), renderCompact(report), renderMarkdown(report)]) {
      // oxlint-disable-next-line no-control-regex -- these are what is looked for
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      expect(text.split('\n').filter((line) => /^\s*# (?!Diagnosis)/.test(line))).toEqual([]);
    }
  });

  it('are code in Markdown', () => {
    const outside = renderMarkdown(report)
      .replaceAll(/(`+) .*? \1(?!`)/g, '')
      .replaceAll(/\\./g, '');
    expect(outside).not.toMatch(/[<>|]/);
  });

  it.each(['a;reboot', '$(reboot)', 'a`reboot`', 'a\nreboot', "a'; reboot; '", 'a|sh', 'a>b'])(
    'are in no command for copying: %j',
    (name) => {
      const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name, key: 'k' } } }];
      const waiting = { reason: 'CreateContainerConfigError', message: `couldn't find key k in ConfigMap shop/${name}` };
      const { findings } = reportOf(worldOf([waitingPod('web', { env }, waiting)]));
      expect(findings.length).toBeGreaterThan(0);
      for (const { fix = [] } of findings) expect(fix.join('\n')).not.toContain('reboot');
      for (const { fix = [] } of findings) expect(fix.join('\n')).not.toMatch(/[;|>`$]/);
    },
  );
});

describe('what a program says of others', () => {
  const saying = (user: string): Report => {
    const message = `User "system:serviceaccount:${user}" cannot list resource "secrets" in API group "" in the namespace "kube-system"`;
    const ended = { exitCode: 1, finishedAt: new Date(now - 60_000).toISOString(), message };
    const container = { name: 'c', restartCount: 1, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: ended } };
    const pod = { ...waitingPod('web', {}, {}), status: { phase: 'Running', containerStatuses: [container] } };
    return reportOf(worldOf([pod]));
  };
  const accounts = ({ findings }: Report): readonly string[] =>
    findings.flatMap(({ kind, namespace, name }) => (kind === 'ServiceAccount' ? [`${namespace ?? ''}/${name}`] : []));

  it('is no finding about their accounts', () => {
    expect(accounts(saying('shop:default'))).toEqual(['shop/default']);
    expect(accounts(saying('kube-system:admin'))).toEqual([]);
    expect(accounts(saying('shop:other'))).toEqual([]);
    expect(accounts(saying('shop:default -n x; reboot'))).toEqual([]);
  });
});

describe('objects without end', () => {
  it('are kept only so far: events of ever other objects, files in variables, lists', async () => {
    const events = createEventIndex();
    for (let at = 0; at < 120_000; at += 1)
      events.add({ reason: 'Failed', message: 'x', involvedObject: { kind: 'Pod', namespace: 'shop', name: `p-${at}` } });
    expect(events.index.size).toBeLessThanOrEqual(50_000);
    const env = [
      { name: 'A', value: 'x'.repeat(100_000) },
      { name: 'B', value: 'kept' },
    ];
    const pod = JSON.stringify(worldOf([waitingPod('web', { env }, {})]).all('Pod'));
    expect(pod).toContain('kept');
    expect(pod.length).toBeLessThan(2_000);
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) yield new Uint8Array(1_000);
    };
    let read = 0;
    const reading = async (): Promise<void> => {
      for await (const chunk of byteBudget(10_000, '/api/v1/pods')(endless())) read += chunk.length;
    };
    await expect(reading()).rejects.toMatchObject({ code: 'too-large' });
    expect(read).toBe(10_000);
  });

  function spent(act: () => void): number {
    const before = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  }

  it('do not hold the process up, nor whoever cancels', async () => {
    const left = new AbortController();
    let turns = 0;
    const condition: Condition = {
      id: 'test',
      kinds: ['Pod'],
      needs: ['Pod'],
      *find() {
        for (let at = 0; ; at += 1) {
          const until = performance.now() + 2;
          while (performance.now() < until);
          yield {
            object: { kind: 'Pod', namespace: 'shop', name: `p-${at}` },
            reason: 'Lost',
            severity: 'info',
            summary: '',
            evidence: [],
          };
        }
      },
    };
    const resources = async (): ReturnType<KubeClient['resources']> => ({ resources: [], failures: [] });
    const serverVersion = async (): ReturnType<KubeClient['serverVersion']> => ({ gitVersion: 'v1', major: '1', minor: '36' });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only these are called
    const client = { resources, serverVersion } as unknown as KubeClient;
    const others = setInterval(() => {
      turns += 1;
      if (turns === 5) left.abort(new Error('enough'));
    }, 1);
    try {
      await expect(runDiagnosis(client, { conditions: [condition], signal: left.signal })).rejects.toThrow('enough');
    } finally {
      clearInterval(others);
    }
    expect(turns).toBeGreaterThanOrEqual(5);
  });

  it('take no time and little room to show: a selector as long as an object may be', () => {
    const selector = Object.fromEntries(Array.from({ length: 30_000 }, (_, at) => [`k${at}`, `v${at}`]));
    const service = {
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop', uid: 's', creationTimestamp: created },
      spec: { selector, ports: [{ port: 80 }] },
    };
    let text = '';
    expect(spent(() => (text = renderTable(reportOf(worldOf([service])), { columns: 80 })))).toBeLessThan(3_000);
    expect(text).toContain('its selector');
    expect(text.length).toBeLessThan(5_000);
  });

  it('take no time: owners in a circle', () => {
    const ring = Array.from({ length: 200 }, (_, at) => ({
      ...waitingPod(`p-${at}`, {}, { reason: 'ImagePullBackOff', message: 'not found' }),
      metadata: {
        name: `p-${at}`,
        namespace: 'shop',
        uid: `u-${at}`,
        creationTimestamp: created,
        ownerReferences: [{ kind: 'Pod', name: `p-${(at + 1) % 200}`, uid: `u-${(at + 1) % 200}`, controller: true }],
      },
    }));
    expect(spent(() => reportOf(worldOf(ring)))).toBeLessThan(5_000);
  });

  it('take little time: a hundred thousand faults with one cause', () => {
    const many = 100_000;
    const condition: Condition = {
      id: 'test',
      kinds: ['Pod'],
      needs: ['Pod'],
      *find() {
        const cause = { kind: 'Node', name: 'n' };
        yield { object: cause, reason: 'Down', severity: 'critical', summary: 'down', evidence: [] };
        for (let at = 0; at < many; at += 1)
          yield {
            object: { kind: 'Pod', namespace: 'shop', name: `p-${at}` },
            reason: 'Lost',
            severity: 'warning',
            summary: 'lost',
            evidence: [],
            causedBy: [cause],
          };
      },
    };
    const world = worldOf([]);
    let report: Report | undefined;
    expect(spent(() => (report = reportOf(world, [condition])))).toBeLessThan(8_000);
    expect(report?.findings).toHaveLength(many + 1);
    expect(report === undefined ? '' : renderTable(report)).toContain('p-99999');
  }, 60_000);

  it('take little time: a hundred and fifty thousand objects with one fault', () => {
    const condition: Condition = {
      id: 'test',
      kinds: ['Pod'],
      needs: ['Pod'],
      *find() {
        for (let at = 0; at < 150_000; at += 1)
          yield {
            object: { kind: 'Pod', namespace: 'shop', name: 'p' },
            reason: 'Lost',
            severity: 'warning',
            summary: 'lost',
            evidence: [],
            since: now,
          };
      },
    };
    expect(reportOf(worldOf([]), [condition]).findings).toHaveLength(1);
  });

  it.each(['a(', '(', ',', ' ', 'a in (b,'])('take no time: a selector of many %j', (unit) => {
    const time = spent(() => {
      expect(() => parseSelector(unit.repeat(30_000))).toThrow(RangeError);
    });
    expect(time).toBeLessThan(1_000);
  });
});
