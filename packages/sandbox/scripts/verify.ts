// Runs the recorded commands against a real cluster and against the sandbox, one after the other, and compares the answers:
//   KW_TEST_BIN=FOLDER KW_TEST_KUBECONFIG=FILE KW_TEST_KUBECONFIG_JANE=FILE node scripts/verify.ts [SECTION]
// The cluster must be fresh and seeded with the recorded world; the commands change it.
import { readFileSync } from 'node:fs';
import { startRecordedCluster } from '../test/conformance/cluster.ts';
import { knownDifferences } from '../test/conformance/known-differences.ts';
import { compare, normalize } from '../test/conformance/normalize.ts';
import { loadRecorded } from '../test/conformance/recorded.ts';
import { seedWorld, workplaceOf } from '../test/conformance/replay.ts';
import { createWorkplace } from '../test/conformance/shell.ts';

const { KW_TEST_BIN: binaries, KW_TEST_KUBECONFIG: admin, KW_TEST_KUBECONFIG_JANE: jane, PATH: path = '' } = process.env;
if (!binaries || !admin || !jane)
  throw new Error(
    'KW_TEST_BIN, KW_TEST_KUBECONFIG and KW_TEST_KUBECONFIG_JANE must name the binaries and the kubeconfigs of a real cluster',
  );
const [section = ''] = process.argv.slice(2);
const recorded = loadRecorded();
const unstable = new Set(recorded.unstable.map(({ id }) => id));
const kubeconfigs = { admin: readFileSync(admin, 'utf8'), jane: readFileSync(jane, 'utf8') };
const real = await createWorkplace({ binaries, path, files: recorded.cases, pki: {}, kubeconfigs });
const cluster = await startRecordedCluster(recorded);
await seedWorld(cluster, recorded, { binaries, path });
const sandbox = await workplaceOf(cluster, recorded.cases, { binaries, path });
let [same, other] = [0, 0];
for (const entry of recorded.answers) {
  if (!entry.section.includes(section)) continue;
  const [expected, actual] = [await real.run(entry.cmd, entry.user), await sandbox.run(entry.cmd, entry.user)];
  const parts = [compare(expected.stdout, actual.stdout), compare(expected.stderr, actual.stderr)];
  if (expected.rc === actual.rc && !parts.includes('different')) same++;
  else if (!unstable.has(entry.id) && !knownDifferences.has(entry.id)) {
    other++;
    console.log(
      `#${entry.id} ${entry.cmd}\n--- real, rc ${expected.rc}\n${normalize(expected.stdout + expected.stderr)}\n--- sandbox, rc ${actual.rc}\n${normalize(actual.stdout + actual.stderr)}`,
    );
  }
}
await Promise.all([real.dispose(), sandbox.dispose(), cluster.close()]);
console.log(`${same} the same, ${other} unexplained`);
if (other > 0) process.exitCode = 1;
