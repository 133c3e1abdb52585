import { describe, expect, it } from 'vitest';
import { judgeKubectl } from '../../src/index.ts';

describe('a read of the API server by its path', () => {
  it.each(['/api/v1//nodes/n/proxy/run/x', '/api/v1//namespaces/shop/services/web/proxy/admin', '/api//v1/namespaces/shop/pods/p/exec'])(
    'is not read where a part is empty, as the server leaves it out: %s',
    (path) => {
      expect(judgeKubectl(['get', '--raw', path]).effect).toBe('unknown');
    },
  );

  it('is about the kind and the namespace of its path', () => {
    expect(judgeKubectl('get --raw /api/v1/namespaces/prod/secrets/db')).toMatchObject({ kinds: ['secrets'], namespace: 'prod' });
    expect(judgeKubectl('get --raw /apis/apps/v1/deployments')).toMatchObject({ kinds: ['deployments'], namespace: '*' });
    expect(judgeKubectl('get --raw /healthz').kinds).toBeUndefined();
  });
});

describe('local files that kubectl prints', () => {
  it.each([
    'get ns -o go-template-file=/etc/shadow',
    'get ns -o jsonpath-file=/root/.ssh/id_rsa',
    'get ns -o custom-columns-file=/proc/self/environ',
    'get ns -o go-template-file --template /etc/shadow',
    'get -f /etc/shadow',
    'create configmap x --from-file=/proc/self/environ --dry-run=client -o yaml',
    'create configmap x --from-file=key=/etc/shadow --dry-run=client -o yaml',
    'create configmap x --from-file=/etc --dry-run=client -o yaml',
    'create configmap x --from-env-file=/proc/self/environ --dry-run=client -o yaml',
  ])('are sensitive where credentials lie: %s', (command) => {
    expect(judgeKubectl(command).traits).toContain('sensitive');
  });

  it('are not where none lie', () => {
    expect(judgeKubectl('create configmap x --from-file=/tmp/app.conf --dry-run=client -o yaml').traits).toEqual([]);
    expect(judgeKubectl('get pods -o custom-columns-file=/tmp/columns.txt').traits).toEqual([]);
  });
});

describe('what a rule may forbid', () => {
  it.each(['apply -f app.yaml', 'delete -f /tmp/app.yaml', 'apply -k overlays/prod', 'apply -f -'])(
    'may be any kind in any namespace where objects are not seen: %s',
    (command) => {
      expect(judgeKubectl(command)).toMatchObject({ kinds: ['*'], namespace: '*' });
    },
  );

  it('is seen in a manifest on stdin, for whatever verb', () => {
    const input = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: prod}\n';
    for (const verb of ['delete', 'apply', 'patch -p {} ', 'label x=y'])
      expect(judgeKubectl(`${verb} -f -`, { input }).kinds).toContain('namespaces');
  });

  it('stays in the namespace that is named', () => {
    expect(judgeKubectl('apply -n shop -f app.yaml')).toMatchObject({ namespace: 'shop' });
  });

  it('is every namespace where a change is felt in each', () => {
    expect(judgeKubectl('delete ns prod')).toMatchObject({ namespace: '*' });
    expect(judgeKubectl('cordon n1')).toMatchObject({ namespace: '*' });
    expect(judgeKubectl('get nodes').namespace).toBeUndefined();
  });

  it('is every cluster where another one than the run’s is named by more than its context', () => {
    expect(judgeKubectl('get pods --server https://other')).toMatchObject({ context: '*' });
    expect(judgeKubectl('get pods --context dev --as root')).toMatchObject({ context: '*' });
    expect(judgeKubectl('get pods --kuberc=/tmp/x')).toMatchObject({ context: '*' });
    expect(judgeKubectl('get pods --context prod')).toMatchObject({ context: 'prod' });
  });
});
