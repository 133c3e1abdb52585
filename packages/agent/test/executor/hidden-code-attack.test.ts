import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/index.ts';
import { hidesCode } from '../../src/executor/hidden-code.ts';

const redactor = createRedactor();
const hides = (source: string): boolean => hidesCode(source, redactor.text(source));

describe('a question that would not show all that runs', () => {
  it.each([
    `x='{"kind":"Secret","data":{"a":"'; kubectl delete ns shop; y='"}}'`,
    `x='\nkind: Secret\nstringData:\n  a: |\n    '; kubectl delete ns shop; y='\n    z'`,
    'export PASSWORD="abc$(kubectl delete ns shop)"',
    'PASSWORD=abc$(kubectl${IFS}delete${IFS}ns${IFS}shop) true',
    'echo password: `rm -rf /data`',
    'kubectl exec p -- sh -c \'DB_PASSWORD="a;rm -rf /data;" true\'',
  ])('is not asked: %s', (source) => {
    expect(redactor.text(source)).not.toBe(source);
    expect(hides(source)).toBe(true);
  });

  it.each([
    'kubectl create secret generic db --from-literal=password=Abc123XyzQw',
    'kubectl get pods -n shop',
    'PGPASSWORD=Abc123XyzQw psql -c "select 1"',
    'kubectl delete pod x --token=Abc123XyzQwerty0 && kubectl get pods',
    'echo [redacted:password]',
  ])('is asked where only values are hidden: %s', (source) => {
    expect(hides(source)).toBe(false);
  });

  it('is not asked where what is shown is no part of it', () => {
    expect(hidesCode('rm x', 'ls x')).toBe(true);
    expect(hidesCode('rm x; ls', 'ls')).toBe(true);
    expect(hidesCode('ls; rm x', 'ls')).toBe(true);
  });
});
