// Starts a simulated cluster, prints "kubeconfig PATH" and ends on SIGTERM. The workspace must be built.
import { createSandbox } from '../packages/sandbox/dist/index.js';

const sandbox = await createSandbox({ seed: 'example' });
console.log(`kubeconfig ${sandbox.kubeconfigPath}`);
// The sandbox itself keeps no process alive.
setInterval(() => undefined, 60_000);
const stop = () => {
  void sandbox.close().then(() => process.exit(0));
};
process.once('SIGTERM', stop).once('SIGINT', stop);
