import { explainCommand } from '@kw/tools';
import { createModels } from '../models.ts';
import { mcpFacts, toolsFacts } from './file-facts.ts';
import { clusterFacts, kubeconfigFacts, kubeContexts } from './kube-facts.ts';
import { kubectlFacts } from './kubectl-facts.ts';
import { modelAdvice, modelFacts } from './model-facts.ts';

/** Looks at single parts of the program without putting it together, so that each can be told to be broken by itself. */
export interface Inspector {
  readonly models: typeof createModels;
  readonly modelFacts: typeof modelFacts;
  readonly modelAdvice: typeof modelAdvice;
  readonly kubectl: typeof kubectlFacts;
  readonly kubeconfig: typeof kubeconfigFacts;
  readonly contexts: typeof kubeContexts;
  readonly cluster: typeof clusterFacts;
  readonly tools: typeof toolsFacts;
  /** What a command line comes to. Runs nothing. */
  readonly explain: typeof explainCommand;
  readonly mcp: typeof mcpFacts;
}

/** The real inspector. */
export const inspector: Inspector = {
  models: createModels,
  modelFacts,
  modelAdvice,
  kubectl: kubectlFacts,
  kubeconfig: kubeconfigFacts,
  contexts: kubeContexts,
  cluster: clusterFacts,
  tools: toolsFacts,
  explain: explainCommand,
  mcp: mcpFacts,
};
