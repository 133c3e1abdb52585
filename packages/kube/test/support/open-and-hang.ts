// Opens a target in a process of its own and waits to be killed: `node open-and-hang.ts KUBECONFIG TMPDIR`.
import { nodeHost, openTarget } from '../../src/index.ts';

const [, , kubeconfig, temporaryDirectory = ''] = process.argv;
const opened = await openTarget({ host: nodeHost({ temporaryDirectory }), kubeconfig });
process.stdout.write(`${opened.kubeconfigPath}\n`);
setInterval(() => undefined, 60_000);
