// @ts-expect-error plain JavaScript, shared with scripts that run on any Node
import { clientsFolder, clientVersions } from './clients.mjs';
// @ts-expect-error plain JavaScript, shared with scripts that run on any Node
import { nodeFolder, oldestNode } from './nodes.mjs';
import { delimiter, join } from 'node:path';

/**
 * Before all tests: the pinned kubectl and helm, found by the tests through KW_TEST_KUBECTL, KW_TEST_HELM and KW_TEST_KUBECTLS (all versions);
 * where everything is asked for, Node 20, too (KW_TEST_NODE_20).
 */
export async function setup(): Promise<void> {
  const folder: string = clientsFolder();
  process.env['KW_TEST_BIN'] ??= folder;
  // The recorded cases once more with an older client, and a tool that is meant for an older Node: minutes, so only where all are asked for.
  if (process.env['KW_TEST_ALL_CLIENTS'] === '1') {
    process.env['KW_TEST_BIN_OLDER'] ??= clientsFolder(clientVersions[1]);
    process.env['KW_TEST_NODE_20'] ??= join(await nodeFolder(oldestNode), 'node');
  }
  process.env['KW_TEST_KUBECTL'] ??= join(folder, 'kubectl');
  process.env['KW_TEST_HELM'] ??= join(folder, 'helm');
  process.env['KW_TEST_KUBECTLS'] ??= clientVersions.flatMap(kubectlOf).join(delimiter);
  delete process.env['KUBECONFIG']; // no test meets the cluster of whoever runs it
}

function kubectlOf(version: string): string[] {
  try {
    return [join(clientsFolder(version), 'kubectl')];
  } catch (error) {
    if (process.platform === 'linux' && process.arch === 'x64') throw error;
    return []; // only the kubectl on PATH there
  }
}
